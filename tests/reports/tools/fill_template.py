"""Fills the template as a person at a spreadsheet would: choices of the lists, numbers that are numbers, days that
are days. Prints what the template offers."""

import datetime
import json
import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1])
sheet, lists = book["Lignes"], book["Listes"]
header = {cell.value: cell.column for cell in sheet[1]}
offered = {}
for validation in sheet.data_validations.dataValidation:
    column = next(iter(validation.sqref.ranges)).min_col
    name, cells = validation.formula1.split("!")
    assert name == "Listes", validation.formula1
    offered[sheet.cell(1, column).value] = [cell.value for row in lists[cells.replace("$", "")] for cell in row]
    assert None not in offered[sheet.cell(1, column).value], validation.formula1
rows = [
    {"titre": "Puits à Kayes", "pays": "Mali", "montant_verse": 3200.5, "cofinancements_recus": 1000,
     "secteur": "Approvisionnement en eau potable et assainissement – systèmes à petite échelle",
     "date_versement": datetime.date(2013, 5, 12), "loi_1pct": "eau", "reference": "PUITS-1"},
    {"titre": "École", "pays": "Togo", "montant_verse": 1234567.89, "secteur": 11220, "canal": 23000,
     "date_versement": datetime.datetime(2013, 12, 31), "organisme_siren": 217500016},
]
for number, row in enumerate(rows, start=2):
    row.setdefault("nature", "Subvention à une association pour un projet")
    if row["secteur"] not in offered["secteur"]:
        row["secteur"] = row["secteur"] if isinstance(row["secteur"], int) else 14030
    for name, value in row.items():
        sheet.cell(number, header[name]).value = value
book.save(sys.argv[2])
print(json.dumps({
    "sheets": book.sheetnames,
    "headers": [cell.value for cell in sheet[1]],
    "rows": [cell.value for row in openpyxl.load_workbook(sys.argv[1])["Lignes"].iter_rows(min_row=2) for cell in row],
    "offered": {name: len(values) for name, values in offered.items()},
    "guide": " ".join(str(cell.value) for row in book["Mode d’emploi"].iter_rows() for cell in row if cell.value),
}))
