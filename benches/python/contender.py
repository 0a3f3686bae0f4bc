"""What the contenders share: their command line, the cells they write, their clock, and
how what they wrote is read back.

Nothing in here is timed but `Measure`.
"""

import argparse
import csv
import faulthandler
import json
import os
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from operator import getitem
from pathlib import Path
from typing import IO

from lxml import etree

AMOUNT = "montant"
DAYS = ("datesPeriodeVersement", "dateDebut", "dateFin")
COLUMN_WIDTH = 18
SEPARATOR = ";"
ENCODING = "utf-8-sig"

Cell = str | float | date | None
Rows = list[list[Cell]]
# What the texts of a column are, where they are not texts.
KINDS: Mapping[str, Callable[[str], Cell]] = {AMOUNT: float} | dict.fromkeys(DAYS, date.fromisoformat)
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def parser(description: str | None) -> argparse.ArgumentParser:
    """The command line of every contender: wrong usage is told and exits 2."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--limit", type=float, default=120, help="seconds after which it gives up")
    return made


def bound(limit: float) -> None:
    """Ends the process after `limit` seconds, even inside native code that holds the lock."""
    faulthandler.dump_traceback_later(limit, exit=True)


def file_arguments(description: str | None, tools: Iterable[str]) -> argparse.Namespace:
    """`TOOL INPUT OUTPUT [--limit S]` of a contender that writes a file."""
    made = parser(description)
    made.add_argument("tool", choices=list(tools))
    made.add_argument("input", type=Path)
    made.add_argument("output", type=Path)
    arguments = made.parse_args()
    if not arguments.input.is_file():
        made.error(f"{arguments.input} is not a file")
    bound(arguments.limit)
    return arguments


class _Column(dict[str, Cell]):
    """The cells of a column by their text, so that equal ones are one object and the memory held is not the file's."""

    def __init__(self, read: Callable[[str], Cell]) -> None:
        super().__init__({"": None})
        self._read = read

    def __missing__(self, text: str) -> Cell:
        self[text] = cell = self._read(text)
        return cell


def read_cells(path: Path, kinds: Mapping[str, Callable[[str], Cell]] = KINDS) -> tuple[list[str], Rows]:
    """The headers and the cells of our `lignes` CSV: of these kinds, else texts, and None where empty."""
    with path.open(encoding=ENCODING, newline="") as file:
        lines = csv.reader(file, delimiter=SEPARATOR)
        headers = next(lines)
        columns = [_Column(kinds.get(header, str)) for header in headers]
        return headers, [list(map(getitem, columns, line)) for line in lines]


class Measure:
    """The seconds of the block it bounds, and the highest resident memory of the process in it."""

    seconds: float
    cpu_seconds: float
    # Since the process began: interpreter, libraries and reading included.
    whole_seconds: float
    idle_kib: int
    peak_kib: int

    def __enter__(self) -> "Measure":
        # ru_maxrss starts at that of the parent; this one is the program's own, and can be reset.
        Path("/proc/self/clear_refs").write_text("5")
        self.idle_kib = _status_kib("VmRSS")
        self._cpu, self._start = time.process_time(), time.perf_counter()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.seconds = time.perf_counter() - self._start
        self.cpu_seconds = time.process_time() - self._cpu
        self.whole_seconds = _since_start()
        self.peak_kib = _status_kib("VmHWM")


def _since_start() -> float:
    """Seconds since this process began, to a hundredth."""
    ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
    uptime = float(Path("/proc/uptime").read_text().split()[0])
    return uptime - ticks / os.sysconf("SC_CLK_TCK")


def _status_kib(key: str) -> int:
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(key + ":"))


def report(measure: Measure, rows: int, total: str, version: str, **more: object) -> None:
    """The one line of JSON on stdout that the bench reads."""
    said = {
        "seconds": round(measure.seconds, 6),
        "cpu_seconds": round(measure.cpu_seconds, 6),
        "whole_seconds": round(measure.whole_seconds, 2),
        "rows": rows,
        "sum": total,
        "peak_kib": measure.peak_kib,
        "idle_kib": measure.idle_kib,
        "version": version,
    }
    json.dump(said | more, sys.stdout)
    print()


def decimal(centimes: int) -> str:
    """Euros with two decimals, exactly."""
    return f"{centimes // 100}.{centimes % 100:02}"


def read_back_workbook(path: Path) -> tuple[int, int, int]:
    """Rows under the header, centimes of the amounts, and cells that hold something in the first sheet."""
    with zipfile.ZipFile(path) as archive:
        shared = _shared_strings(archive)
        with archive.open("xl/worksheets/sheet1.xml") as sheet:
            rows = _elements(sheet, SHEET + "row")
            header = next(rows)
            column = next(cell.get("r").rstrip("0123456789") for cell in header if _text(cell, shared) == AMOUNT)
            amount = etree.XPath(f"string(s:c[starts-with(@r, '{column}')]/s:v)", namespaces={"s": SHEET[1:-1]})
            count = centimes = cells = 0
            for row in rows:
                count += 1
                centimes += round(float(amount(row)) * 100)
                cells += sum(map(len, row))
    return count, centimes, cells


def _shared_strings(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    with archive.open("xl/sharedStrings.xml") as strings:
        return ["".join(item.itertext()) for item in _elements(strings, SHEET + "si")]


def _text(cell: etree._Element, shared: list[str]) -> str:
    text = "".join(cell.itertext())
    return shared[int(text)] if cell.get("t") == "s" else text


def read_back_xml(path: Path) -> tuple[int, int, int]:
    """Lines, centimes of the amounts, and elements that hold something."""
    count = centimes = cells = 0
    with path.open("rb") as file:
        for line in _elements(file, "ligne"):
            count += 1
            centimes += round(float(line.findtext(AMOUNT)) * 100)
            cells += sum(1 for element in line if element.text)
    return count, centimes, cells


def _elements(file: IO[bytes], tag: str) -> Iterator[etree._Element]:
    for _event, element in etree.iterparse(file, tag=tag):
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
