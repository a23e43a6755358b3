"""Reading: paths, archives, feeds and standard input become `Document`s, one at a time.

`document.text` is what extractors see and what evidence offsets count in: of plain text, the file's characters without
newspaper boilerplate lines; of HTML, the main text that trafilatura finds; of a row of JSON Lines or Parquet, its
`text`, untouched.
"""

from kgraph.documents.reading import documents_of, is_document, read, size_of
from kgraph.documents.source import Reading, Skipped, Source, Tally

__all__ = ["Reading", "Skipped", "Source", "Tally", "documents_of", "is_document", "read", "size_of"]
