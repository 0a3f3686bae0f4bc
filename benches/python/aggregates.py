"""The sums of the Trésor table from the lines: `aggregates.py TOOL INPUT.csv OUTPUT.json`.

Own resources to the cent, in all and by each of GROUPS. The clock runs over the reading of
the CSV and the sums, which are one job for these tools; `aggregate_seconds` is the sums alone,
from columns in memory. Each tool at its best, and why, is told in README.md.
"""

import json
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import contender
from contender import AMOUNT, SEPARATOR, Measure

GROUPS = [
    ("codePays",),
    ("codePays", "codeTypeAide"),
    ("codePays", "codeSecteur"),
    ("codeNatureDepense",),
    ("regionAttribuant",),
    ("idAttribuant",),
]
KEYS = sorted({key for group in GROUPS for key in group})

# Centimes by the values of a group, for each group and for the empty one, which is the total.
Sums = dict[tuple[str, ...], dict[tuple[str, ...], int]]


def with_pandas(path: Path) -> tuple[Sums, int, Measure, float]:
    """Arrow reads the columns needed, keys as categories and amounts as exact decimals; pandas sums centimes."""
    import pandas
    import pyarrow
    from pyarrow import compute, csv

    def read() -> pandas.DataFrame:
        kinds = dict.fromkeys(KEYS, pyarrow.dictionary(pyarrow.int32(), pyarrow.string()))
        kinds[AMOUNT] = pyarrow.decimal128(16, 2)
        table = csv.read_csv(
            path,
            parse_options=csv.ParseOptions(delimiter=SEPARATOR),
            convert_options=csv.ConvertOptions(include_columns=[*kinds], column_types=kinds),
        )
        centimes = compute.multiply(table[AMOUNT], pyarrow.scalar(100, pyarrow.int8())).cast(pyarrow.int64())
        return table.set_column(table.schema.get_field_index(AMOUNT), AMOUNT, centimes).to_pandas()

    def aggregate(frame: pandas.DataFrame) -> Sums:
        sums: Sums = {(): {(): int(frame[AMOUNT].sum())}}
        for group in GROUPS:
            by_value = frame.groupby(list(group), observed=True, sort=False)[AMOUNT].sum()
            sums[group] = {key if len(group) > 1 else (key,): value for key, value in by_value.to_dict().items()}
        return sums

    with Measure() as measure:
        frame = read()
        start = time.perf_counter()
        sums = aggregate(frame)
        aggregate_seconds = time.perf_counter() - start
    return sums, len(frame), measure, aggregate_seconds


def with_duckdb(path: Path) -> tuple[Sums, int, Measure, float]:
    """One statement with all the groupings, straight from the file; amounts are DECIMAL(18,2)."""
    import duckdb

    columns = ", ".join([*KEYS, AMOUNT])
    types = {key: "VARCHAR" for key in KEYS} | {AMOUNT: "DECIMAL(18,2)"}
    options = f"""delim = '{SEPARATOR}', quote = '"', escape = '"', header = true, types = {types}"""
    lines = f"(SELECT {columns} FROM read_csv($path, {options}))"
    groups = [(), *GROUPS]
    sets = ", ".join(f"({', '.join(group)})" for group in groups)

    def aggregate(source: str, **values: str) -> tuple[Sums, int]:
        statement = (
            f"SELECT grouping({', '.join(KEYS)}), count(*), sum({AMOUNT}), {', '.join(KEYS)} "
            f"FROM {source} GROUP BY GROUPING SETS ({sets})"
        )
        # A bit of `grouping` is set where the row is not by that key, the first key highest.
        masks = {sum(1 << bit for bit, key in enumerate(reversed(KEYS)) if key not in group): group for group in groups}
        sums: Sums = {group: {} for group in groups}
        rows = 0
        for mask, count, total, *found in connection.execute(statement, values).fetchall():
            by_key = dict(zip(KEYS, found, strict=True))
            group = masks[mask]
            sums[group][tuple(by_key[key] for key in group)] = int(total.scaleb(2))
            rows = rows if group else count
        return sums, rows

    with duckdb.connect() as connection:
        with Measure() as measure:
            sums, rows = aggregate(lines, path=str(path))
        connection.execute(f"CREATE TEMP TABLE lines AS FROM {lines}", {"path": str(path)})
        start = time.perf_counter()
        aggregate("lines")
        aggregate_seconds = time.perf_counter() - start
    return sums, rows, measure, aggregate_seconds


TOOLS: dict[str, tuple[Callable[[Path], tuple[Sums, int, Measure, float]], list[str]]] = {
    "pandas": (with_pandas, ["pandas", "pyarrow"]),
    "duckdb": (with_duckdb, ["duckdb"]),
}


def main() -> None:
    arguments = contender.file_arguments(__doc__, TOOLS)
    run, packages = TOOLS[arguments.tool]
    sums, rows, measure, aggregate_seconds = run(arguments.input)
    total = contender.decimal(sums.pop(())[()])
    document: dict[str, str | dict[str, str]] = {
        "|".join(group): {"|".join(key): contender.decimal(value) for key, value in by_key.items()}
        for group, by_key in sums.items()
    }
    document["total"] = total
    arguments.output.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    contender.report(measure, rows, total, versions, aggregate_seconds=round(aggregate_seconds, 6))


if __name__ == "__main__":
    main()
