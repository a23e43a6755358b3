"""Text and votes in one question: states that condemn in the news and abstain in the vote: `python examples/words_and_votes.py`.

Reads an invented article beside the invented roll calls of `examples/records/`; give it your own articles and the real
`UNVotes.csv` to ask in earnest: `python examples/words_and_votes.py articles/ UNVotes.csv`.
"""

import sys
import tempfile
from pathlib import Path

import kgraph
from kgraph.store import saved_queries

ARTICLE = """India condemned North Korea on Tuesday over the launch of a missile. Japan also condemned North Korea.
Russia said that it opposes new sanctions."""

with tempfile.TemporaryDirectory() as folder:
    article = Path(folder) / "invented-article.txt"
    article.write_text(ARTICLE, encoding="utf-8")
    sources = sys.argv[1:] or [str(article), str(Path(__file__).parent / "records" / "UNVotes.sample.csv")]
    graph = kgraph.build(sources)
    for row in graph.query(saved_queries()["words-and-votes"].sparql(word="condemns", vote="abstains")).rows:
        state, says, about, _, votes, resolution, day, sentence, record = (cell or "" for cell in row)
        print(
            f"{state} {says} {about}: “{' '.join(sentence.split())}”\n    and {votes} {resolution} on {day}: {record}\n"
        )
