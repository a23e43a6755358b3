"""Records: the rows of the field's data sets as assertions, with the row as evidence.

A mapping (`formats/*.yaml`, or the user's own) says what the columns mean; a row is a document of its own, whose text
shows the columns that matter. No spaCy, no RDF.
"""

from kgraph.extraction.records.account import Account
from kgraph.extraction.records.documents import extract
from kgraph.extraction.records.files import TableFile, members
from kgraph.extraction.records.loading import known_formats, load_mapping
from kgraph.extraction.records.mapping import Mapping
from kgraph.extraction.records.reading import read_table
from kgraph.extraction.records.recognition import recognise

__all__ = [
    "Account",
    "Mapping",
    "TableFile",
    "extract",
    "known_formats",
    "load_mapping",
    "members",
    "read_table",
    "recognise",
]
