"""Compares the stored values of formulas with those that another program computed anew."""

import sys

import openpyxl

stored = openpyxl.load_workbook(sys.argv[1], data_only=True)
computed = openpyxl.load_workbook(sys.argv[2], data_only=True)
formulas = openpyxl.load_workbook(sys.argv[1])
count = 0
for sheet in formulas:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                count += 1
                ours = stored[sheet.title][cell.coordinate].value
                theirs = computed[sheet.title][cell.coordinate].value
                assert abs(ours - theirs) < 0.005, (sheet.title, cell.coordinate, cell.value, ours, theirs)
print(count)
