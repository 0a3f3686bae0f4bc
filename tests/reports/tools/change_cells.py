"""Changes two cells of the sheet « Lignes » as a person would: a title and an amount."""

import sys

import openpyxl

book = openpyxl.load_workbook(sys.argv[1])
sheet = book["Lignes"]
header = {cell.value: cell.column for cell in sheet[1]}
sheet.cell(3, header["titre"]).value = "Titre changé"
sheet.cell(5, header["montant_verse"]).value = 4321.09
book.save(sys.argv[2])
