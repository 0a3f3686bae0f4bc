"""Reads a Trésor workbook as a user of Python would, and prints what the test compares, in whole centimes."""

import datetime
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
formulas = openpyxl.load_workbook(sys.argv[1])
found = {"sheets": values.sheetnames}

lines = values["Lignes"]
header = [cell.value for cell in lines[1]]
column = {name: index for index, name in enumerate(header)}
rows = list(lines.iter_rows(min_row=2))
found["rows"] = len(rows)
found["own"] = sum(cents(row[column["Ressources propres"]].value) for row in rows)
found["paid"] = sum(cents(row[column["Montant versé"]].value) for row in rows)
for row in rows:
    assert isinstance(row[column["SIREN"]].value, str) and len(row[column["SIREN"]].value) == 9
    assert isinstance(row[column["Montant versé"]].value, (int, float))
    paid_on = row[column["Date du versement"]].value
    assert paid_on is None or isinstance(paid_on, datetime.datetime)
    for cell in row:
        assert cell.data_type != "f", cell.coordinate
    title = row[column["Titre"]]
    if title.value.startswith(("=", "+", "-", "@", "\t", "\r")):
        assert title.quotePrefix, title.coordinate
found["dates"] = sum(row[column["Date du versement"]].value is not None for row in rows)
found["freeze"] = lines.freeze_panes
found["filter"] = lines.auto_filter.ref


def label(sheet, name):
    for row in sheet.iter_rows():
        for cell in row[:2]:
            if isinstance(cell.value, str) and cell.value.strip() == name:
                return cell.row
    raise AssertionError(name)


table, written = values["Tableau Trésor"], formulas["Tableau Trésor"]
total = label(table, "Total général")
last = table.max_column
found["table"] = cents(table.cell(total, last).value)
cells = 0
for row in table.iter_rows(min_row=8, min_col=3, max_col=last - 1):
    for cell in row:
        if cell.value is None:
            continue
        if written[cell.coordinate].data_type != "f":
            cells += cents(cell.value)
found["table_cells"] = cells
found["table_formulas"] = sum(
    cell.data_type == "f" for row in written.iter_rows() for cell in row
)

breakdown = values["Catégories et régions"]
found["breakdown"] = cents(breakdown.cell(label(breakdown, "Total"), breakdown.max_column).value)
controls = values["Contrôles"]
found["control_own"] = cents(controls.cell(label(controls, "Lignes retenues, ressources propres"), 3).value)
found["control_difference"] = cents(controls.cell(label(controls, "Différence d’arrondi du tableau"), 3).value)
found["left_out"] = controls.cell(label(controls, "Lignes écartées (ressources propres nulles)"), 2).value
print(json.dumps(found, ensure_ascii=False))
