"""Writes the cells of the lines to a workbook: `workbook.py TOOL INPUT.csv OUTPUT.xlsx`.

The cells are in memory first, in the form that suits the tool best; the clock runs over the
writing alone: a bold header, texts, amounts with two decimals, days, widths of columns.
Each tool at its best, and why, is told in README.md.
"""

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import contender
from contender import AMOUNT, COLUMN_WIDTH, DAYS, Measure, Rows

# The number format of the columns that have one.
LOOKS = {AMOUNT: "#,##0.00"} | dict.fromkeys(DAYS, "dd/mm/yyyy")


def pandas_openpyxl(output: Path, headers: list[str], rows: Rows) -> Measure:
    """`DataFrame.to_excel`, which most would write; the looks are set on the cells it made."""
    import pandas
    from openpyxl.styles import Font

    frame = pandas.DataFrame(rows, columns=headers, dtype=object)
    looks = [(headers.index(header) + 1, look) for header, look in LOOKS.items()]
    with Measure() as measure, pandas.ExcelWriter(output, engine="openpyxl") as writer:
        frame.to_excel(writer, index=False)
        (sheet,) = writer.book.worksheets
        for cell in sheet[1]:
            cell.font = Font(bold=True)
            sheet.column_dimensions[cell.column_letter].width = COLUMN_WIDTH
        # `date_format` does not reach the writer of openpyxl.
        for column, look in looks:
            for (cell,) in sheet.iter_rows(min_row=2, min_col=column, max_col=column):
                if cell.value is not None:
                    cell.number_format = look
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
        looks = [(headers.index(header), WriteOnlyCell(sheet), look) for header, look in LOOKS.items()]
        for row in rows:
            cells: list[object] = list(row)
            for column, cell, look in looks:
                if row[column] is not None:
                    cell.value = row[column]
                    # A day sets a format of its own: ours comes after it.
                    cell.number_format = look
                    cells[column] = cell
            sheet.append(cells)
        book.save(output)
    return measure


def xlsxwriter(output: Path, headers: list[str], rows: Rows) -> Measure:
    """XlsxWriter in constant memory, by the typed method of each column instead of `write`."""
    from xlsxwriter import Workbook

    with Measure() as measure, Workbook(output, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.set_column(0, len(headers) - 1, COLUMN_WIDTH)
        bold = book.add_format({"bold": True})
        writers = {header: sheet.write_datetime for header in DAYS} | {AMOUNT: sheet.write_number}
        looks = {header: book.add_format({"num_format": look}) for header, look in LOOKS.items()}
        columns = [
            (column, writers.get(header, sheet.write_string), looks.get(header))
            for column, header in enumerate(headers)
        ]
        for column, header in enumerate(headers):
            sheet.write_string(0, column, header, bold)
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
    formats = {header: Format().set_num_format(look) for header, look in LOOKS.items()}
    with Measure() as measure:
        write_worksheet(table, output, bold_headers=True, column_width=COLUMN_WIDTH, column_formats=formats)
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
    contender.report(measure, rows, contender.decimal(centimes), versions, cells=cells)


if __name__ == "__main__":
    main()
