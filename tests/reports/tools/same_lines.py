"""Compares the workbook of the open data with its CSV, cell by cell and type by type, as openpyxl reads it."""

import csv
import datetime
import json
import sys
from decimal import Decimal

import openpyxl

HEADERS = 6
AMOUNTS = {"montant"}
DAYS = {"datesPeriodeVersement", "dateDebut", "dateFin"}
WHOLE = {"exercice"}

book = openpyxl.load_workbook(sys.argv[1])
with open(sys.argv[2], encoding="utf-8-sig", newline="") as file:
    expected = list(csv.DictReader(file, delimiter=";"))

sheet = book["Lignes"]
rows = list(sheet.iter_rows(min_row=HEADERS + 1))
assert len(rows) == len(expected), (len(rows), len(expected))
own, days = Decimal(0), 0
for cells, line in zip(rows, expected):
    for cell, (key, text) in zip(cells, line.items(), strict=True):
        assert cell.data_type != "f", cell.coordinate
        value = cell.value
        if text == "":
            assert value is None, (cell.coordinate, value)
        elif key in AMOUNTS:
            assert isinstance(value, (int, float)), cell.coordinate
            assert cell.number_format == "#,##0.00", cell.number_format
            assert Decimal(repr(value)).quantize(Decimal("0.01")) == Decimal(text), (value, text)
            own += Decimal(text)
        elif key in DAYS:
            assert isinstance(value, datetime.datetime), (cell.coordinate, value)
            assert value.date().isoformat() == text, (value, text)
            days += 1
        elif key in WHOLE or key.startswith("marqueur"):
            assert isinstance(value, int) and str(value) == text, (cell.coordinate, value, text)
        else:
            assert isinstance(value, str), (cell.coordinate, value)
            # A CSV says "text" with an apostrophe, a workbook with a mark of the cell.
            assert text in (value, "'" + value), (value, text)
            assert text == value or cell.quotePrefix, cell.coordinate
print(
    json.dumps(
        {
            "sheets": book.sheetnames,
            "rows": len(rows),
            "own": int(own * 100),
            "days": days,
            "freeze": sheet.freeze_panes,
            "filter": sheet.auto_filter.ref,
        }
    )
)
