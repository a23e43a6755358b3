"""Generated news: `python benchmarks/scale_corpus.py NUMBER FOLDER` writes JSON Lines files of a thousand articles each.

The articles are made of templates, actors and months by lot with a fixed seed: of no use to measure what is right, of
use to measure what it costs. Names, pairs and dates are so many that assertions repeat about as seldom as in news.
"""

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import pycountry

NAMES = [c.name for c in pycountry.countries if "," not in c.name and len(c.name) < 16]
PEOPLE = ["Foreign Minister", "Ambassador", "President", "Defence Minister"]
SURNAMES = [
    "Adeyemi",
    "Baker",
    "Castillo",
    "Dubois",
    "Eriksen",
    "Fischer",
    "Garcia",
    "Haddad",
    "Ito",
    "Jansen",
    "Kowalski",
    "Larsen",
    "Moreau",
    "Novak",
    "Okafor",
]
THINGS = ["the trade talks", "the border dispute", "the missile test", "the draft resolution", "the fishing treaty"]
ACTS = [
    "{a} condemned {b} on {day} over {thing}.", "{a} signed an agreement with {b} in {c}.",
    "{who} of {a} said that {b} had violated the ceasefire.", "{a} imposed sanctions on {b} after {thing}.",
    "{a} urged {b} to return to {thing}.", "{b} rejected the accusation that it had attacked {a}.",
    "{a} did not send troops to {b}, officials in {c} said.", "{a} and {b} met in {c} on {day} to discuss {thing}.",
    "{a} supports the proposal of {b} on {thing}.", "{a} may recall its ambassador from {b}, {who} said.",
]  # fmt: skip
FILLERS = [
    "Markets were calm, and analysts expected little change before the end of the month.",
    "The weather along the coast made the work of the observers harder than in other years.",
    "Reporters waited outside the building until late in the evening, but no statement was read.",
    "Schools and offices stayed open, and buses ran as usual through the centre of the city.",
]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]


def articles(number: int, seed: int = 7) -> Iterator[dict[str, str]]:
    """So many rows with id, text, date and source; some 100 words each."""
    lot = random.Random(seed)
    for i in range(number):
        sentences = []
        for n in range(7):
            a, b, c = lot.sample(NAMES, 3)
            who = f"{lot.choice(PEOPLE)} {lot.choice(SURNAMES)}"
            if n % 3 == 2:
                sentences.append(lot.choice(FILLERS))
            else:
                sentences.append(
                    lot.choice(ACTS).format(a=a, b=b, c=c, who=who, thing=lot.choice(THINGS), day=lot.choice(DAYS))
                )
        date = f"20{lot.randrange(15, 25)}-{lot.randrange(1, 13):02d}-{lot.randrange(1, 29):02d}"
        yield {"id": f"g{i:07d}", "text": " ".join(sentences), "date": date, "source": f"Paper {lot.randrange(40)}"}


def write(number: int, folder: Path) -> int:
    """Write the articles; returns their words."""
    folder.mkdir(parents=True, exist_ok=True)
    words = 0
    stream = None
    for i, row in enumerate(articles(number)):
        if i % 1000 == 0:
            if stream:
                stream.close()
            stream = (folder / f"part{i // 1000:05d}.jsonl").open("w", encoding="utf-8")
        assert stream is not None
        stream.write(json.dumps(row) + "\n")
        words += row["text"].count(" ") + 1
    if stream:
        stream.close()
    return words


if __name__ == "__main__":
    print(write(int(sys.argv[1]), Path(sys.argv[2])), "words")
