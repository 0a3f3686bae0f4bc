"""Compares a CRS++ workbook with its CSV, cell by cell, in the types of the definition, as openpyxl reads it."""

import csv
import datetime
import json
import sys
from decimal import Decimal

import openpyxl

book = openpyxl.load_workbook(sys.argv[1], data_only=True)
with open(sys.argv[2], encoding="utf-8-sig", newline="") as file:
    expected = list(csv.reader(file, delimiter=";"))
with open(sys.argv[3], encoding="utf-8", newline="") as file:
    items = list(csv.DictReader(file, delimiter=";"))

rows = list(book["Lignes"].iter_rows())
headers = [f"{item['numero']} {item['entete']}".strip() for item in items]
assert expected[0] == headers, expected[0]
assert [cell.value for cell in rows[0]] == headers
assert len(rows) == len(expected), (len(rows), len(expected))
own = Decimal(0)
for cells, line in zip(rows[1:], expected[1:]):
    for cell, text, item in zip(cells, line, items, strict=True):
        value, kind = cell.value, item["type"]
        if text == "":
            assert value is None, (cell.coordinate, value)
            continue
        if item["longueur"]:
            assert len(text) <= int(item["longueur"]) + 1, (cell.coordinate, text)
        if kind == "montant":
            assert Decimal(repr(value)).quantize(Decimal("0.01")) == Decimal(text), (value, text)
            if item["cle"] == "versement":
                own += Decimal(text)
        elif kind == "date":
            assert isinstance(value, datetime.datetime), (cell.coordinate, value)
            assert value.date().isoformat() == text, (value, text)
        elif kind in ("marqueur", "indicateur"):
            assert str(value) == text and text in "0123", (cell.coordinate, value, text)
        elif item["cle"] == "annee":
            assert str(value) == text, (cell.coordinate, value)
        else:
            assert isinstance(value, str), (cell.coordinate, value)
            # A CSV says "text" with an apostrophe, a workbook with a mark of the cell.
            assert text in (value, "'" + value), (value, text)
print(json.dumps({"sheets": book.sheetnames, "own": int(own * 100)}, ensure_ascii=False))
