"""Reads the OpenDocument of a summary with odfpy, and prints what `summary_check.py` prints of a workbook. Amounts are
read as the exact decimals of the file; every formula must have the prefix of OpenFormula."""

import json
import sys
from decimal import Decimal

from odf import teletype
from odf.opendocument import load
from odf.table import Table, TableCell, TableRow

OFFICE, TABLE = (
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
)


def repeated(element, what):
    return int(element.attributes.get((TABLE, f"number-{what}-repeated"), 1))


def value(cell):
    kind = cell.attributes.get((OFFICE, "value-type"))
    formula = cell.attributes.get((TABLE, "formula"))
    assert formula is None or formula.startswith("of:="), formula
    if kind == "float":
        return Decimal(cell.attributes[(OFFICE, "value")])
    if kind == "date":
        return cell.attributes[(OFFICE, "date-value")]
    return teletype.extractText(cell) or None


def rows(table):
    found = []
    for row in table.getElementsByType(TableRow):
        cells = []
        for cell in row.getElementsByType(TableCell):
            cells += [value(cell)] * repeated(cell, "columns")
        found += [cells] * repeated(row, "rows")
    return found


def cents(amount):
    assert amount == amount.quantize(Decimal("0.01")), amount
    return int(amount * 100)


def at(row, index):
    return row[index] if index < len(row) else None


document = load(sys.argv[1])
sheets = {table.attributes[(TABLE, "name")]: rows(table) for table in document.spreadsheet.getElementsByType(Table)}
found = {"sheets": list(sheets)}
controls = [row for row in sheets["Contrôles"][6:] if at(row, 0)]
found["total"] = cents(controls[0][1])
found["differences"] = [cents(row[2]) for row in controls if at(row, 2) is not None]
for row in controls:
    if at(row, 2) is not None:
        assert cents(row[1]) == found["total"], row
found["bodies"] = [[row[0], row[3]] for row in sheets["Collectivités"][6:]]
print(json.dumps(found, ensure_ascii=False))
