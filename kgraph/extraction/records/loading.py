"""Reading a mapping file; every mistake is one sentence with the line and the mend."""

from __future__ import annotations

import codecs
import re
from functools import cache
from pathlib import Path

from kgraph.errors import KgraphError
from kgraph.extraction.records.layout import Layout
from kgraph.extraction.records.mapping import Claim, Condition, Each, Mapping, Sign, Template, What, When, Who, digest
from kgraph.extraction.records.tree import Item, read_tree
from kgraph.model import Modality, NodeType
from kgraph.ontology.codes import SYSTEMS, states
from kgraph.ontology.relations import relations

_CLAIM = (
    "subject",
    "relation",
    "object",
    "date",
    "until",
    "place",
    "modality",
    "confidence",
    "where",
    "unless",
    "each",
)
_TOP = ("mapping", "title", "codebook", "published", "publisher", "url", "table", "recognise", "missing", "evidence", "assertions")  # fmt: skip
_WHO = (
    "is",
    "column",
    "codes",
    "values",
    "type",
    "id",
    "label",
    "head",
    "roles",
    "split",
    "optional",
    "invert",
    "concerns",
    "year",
)
_TABLE = ("kind", "delimiter", "quote", "header", "columns", "widths", "encoding", "rows", "sheet")
_NAMED = {"tab": "\t", "comma": ",", "semicolon": ";", "bar": "|"}
FORMS = ("YYYY", "YYYYMM", "YYYYMMDD", "YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY", "DD.MM.YYYY")
"""The forms of dates beside ISO 8601; a slash form also takes single digits, and a time behind the date is left out."""


def load_mapping(path: str | Path) -> Mapping:
    """The mapping of a YAML file; KgraphError with line and mend where it is wrong."""
    file = Path(path)
    root = read_tree(file)
    top = root.keys((*_TOP, *_CLAIM))
    if "assertions" in top:
        extra = next((k for k in top if k in _CLAIM), None)
        if extra:
            raise top[extra].wrong("stands beside assertions", "move it into one of them")
        claims = tuple(_claim(item) for item in top["assertions"].items())
    else:
        claims = (_claim_of({k: v for k, v in top.items() if k in _CLAIM}, root),)
    layout = _layout(top["table"]) if "table" in top else Layout()
    name = top["mapping"].text() if "mapping" in top else file.stem
    made = Mapping(
        name=name, title=top["title"].text() if "title" in top else name, claims=claims, layout=layout,
        sign=_sign(top["recognise"]) if "recognise" in top else Sign(),
        codebook=top["codebook"].text() if "codebook" in top else "",
        published=top["published"].text() if "published" in top else "",
        publisher=Template(top["publisher"].text()) if "publisher" in top else None,
        url=Template(top["url"].text()) if "url" in top else None,
        missing=frozenset(_cells(top["missing"])) if "missing" in top else frozenset(),
        evidence=top["evidence"].texts() if "evidence" in top else (),
        digest=digest(file.read_text(encoding="utf-8")),
    )  # fmt: skip
    _known_columns(made, root)
    return made


@cache
def known_formats() -> dict[str, Mapping]:
    """The mappings that ship with kgraph, by name."""
    found = [load_mapping(path) for path in sorted((Path(__file__).parent / "formats").glob("*.yaml"))]
    return {mapping.name: mapping for mapping in found}


def _known_columns(mapping: Mapping, root: Item) -> None:
    """A table without a header has the columns that the layout names, and no others."""
    if mapping.layout.columns and mapping.layout.kind != "xml":
        unknown = [c for c in mapping.columns if c not in mapping.layout.columns]
        if unknown:
            raise root.wrong(f"reads the column {unknown[0]!r}", "name it under table: columns")


def _cells(item: Item) -> list[str]:
    return ["" if i.empty else i.text() for i in item.items()]


def _layout(item: Item) -> Layout:
    at = item.keys(_TABLE)
    delimiter = None
    if "delimiter" in at:
        delimiter = _NAMED.get(at["delimiter"].text(), at["delimiter"].text())
        if len(delimiter) != 1:
            raise at["delimiter"].wrong(f"is {delimiter!r}", "write one character, or tab, comma, semicolon or bar")
    if "encoding" in at:
        try:
            codecs.lookup(at["encoding"].text())
        except LookupError:
            raise at["encoding"].wrong(f"is {at['encoding'].text()!r}", "name one such as cp1252") from None
    return Layout(
        kind=at["kind"].text(("csv", "jsonl", "xml", "excel", "parquet")) if "kind" in at else None,
        delimiter=delimiter,
        quote=at["quote"].text(("none", "double")) if "quote" in at else None,
        header={"yes": True, "no": False, "maybe": None}[at["header"].text(("yes", "no", "maybe"))] if "header" in at else None,
        columns=at["columns"].texts() if "columns" in at else (),
        widths=tuple(int(w.number(1, 10_000)) for w in at["widths"].items()) if "widths" in at else (),
        encoding=at["encoding"].text() if "encoding" in at else None,
        rows=at["rows"].texts() if "rows" in at else (),
        sheet=at["sheet"].text() if "sheet" in at else None,
    )  # fmt: skip


def _sign(item: Item) -> Sign:
    at = item.keys(("columns", "first", "root", "names"))
    for pattern in at["first"].items() if "first" in at else []:
        try:
            re.compile(pattern.text())
        except re.error as error:
            raise pattern.wrong(f"is no regular expression ({error})", "mend it") from None
    return Sign(**{k: v.text() if k == "root" else v.texts() for k, v in at.items()})  # type: ignore[arg-type]


def _claim(item: Item) -> Claim:
    return _claim_of(item.keys(_CLAIM), item)


def _claim_of(at: dict[str, Item], item: Item) -> Claim:
    for needed in ("subject", "relation", "object"):
        if needed not in at:
            raise item.wrong(f"has no {needed}", "say which column holds it, or `is:` for always the same")
    each = _each(at["each"]) if "each" in at else None
    claim = Claim(
        subjects=_alternatives(at["subject"]), relation=_what(at["relation"]), objects=_alternatives(at["object"]),
        date=_whens(at.get("date")), until=_whens(at.get("until")),
        place=_alternatives(at["place"]) if "place" in at else (),
        modality=Modality(at["modality"].text(tuple(Modality))) if "modality" in at else Modality.ACTUAL,
        confidence=_confidence(at["confidence"]) if "confidence" in at else 1.0,
        where=_where(at.get("where"), at.get("unless")), each=each,
    )  # fmt: skip
    if "until" in at and "date" not in at:
        raise at["until"].wrong("has no date before it", "write date: as well")
    if "place" in at and not any(w.kind is NodeType.EVENT for w in (*claim.subjects, *claim.objects)):
        raise at["place"].wrong("needs an event that happened there", "give subject or object the type Event")
    if each is None and any(c.startswith("each.") for c in claim.columns):
        raise item.wrong("reads each.name or each.value", "write each: with the columns")
    return claim


def _confidence(item: Item) -> float | tuple[str, float]:
    if not item.is_map:
        return item.number(0, 1)
    at = item.keys(("column", "of"))
    if set(at) != {"column", "of"}:
        raise item.wrong("needs column and of", "write {column: NAME, of: 100} for a cell from 0 to 100")
    return at["column"].text(), at["of"].number(1e-9, 1e9)


def _where(where: Item | None, unless: Item | None) -> tuple[tuple[Condition, ...], ...]:
    """The alternatives of `where`, each with all conditions of `unless`."""
    left_out = _conditions(unless, False) if unless else ()
    alternatives = [_conditions(item, True) for item in where.items()] if where else [()] if left_out else []
    return tuple((*alternative, *left_out) for alternative in alternatives)


def _conditions(item: Item, wanted: bool) -> tuple[Condition, ...]:
    return tuple(Condition(column, frozenset(_cells(values)), wanted) for column, values in item.pairs().items())


def _each(item: Item) -> Each:
    at = item.keys(("columns", "like", "all_but", "values"))
    if sum(k in at for k in ("columns", "like", "all_but")) != 1:
        raise item.wrong("needs columns, like or all_but", "name the columns, a pattern of theirs, or those left out")
    columns, all_but = (at[k].texts() if k in at else () for k in ("columns", "all_but"))
    like = at["like"].text() if "like" in at else None
    return Each(columns, like, all_but, frozenset(_cells(at["values"])) if "values" in at else frozenset())


def _alternatives(item: Item) -> tuple[Who, ...]:
    return tuple(_who(i) for i in item.items())


def _who(item: Item) -> Who:
    if not item.is_map:
        return Who(column=item.text(), codes=("iso3", "names"))
    at = item.keys(_WHO)
    if ("is" in at) == any(k in at for k in ("column", "id", "label")):
        raise item.wrong("names nobody, or somebody twice", "give it a column, a label, or `is:` with one actor's id")
    if "is" in at and at["is"].text() not in states():
        raise at["is"].wrong(f"is {at['is'].text()!r}, which is no known actor", "use an id of ontology/actors")
    codes = tuple(i.text(SYSTEMS) for i in at["codes"].items()) if "codes" in at else ()
    kind, kind_of = _kind(at["type"]) if "type" in at else (None, None)
    made = at.get("id") or at.get("label")
    if made and kind is None and kind_of is None:
        raise made.wrong("has no type beside it", f"write type: with one of {', '.join(NodeType)}")
    if "column" in at and not codes and "values" not in at and kind is None and kind_of is None:
        raise item.wrong("has neither codes, values nor type", "say what the cells are, for example codes: iso3")
    return Who(
        constant=at["is"].text() if "is" in at else None, column=at["column"].text() if "column" in at else None,
        codes=codes, values=_values(at["values"], states()) if "values" in at else None, kind=kind, kind_of=kind_of,
        ident=Template(at["id"].text()) if "id" in at else None,
        label=Template(at["label"].text()) if "label" in at else None,
        head=at["head"].text() if "head" in at else None, roles=at["roles"].texts() if "roles" in at else (),
        split=at["split"].text() if "split" in at else None,
        concerns=tuple((c, i.text()) for c, i in at["concerns"].pairs().items()) if "concerns" in at else (),
        optional=_yes(at, "optional"), invert=_yes(at, "invert"), year=at["year"].text() if "year" in at else None,
    )  # fmt: skip


def _yes(at: dict[str, Item], key: str) -> bool:
    return key in at and at[key].text(("yes", "no")) == "yes"


def _kind(item: Item) -> tuple[NodeType | None, tuple[str, dict[str, NodeType]] | None]:
    if not item.is_map:
        return NodeType(item.text(tuple(NodeType))), None
    at = item.keys(("column", "values"))
    if set(at) != {"column", "values"}:
        raise item.wrong("needs column and values", "write {column: NAME, values: {cell: Person}}")
    kinds = {cell: NodeType(i.text(tuple(NodeType))) for cell, i in at["values"].pairs().items()}
    return None, (at["column"].text(), kinds)


def _values(item: Item, known: object) -> dict[str, str | None]:
    allowed = list(known)  # type: ignore[call-overload]
    found: dict[str, str | None] = {}
    for cell, value in item.pairs().items():
        if not value.empty and value.text() not in allowed:
            raise value.wrong(
                f"is {value.text()!r}, which the ontology does not know", "use an id or a relation of ontology/"
            )
        found[cell] = None if value.empty else value.text()
    return found


def _what(item: Item) -> What:
    if not item.is_map:
        return What(constant=item.text(relations()))
    at = item.keys(("column", "codes", "mode", "values"))
    if "column" not in at or ("codes" in at) == ("values" in at):
        raise item.wrong("needs a column, and codes or values", "or write the relation's name alone")
    return What(
        column=at["column"].text(), codes=at["codes"].text(("cameo", "plover")) if "codes" in at else None,
        mode=at["mode"].text() if "mode" in at else None,
        values=_values(at["values"], relations()) if "values" in at else None,
    )  # fmt: skip


def _whens(item: Item | None) -> tuple[When, ...]:
    return tuple(_when(i) for i in item.items()) if item else ()


def _when(item: Item) -> When:
    if not item.is_map:
        return When(column=item.text())
    at = item.keys(("column", "form", "year", "month", "day", "split"))
    if ("column" in at) == ("year" in at):
        raise item.wrong("needs a column or a year", "write {column: NAME} or {year: NAME, month: NAME, day: NAME}")
    form = at["form"].text(FORMS) if "form" in at else None
    rest = {k: at[k].text() for k in ("column", "year", "month", "day", "split") if k in at}
    return When(form=form, **rest)


def complaint(mapping: Mapping, columns: tuple[str, ...], name: str) -> KgraphError | None:
    """What is wrong with a mapping for a table of these columns, or None."""
    known = {c.casefold() for c in columns}
    absent = [c for c in mapping.read if c.casefold() not in known]
    if not absent:
        return None
    return KgraphError(
        f"{name}: has no column {absent[0]!r}, which mapping {mapping.name} reads (its columns are "
        f"{', '.join(columns[:12])}{', ...' if len(columns) > 12 else ''}); mend the mapping"
    )
