"""Writes the cells of the lines as XML: `lines_xml.py lxml INPUT.csv OUTPUT.xml`.

`<lignes>` holds one `<ligne>` a line and this one element a column, empty where the cell is.
The cells are in memory as text first; the clock runs over the writing alone. The name is not
`xml.py`, which would hide the module of that name from the other scripts.
"""

from importlib.metadata import version
from pathlib import Path

from lxml import etree

import contender
from contender import Measure, Rows


def write(output: Path, headers: list[str], rows: Rows) -> Measure:
    """Incremental and in constant memory: one element, whose texts change, is written again and again.

    It takes a quarter of the time of a new element a line, or of a context a column.
    """
    with Measure() as measure:
        line = etree.Element("ligne")
        columns = [etree.SubElement(line, header) for header in headers]
        with output.open("wb", buffering=1 << 20) as file, etree.xmlfile(file, encoding="utf-8") as document:
            document.write_declaration()
            with document.element("lignes"):
                for row in rows:
                    for column, text in zip(columns, row, strict=True):
                        column.text = text
                    document.write(line)
    return measure


def main() -> None:
    arguments = contender.file_arguments(__doc__, ["lxml"])
    # The CSV tells amounts and days as XML does.
    measure = write(arguments.output, *contender.read_cells(arguments.input, kinds={}))
    count, centimes, cells = contender.read_back_xml(arguments.output)
    contender.report(measure, count, contender.decimal(centimes), f"lxml {version('lxml')}", cells=cells)


if __name__ == "__main__":
    main()
