"""Rows a second of tables, as ratios in one run: `python benchmarks/records_speed.py [ROWS] [--flat ROWS]`.

Builds a GDELT 2.0 file of invented rows, and compares `build_tables` with a baseline that does the least there is to do:
polars' (and pandas') `read_csv` of the same file plus pyoxigraph's `bulk_extend` of the very quads that were written, in
another order than that of the index, since rows do not come sorted. Both include the merging of files that the database
does for them in the background: the processor time is taken when it rests. With `--flat`, a file of that many rows is read, and a tenth of it stored, and the peak memory is told at each quarter.
"""

import argparse
import csv
import random
import resource
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pandas
import polars
import pyoxigraph as ox

from kgraph.extraction.records import Account, known_formats
from kgraph.ontology.codes import cameo
from kgraph.store import Store
from kgraph.tables import build_tables, read_tables

_RESTING = 0.02
"""So little processor time in a second is rest."""
COLUMNS = known_formats()["gdelt-2.0"].layout.columns
STATES = [
    "USA",
    "CHN",
    "RUS",
    "GBR",
    "FRA",
    "DEU",
    "JPN",
    "IND",
    "BRA",
    "ZAF",
    "TUR",
    "IRN",
    "ISR",
    "PSE",
    "SYR",
    "IRQ",
    "EGY",
    "SAU",
    "NGA",
    "KEN",
    "UKR",
    "POL",
    "ITA",
    "ESP",
    "MEX",
    "CAN",
    "AUS",
    "KOR",
    "PRK",
    "PAK",
]


def write_table(path: Path, rows: int) -> None:
    """An invented day of GDELT: a third of the articles tell an event that another tells as well."""
    draw = random.Random(1)
    codes = [code for code in cameo() if len(code) > 2]
    at = {name: i for i, name in enumerate(COLUMNS)}
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE)
        for i in range(rows):
            day = f"2020{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}"
            one, other = draw.sample(STATES, 2)
            code = draw.choice(codes)
            told = {
                "GLOBALEVENTID": 910_000_000 + i, "SQLDATE": day, "MonthYear": day[:6], "Year": day[:4], "FractionDate": "2020.5",
                "Actor1Code": one, "Actor1Name": one, "Actor1CountryCode": one, "Actor2Code": other, "Actor2Name": other,
                "Actor2CountryCode": other, "IsRootEvent": 1, "EventCode": code, "EventBaseCode": code[:3], "EventRootCode": code[:2],
                "QuadClass": 1, "GoldsteinScale": 1.0, "NumMentions": 4, "NumSources": 1, "NumArticles": 4, "AvgTone": -1.25,
                "ActionGeo_Type": 4, "ActionGeo_FullName": "Somewhere, Some Province, Some Country", "ActionGeo_CountryCode": "US",
                "DATEADDED": day + "120000", "SOURCEURL": f"https://example.org/news/{i % 5000}/an-invented-article-{i // 3}",
            }  # fmt: skip
            row = [""] * len(COLUMNS)
            for name, value in told.items():
                row[at[name]] = str(value)
            writer.writerow(row)


def timed(work: Callable[[], object], *, rest: bool = False) -> tuple[float, float]:
    """Seconds of the clock and of the processors, these with `rest` until nothing is done in the background any more."""
    clock, used = time.perf_counter(), time.process_time()
    work()
    clock = time.perf_counter() - clock
    before = used
    while rest and time.process_time() - before > _RESTING:
        before = time.process_time()
        time.sleep(1)
    return clock, time.process_time() - used


def compare(table: Path, rows: int, folder: Path) -> None:
    """The ratios of one file."""

    def build() -> None:
        print(next(build_tables([table], store)[0].lines()))

    with Store.open(folder / "store", create=True) as store:
        ours = timed(build, rest=True)
        again = timed(build)
    quads = list(ox.Store.read_only(str(folder / "store" / "oxigraph")))
    random.Random(1).shuffle(quads)
    bare = ox.Store(str(folder / "bare"))

    def write() -> None:
        for i in range(0, len(quads), 100_000):
            bare.bulk_extend(quads[i : i + 100_000])
        bare.flush()

    writing = timed(write, rest=True)
    reading = timed(lambda: sum(1 for _ in read_tables([table], accounts=[])))
    as_text = {f"column_{i + 1}": polars.String for i in range(len(COLUMNS))}
    frames = {
        "polars": timed(lambda: polars.read_csv(table, separator="\t", has_header=False, schema_overrides=as_text, quote_char=None)),
        "pandas": timed(lambda: pandas.read_csv(table, sep="\t", header=None, dtype=str, quoting=csv.QUOTE_NONE)),
    }  # fmt: skip
    print(f"{rows} rows, {len(quads)} quads; rows a second by the clock (of processor time):")
    for name, (clock, used) in {"build": ours, "build again, all stored": again, "reading and mapping alone": reading, "bare store write": writing, **frames}.items():  # fmt: skip
        print(f"  {name:26} {rows / clock:10.0f} ({rows / used:.0f})")
    for name, (clock, used) in frames.items():
        print(
            f"build over {name}.read_csv + bare store write: {(clock + writing[0]) / ours[0]:.2f} ({(used + writing[1]) / ours[1]:.2f})"
        )


def flat(folder: Path, rows: int) -> None:
    """Peak memory, read row by row."""
    table = folder / "large.export.CSV"
    write_table(table, rows)
    accounts: list[Account] = []
    started = time.perf_counter()
    for n, _ in zip(count(1), read_tables([table], accounts=accounts), strict=False):
        if n % (rows // 4) == 0:
            print(
                f"  read {accounts[0].read} rows, {rows / 4 / (time.perf_counter() - started):.0f} rows a second, peak {_peak():.0f} MB"
            )
            started = time.perf_counter()
    print("\n".join(list(accounts[0].lines())[:1]))
    with table.open(encoding="utf-8") as stream, (folder / "tenth.export.CSV").open("w", encoding="utf-8") as out:
        out.writelines(line for line, _ in zip(stream, range(rows // 10), strict=False))
    written = count(1)
    with Store.open(folder / "large", create=True) as store:
        build_tables(
            [folder / "tenth.export.CSV"], store,
            on_document=lambda *_: print(f"  stored {n} rows, peak {_peak():.0f} MB") if (n := next(written)) % (rows // 40) == 0 else None,
        )  # fmt: skip


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=20_000)
    parser.add_argument("--flat", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        if given.flat:
            flat(Path(name), given.flat)
        else:
            write_table(Path(name) / "20200115120000.export.CSV", given.rows)
            compare(Path(name) / "20200115120000.export.CSV", given.rows, Path(name))
