"""How fast the store is, as ratios in one run: `python benchmarks/store_speed.py [write|query|rebuild|growth|settle|near|remove]...`.

write: quads a second over pyoxigraph's `bulk_extend` of the very quads that were written (0.6 wanted), in processor seconds, which
    other programs disturb less than the clock: of the store's writing to disk alone, and of all that `Store.put` does (making
    the quads of assertions, MinHash, merging with what is stored), with what the database does behind.
query: time of all saved queries through `Store.query` over pyoxigraph's own on the same text (1.3 at most).
rebuild: speed of `kgraph build` on 10,000 documents with nothing new over the first build (20 wanted).
growth: exponent of building time over 1,000 to 100,000 documents (1.02 at most), and the memory used at each size.
settle: processor time to count the sources of one assertion that thousands of near-identical documents say, over that of as many
    documents that have nothing in common; and its exponent over the number of documents.
near: exponent of the processor time to count sentences of one template: those of which any two are a little less alike than
    copies, and those in which each word is another one with a chance of one in ten, so that half of them have a copy.
remove: exponent of the time to take out half of the documents that say one assertion, over their number.
"""

import json
import math
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import pyoxigraph as ox

from kgraph.model import Assertion, Document, Entity, Evidence, Modality, NodeType
from kgraph.ontology import relations
from kgraph.store import Store, saved_queries
from kgraph.store.changes import Changes
from kgraph.store.independence import Testimony, independent
from kgraph.store.provenance import Configuration
from kgraph.store.safety import checked

MADE = Configuration("1", "c", "text", "m", "o")
NOUNS = [
    "talks",
    "envoy",
    "border",
    "plan",
    "vote",
    "ship",
    "base",
    "pact",
    "court",
    "grain",
    "bank",
    "port",
    "rail",
    "dam",
    "coast",
    "army",
    "press",
    "fleet",
    "summit",
]
EVENTS = [r for r in relations().values() if not r.structural]


def documents(count: int, seed: int = 1) -> Iterator[tuple[Document, list[Assertion]]]:
    """Synthetic documents of five sentences with five assertions; actors and things as often as in news (few often, many seldom)."""
    chance = random.Random(seed)
    for n in range(count):
        sentences = [
            f"Actor {int(chance.paretovariate(0.6)) % 200} spoke to actor {chance.randrange(200)} of the {' '.join(chance.choices(NOUNS, k=9))} in case {chance.randrange(10**9)}."
            for _ in range(5)
        ]
        text = " ".join(sentences)
        document = Document(f"document-{n}.txt", text, source=f"Paper {n % 40}", title=f"Title {n}")
        said, at = [], 0
        for sentence in sentences:
            subject = int(chance.paretovariate(0.6)) % 200
            thing = chance.randrange(20 + n // 2)
            said.append(
                Assertion(
                    Entity(f"A{subject}", f"Actor {subject}", NodeType.STATE), chance.choice(EVENTS).name,
                    Entity(f"thing-{thing}", f"thing {thing}", NodeType.EVENT, head="thing", targets=(f"A{thing % 200}",)),
                    (Evidence.cut(document, at, at + len(sentence)),), "text", modality=chance.choice(list(Modality)),
                    date=f"2006-{chance.randrange(1, 13):02}", confidence=round(chance.random(), 3),
                )
            )  # fmt: skip
            at += len(sentence) + 1
        yield document, said


def fill(folder: Path, pairs: Iterator[tuple[Document, list[Assertion]]]) -> float:
    """Processor seconds to put documents into a new store on disk, closed."""
    start = time.process_time()
    with Store.open(folder, create=True) as store:
        for document, said in pairs:
            store.put(document, said, MADE)
        store.settle()
    return time.process_time() - start


def write(place: Path) -> None:
    """Store.put against bulk_extend."""
    pairs = list(documents(4_000))
    fill(place / "first", documents(10))  # imports are no part of it
    ratios: list[tuple[float, float]] = []
    for trial in range(3):
        spent = [0.0]
        with _timed(Changes, "write", spent):
            ours = fill(place / f"ours{trial}", iter(pairs))
        with Store.open(place / f"ours{trial}") as store:
            quads = list(store.match())
        start = time.process_time()
        database = ox.Store(str(place / f"bare{trial}"))
        database.bulk_extend(quads)
        database.flush()
        bare = time.process_time() - start
        del database
        ratios.append((bare / spent[0], bare / ours))
        print(
            f"write: bulk_extend {bare:.2f} s, the store's writing {spent[0]:.2f} s, all of put {ours:.2f} s, {len(quads)} quads"
        )
    print(
        f"write: median ratio {median(r[0] for r in ratios):.2f} of writing, {median(r[1] for r in ratios):.2f} of all"
    )


@contextmanager
def _timed(owner: type, name: str, spent: list[float]) -> Iterator[None]:
    """Add the time in a method to `spent`."""
    method = getattr(owner, name)

    def timed(*given: object) -> object:
        start = time.process_time()
        try:
            return method(*given)
        finally:
            spent[0] += time.process_time() - start

    setattr(owner, name, timed)
    yield
    setattr(owner, name, method)


def query(place: Path) -> None:
    """Store.query against pyoxigraph's query."""
    fill(place / "queried", documents(2_000))
    texts = {name: saved.sparql() for name, saved in saved_queries().items()}
    with Store.open(place / "queried") as store:
        database = store._database
        total = {"ours": 0.0, "bare": 0.0}
        for name, text in texts.items():
            whole = checked(text)
            ours = _best(lambda text=text: store.query(text))
            own = _best(lambda whole=whole: list(database.query(whole, use_default_graph_as_union=True)))
            total["ours"] += ours
            total["bare"] += own
            print(f"query: {name:22} {ours * 1000:8.1f} ms, pyoxigraph {own * 1000:8.1f} ms, ratio {ours / own:.2f}")
        print(
            f"query: all {total['ours']:.2f} s, pyoxigraph {total['bare']:.2f} s, ratio {total['ours'] / total['bare']:.2f}"
        )


def _best(task: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return min(times)


def rebuild(place: Path) -> None:
    """`kgraph build` twice on the same documents."""
    rows = place / "rows.jsonl"
    with rows.open("w", encoding="utf-8") as stream:
        for n in range(10_000):
            text = f"Japan condemned the missile test of North Korea on Monday. France, in case {n}, praised the plan of Mali."
            stream.write(json.dumps({"id": f"d{n}", "text": text, "date": "2006-07-05"}) + "\n")
    times, processor = [], []
    for _ in range(2):
        start, before = time.perf_counter(), _children()
        command = "from kgraph.cli import main; main()"
        subprocess.run([sys.executable, "-c", command, "build", str(rows), "--store", str(place / "twice")], check=True)
        times.append(time.perf_counter() - start)
        processor.append(_children() - before)
    for name, (first, again) in (("clock", times), ("processor", processor)):
        print(f"rebuild: first {first:.1f} s of the {name}, again {again:.1f} s, ratio {first / again:.1f}")


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


GROW = """
import resource, sys, time
sys.path[:0] = sys.argv[3:]
from pathlib import Path
from store_speed import documents, fill
start = time.perf_counter()
fill(Path(sys.argv[1]), documents(int(sys.argv[2])))
print(time.perf_counter() - start, time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def growth(place: Path) -> None:
    """Building time and memory over the number of documents, each size in a process of its own."""
    points: list[tuple[float, float, float]] = []
    for count in (1_000, 3_000, 10_000, 30_000, 100_000):
        command = [sys.executable, "-c", GROW, str(place / f"grown{count}"), str(count), str(Path(__file__).parent)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        seconds, processor, memory = map(float, told)
        points.append((math.log(count), math.log(seconds), math.log(processor)))
        print(
            f"growth: {count:7} documents, {seconds:7.1f} s, {processor:7.1f} s of processor, {memory:6.0f} MiB at most",
            flush=True,
        )
    for name, column in (("time", 1), ("processor time", 2)):
        print(f"growth: exponent {_slope([(p[0], p[column]) for p in points]):.3f} of {name}")


def witnesses(count: int, changed: float, seed: int = 1) -> Iterator[tuple[Document, list[Assertion]]]:
    """Documents that all say one thing, in sentences of which this share of the words is the document's own."""
    chance = random.Random(seed)
    words = chance.choices(NOUNS, k=200)
    for n in range(count):
        own = [f"{word}{n}" if chance.random() < changed else word for word in words]
        sentence = " ".join(own[:20]) + "."
        document = Document(f"document-{n}.txt", sentence + " " + " ".join(own[20:]) + ".")
        said = Assertion(
            Entity("JPN", "Japan", NodeType.STATE), "condemns", Entity("PRK", "North Korea", NodeType.STATE),
            (Evidence.cut(document, 0, len(sentence)),), "text",
        )  # fmt: skip
        yield document, [said]


def settle(place: Path) -> None:
    """One assertion with many witnesses: copies of one another, or all different."""
    points: dict[str, list[tuple[float, float]]] = {"copies": [], "different": []}
    for count in (1_000, 2_000, 4_000, 8_000):
        for name, changed in (("copies", 0.01), ("different", 1.0)):
            with Store.open(place / f"{name}{count}", create=True) as store:
                for document, said in witnesses(count, changed):
                    store.put(document, said, MADE)
                store.checkpoint()
                start = time.process_time()
                store.settle()
                spent = time.process_time() - start
                (row,) = store.query("SELECT ?n { ?a kg:independentSources ?n }").rows
            points[name].append((math.log(count), math.log(spent)))
            print(f"settle: {count:5} {name:9} {spent:6.2f} s of processor, {row[0]} sources", flush=True)
    copies, different = (math.exp(points[name][-1][1]) for name in points)
    print(f"settle: ratio {copies / different:.2f} of copies over different")
    for name, own in points.items():
        print(f"settle: exponent {_slope(own):.3f} of {name}")


def near(_: Path) -> None:
    """Sentences of one template: any two with 30 of 48 word pairs in common (0.63 where 0.7 makes a copy), or chance words."""
    common = [f"common{k}" for k in range(31)]
    chance = random.Random(1)
    kinds: dict[str, Callable[[int], list[str]]] = {
        "just below": lambda n: common + [f"own{n}x{k}" for k in range(9)],
        "chance words": lambda n: [w if chance.random() > 0.1 else f"own{n}{w}" for w in common],
    }
    for name, words in kinds.items():
        points = []
        for count in (1_000, 2_000, 4_000, 8_000):
            said = [Testimony(f"d{n:05}", 0, " ".join(words(n))) for n in range(count)]
            start = time.process_time()
            sources = len(independent(said))
            spent = time.process_time() - start
            points.append((math.log(count), math.log(spent)))
            print(f"near: {count:5} {name:12} {spent:6.2f} s of processor, {sources} sources", flush=True)
        print(f"near: exponent {_slope(points):.3f} of {name}")


def remove(place: Path) -> None:
    """Half of the witnesses of one assertion taken out in one go."""
    points = []
    for count in (500, 1_000, 2_000, 4_000):
        with Store.open(place / f"loosened{count}", create=True) as store:
            for document, said in witnesses(count, 1.0):
                store.put(document, said, MADE)
            store.settle()
            start = time.process_time()
            store.remove_all([f"document-{n}.txt" for n in range(count // 2)])
            spent = time.process_time() - start
        points.append((math.log(count), math.log(spent)))
        print(f"remove: half of {count:5} witnesses {spent:6.2f} s of processor", flush=True)
    print(f"remove: exponent {_slope(points):.3f}")


def _slope(points: list[tuple[float, float]]) -> float:
    mx, my = (sum(p[i] for p in points) / len(points) for i in (0, 1))
    return sum((x - mx) * (y - my) for x, y in points) / sum((x - mx) ** 2 for x, _ in points)


TASKS = {task.__name__: task for task in (write, query, rebuild, growth, settle, near, remove)}

if __name__ == "__main__":
    for task in sys.argv[1:] or TASKS:
        with tempfile.TemporaryDirectory() as folder:
            TASKS[task](Path(folder))
