"""Reads the workbook of a summary as a user of Python would, and prints what the test compares, in whole centimes."""

import json
import sys
from decimal import Decimal

import openpyxl


def cents(value):
    """Centimes of a cell; the double must be that of a decimal with two decimals."""
    amount = Decimal(repr(value))
    rounded = amount.quantize(Decimal("0.01"))
    assert abs(amount - rounded) < Decimal("0.0001"), value
    return int(rounded * 100)


values = openpyxl.load_workbook(sys.argv[1], data_only=True)
found = {"sheets": values.sheetnames}
controls = values["Contrôles"]
rows = [row for row in controls.iter_rows(min_row=7, values_only=True) if row[0]]
found["total"] = cents(rows[0][1])
found["differences"] = [cents(row[2]) for row in rows if row[2] is not None]
for row in rows:
    if row[2] is not None:
        assert cents(row[1]) == found["total"], row
bodies = values["Collectivités"]
found["bodies"] = [[row[0], row[3]] for row in bodies.iter_rows(min_row=7, values_only=True)]
tables = values["Tableaux"]
assert tables.page_setup.orientation == "landscape" and tables.freeze_panes, tables.freeze_panes
print(json.dumps(found, ensure_ascii=False))
