"""Extractors: each turns a document into assertions, behind one function, `Document -> Iterable[Assertion]`."""
