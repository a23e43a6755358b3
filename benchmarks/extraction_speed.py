"""Words a second of the extractor over those of the bare spaCy pipeline on the same text: `python benchmarks/extraction_speed.py FILE...`."""

import sys
import time
from pathlib import Path

from kgraph.extraction.text import extract_many
from kgraph.extraction.text.parse import language
from kgraph.model import Document

texts = [Path(name).read_text(encoding="utf-8") for name in sys.argv[1:]] * 40
documents = [Document(str(i), text) for i, text in enumerate(texts)]
list(extract_many(documents[:4]))
ratios = []
for _ in range(5):
    start = time.process_time()
    words = sum(len(doc) for doc in language().pipe(texts, batch_size=64))
    bare = time.process_time() - start
    start = time.process_time()
    for _pair in extract_many(documents):
        pass
    ours = time.process_time() - start
    ratios.append(bare / ours)
    print(f"bare {words / bare:.0f} words/s, kgraph {words / ours:.0f} words/s, ratio {bare / ours:.2f}")
print(f"median ratio {sorted(ratios)[2]:.2f}")
