"""Reads an annotated workbook: what its last column says, which cells are coloured and commented, what cells hold.
With a second path, mends the cells named after it (row:header=value) and saves the workbook there."""

import json
import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1], data_only=True)
sheet = book["Lignes"]
top = next(row for row in sheet.iter_rows() if any(cell.value == "Anomalies" for cell in row))
header = {cell.value: cell.column for cell in top}
found = {"sheets": book.sheetnames, "said": {}, "coloured": [], "comments": {}, "cells": {}}
for row in sheet.iter_rows(min_row=top[0].row + 1):
    for cell in row:
        name = sheet.cell(top[0].row, cell.column).value
        place = f"{cell.row}:{name}"
        if name == "Anomalies":
            if cell.value:
                found["said"][cell.row] = cell.value
            continue
        if cell.fill.fill_type == "solid":
            found["coloured"].append(place)
        if cell.comment:
            found["comments"][place] = cell.comment.text
        if cell.value is not None:
            found["cells"][place] = f"{cell.data_type}:{cell.value}"
print(json.dumps(found))
if len(sys.argv) > 2:
    book = openpyxl.load_workbook(sys.argv[1])
    sheet = book["Lignes"]
    with open(sys.argv[3], encoding="utf-8") as mended:
        for line in mended.read().splitlines():
            place, value = line.split("=", 1)
            row, name = place.split(":")
            sheet.cell(int(row), header[name]).value = float(value) if name == "montant_verse" else value
    book.save(sys.argv[2])
