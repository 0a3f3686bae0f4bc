"""Writes the cells of the lines to a workbook: `workbook.py TOOL INPUT.csv OUTPUT.xlsx`.

The cells are in memory first, in the form that suits the tool best; the clock runs over the
writing alone: a bold header, texts, amounts with two decimals, days, widths of columns.
Each tool at its best, and why, is told in README.md.
"""

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import contender
from contender import AMOUNT, AMOUNT_FORMAT, COLUMN_WIDTH, DAY_FORMAT, DAYS, Measure, Rows


def pandas_openpyxl(output: Path, headers: list[str], rows: Rows) -> Measure:
    """`DataFrame.to_excel`, which most would write; the looks are set on the cells it made."""
    import pandas
    from openpyxl.styles import Font

    frame = pandas.DataFrame(rows, columns=headers, dtype=object)
    amount = headers.index(AMOUNT) + 1
    with Measure() as measure:
        with pandas.ExcelWriter(output, engine="openpyxl", date_format=DAY_FORMAT) as writer:
            frame.to_excel(writer, index=False)
            (sheet,) = writer.book.worksheets
            for cell in sheet[1]:
                cell.font = Font(bold=True)
                sheet.column_dimensions[cell.column_letter].width = COLUMN_WIDTH
            for (cell,) in sheet.iter_rows(min_row=2, min_col=amount, max_col=amount):
                cell.number_format = AMOUNT_FORMAT
    return measure


def openpyxl_write_only(output: Path, headers: list[str], rows: Rows) -> Measure:
    """openpyxl in its write-only mode, through lxml; a cell with a look is made once a column."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    with Measure() as measure:
        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        for column in range(1, len(headers) + 1):
            sheet.column_dimensions[get_column_letter(column)].width = COLUMN_WIDTH
        titles = [WriteOnlyCell(sheet, header) for header in headers]
        for title in titles:
            title.font = Font(bold=True)
        sheet.append(titles)
        looks = []
        for column, header in enumerate(headers):
            if header == AMOUNT or header in DAYS:
                cell = WriteOnlyCell(sheet)
                looks.append((column, cell, AMOUNT_FORMAT if header == AMOUNT else DAY_FORMAT))
        for row in rows:
            cells: list[object] = list(row)
            for column, cell, number_format in looks:
                if row[column] is not None:
                    cell.value = row[column]
                    # A day sets its own format: ours comes after it.
                    cell.number_format = number_format
                    cells[column] = cell
            sheet.append(cells)
        book.save(output)
    return measure


def xlsxwriter(output: Path, headers: list[str], rows: Rows) -> Measure:
    """XlsxWriter in constant memory, by the typed method of each column instead of `write`."""
    from xlsxwriter import Workbook

    with Measure() as measure:
        with Workbook(output, {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            sheet.set_column(0, len(headers) - 1, COLUMN_WIDTH)
            bold = book.add_format({"bold": True})
            amount = (sheet.write_number, book.add_format({"num_format": AMOUNT_FORMAT}))
            day = (sheet.write_datetime, book.add_format({"num_format": DAY_FORMAT}))
            text = (sheet.write_string, None)
            for column, header in enumerate(headers):
                sheet.write_string(0, column, header, bold)
            columns = [
                (column, *(amount if header == AMOUNT else day if header in DAYS else text))
                for column, header in enumerate(headers)
            ]
            for number, row in enumerate(rows, start=1):
                for (column, write, look), value in zip(columns, row, strict=True):
                    if value is not None:
                        write(number, column, value, look)
    return measure


def rustpy_xlsxwriter(output: Path, headers: list[str], rows: Rows) -> Measure:
    """rustpy-xlsxwriter from an Arrow table, which it reads without copies, in constant memory."""
    import pyarrow
    from rustpy_xlsxwriter import Format, write_worksheet

    kinds = {AMOUNT: pyarrow.float64()} | dict.fromkeys(DAYS, pyarrow.date32())
    columns = [
        pyarrow.array([row[column] for row in rows], kinds.get(header, pyarrow.string()))
        for column, header in enumerate(headers)
    ]
    table = pyarrow.table(columns, names=headers)
    day = Format().set_num_format(DAY_FORMAT)
    formats = {AMOUNT: Format().set_num_format(AMOUNT_FORMAT)} | dict.fromkeys(DAYS, day)
    with Measure() as measure:
        write_worksheet(
            table, output, bold_headers=True, column_width=COLUMN_WIDTH, column_formats=formats
        )
    return measure


TOOLS: dict[str, tuple[Callable[[Path, list[str], Rows], Measure], list[str]]] = {
    "pandas-openpyxl": (pandas_openpyxl, ["pandas", "openpyxl"]),
    "openpyxl": (openpyxl_write_only, ["openpyxl", "lxml"]),
    "xlsxwriter": (xlsxwriter, ["XlsxWriter"]),
    "rustpy-xlsxwriter": (rustpy_xlsxwriter, ["rustpy-xlsxwriter", "pyarrow"]),
}


def main() -> None:
    arguments = contender.file_arguments(__doc__, TOOLS)
    write, packages = TOOLS[arguments.tool]
    measure = write(arguments.output, *contender.read_cells(arguments.input))
    rows, centimes, cells = contender.read_back_workbook(arguments.output)
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    contender.report(measure, rows, centimes, versions, cells=cells)


if __name__ == "__main__":
    main()
