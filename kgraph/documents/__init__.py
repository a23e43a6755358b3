"""Reading: paths and standard input become `Document`s, one at a time.

`document.text` is what extractors see and what evidence offsets count in: of plain text, the file's characters without
newspaper boilerplate lines; of HTML, the main text that trafilatura finds; of a JSON Lines row, its `text`.
"""

from kgraph.documents.reading import Skipped, is_document, read

__all__ = ["Skipped", "is_document", "read"]
