"""Putting documents into the graph and taking them out again, so that the graph is always what its documents say.

All that is derived (statement nodes, best confidence, labels, edges) depends on the set of stored documents alone, not
on the order of their coming.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pyoxigraph as ox

from kgraph.model import Assertion, Document, Entity
from kgraph.store import mapping as m
from kgraph.store.identity import Identity, key_of
from kgraph.store.independence import Testimony, independent, signature
from kgraph.store.mapping import iri
from kgraph.store.provenance import Configuration, configuration_quads
from kgraph.store.removing import Removing, unsettled
from kgraph.store.vocabulary import ASSERTION, DOCUMENT, document_iri, span_iri

Canonical = Callable[[Entity], Entity]
_ASSERTION, _MENTION = iri("kg:Assertion"), iri("kg:Mention")


def content_hash(document: Document) -> str:
    """A hash of a document's text and of what is known of it."""
    told = [document.id, document.text, str(document.date), document.title, document.source, document.url]
    return hashlib.sha256(m.as_json(told).encode()).hexdigest()


def canonical_assertion(said: Assertion, canonical: Canonical) -> Assertion:
    """The assertion with each entity as the one that it was decided to be."""
    named = (said.subject, said.object, said.attributed_to)
    subject, thing, speaker = own = tuple(canonical(e) if e is not None else None for e in named)
    if own == named:
        return said
    assert subject is not None
    assert thing is not None
    return replace(said, subject=subject, object=thing, attributed_to=speaker)


_REMEMBERED = 50_000
"""So many forms of entities that are known to be stored are kept in memory."""


class Writer(Removing):
    """Builds the changes that put or remove documents; `changes.write()` makes them true."""

    def put(self, document: Document, said: Iterable[Assertion], made: Configuration | None) -> None:
        """Store a document with what it says, in place of what it said before."""
        node = document_iri(document.id)
        changes = self._changes
        said = list(said)
        if changes.remote:
            self._expect(ox.NamedNode(node), said)
        if self._is_told(node):
            self.remove(document.id)
        self._tell_source(document)
        known = m.document_lines(node, document) + m.CONTENT(node, content_hash(document))
        if not document.part_of:
            known += m.SIGNATURE(node, signature(document.text))
        changes.add_new(node, known)
        if made:
            activity = made.node.value
            if activity not in self._activities:
                changes.add(configuration_quads(made))
                self._activities.add(activity)
            changes.add_new(activity, m.USED(activity, node))
        self.add(said, made.node.value if made else None, new=document.id)

    def _is_told(self, document: str) -> bool:
        return ox.Quad(ox.NamedNode(document), m.A, iri("kg:Document"), m.CORPUS) in self._changes

    def _expect(self, document: ox.NamedNode, said: Sequence[Assertion]) -> None:
        """Ask a server at once for what putting a document will look up."""
        subjects: dict[str, None] = {}
        entities: dict[ox.NamedNode, None] = {}
        for original in said:
            a = canonical_assertion(original, self.identity)
            subjects[ASSERTION + m.assertion_id(a)] = None
            for entity in (original.subject, original.object, original.attributed_to):
                if entity is not None:
                    subjects[m.form_of(entity)[0]] = None
                    entities[m.entity_node(self.identity(entity))] = None
            for evidence in original.evidence:
                subjects[m.mention_of(original, evidence)[0]] = None
                subjects[span_iri(evidence.document, evidence.start, evidence.end)] = None
        form_of = iri("kg:formOf")
        self._changes.expect([document, *map(ox.NamedNode, subjects), *entities], [(form_of, e) for e in entities])
        self._changes.expect([q.subject for e in entities for q in self._changes.match(None, form_of, e)])

    def expect_testimonies(self, statements: Iterable[Any]) -> None:
        """Ask a server at once for what settling these assertions will look up."""
        changes = self._changes
        told = list(statements)
        for predicate in (None, iri("kg:evidence"), iri("nif:referenceContext")):
            if predicate is not None:
                told = [q.object for s in told for q in changes.match(s, predicate)]
            changes.expect(told)

    def describe(self, document: Document) -> None:
        """Store what is known of a document, beside what is stored already."""
        self._tell_source(document)
        self._changes.add(m.quads_of(m.document_lines(document_iri(document.id), document)))

    def _tell_source(self, document: Document) -> None:
        if document.source and document.source not in self._sources:
            self._changes.add(m.source_quads(document.source))
            self._sources.add(document.source)

    def add(self, said: Iterable[Assertion], activity: str | None = None, new: str | None = None) -> int:
        """Store assertions with the documents that their evidence names; returns how many were given.

        Of the document `new` nothing was told before: that it is not looked up makes it twice as fast.
        """
        forms: dict[str, dict[str, None]] = {}
        told: set[str] = set()
        count = 0
        for original in said:
            count += 1
            a = canonical_assertion(original, self.identity) if self.identity.replaced else original
            own = {
                self._form(entity, meant): None
                for entity, meant in (
                    (original.subject, a.subject),
                    (original.object, a.object),
                    (original.attributed_to, a.attributed_to),
                )
                if entity is not None and meant is not None
            }
            for evidence in original.evidence:
                forms.setdefault(evidence.document, {}).update(own)
            self._state(a, original, activity, new, told)
        for name, tells in forms.items():
            node = document_iri(name)
            self._add(node, "".join([m.TELLS(node, form) for form in tells]), name == new)
            if name != new and not self._is_told(node):
                self.describe(Document(name, ""))
        return count

    def _state(self, a: Assertion, original: Assertion, activity: str | None, new: str | None, told: set[str]) -> None:
        """Store an assertion with its evidence; `told` are the mentions, sentences and links that were stored just now."""
        changes = self._changes
        statement = ASSERTION + m.assertion_id(a)
        node = ox.NamedNode(statement)
        fresh = ox.Quad(node, m.A, _ASSERTION, m.CORPUS) not in changes
        lines = m.statement_lines(statement, a) if fresh else ""
        mentions = 0
        for evidence in original.evidence:
            mention, record = m.mention_of(original, evidence)
            unstored = fresh or evidence.document == new
            if mention in told or (not unstored and self._is_mention(mention)):
                continue
            told.add(mention)
            mentions += 1
            changes.add_new(mention, m.mention_lines(mention, record, statement, original, evidence))
            span = span_iri(evidence.document, evidence.start, evidence.end)
            if span not in told:
                told.add(span)
                self._add(span, m.span_lines(span, evidence), evidence.document == new)
            place = document_iri(evidence.document)
            for link in (m.EVIDENCE(statement, span), m.DERIVED(statement, place)):
                if link in told:
                    continue
                told.add(link)
                if unstored:
                    lines += link
                else:
                    changes.add(m.quads_of(link))
        if activity is not None:
            generated = m.GENERATED(statement, activity)
            if fresh:
                lines += generated
            else:
                changes.add(m.quads_of(generated))
        if lines:
            changes.add_new(statement, lines)
        if not fresh:
            self._raise(node, original.confidence)
        elif m.has_edge(a):
            changes.add([m.edge_quad(a)])
        if mentions > (1 if fresh else 0):
            changes.add([unsettled(node)])

    def _is_mention(self, mention: str) -> bool:
        return ox.Quad(ox.NamedNode(mention), m.A, _MENTION, m.MENTIONS) in self._changes

    def _add(self, subject: str, lines: str, new: bool) -> None:
        """Add lines of one subject, of which with `new` none is stored."""
        if new:
            self._changes.add_new(subject, lines)
        else:
            self._changes.add(m.quads_of(lines))

    def _raise(self, statement: ox.NamedNode, best: float) -> None:
        old = list(self._changes.match(statement, iri("kg:confidence")))
        new = m.confidence(best)
        if all(float(q.object.value) < float(new.value) for q in old):  # type: ignore[union-attr]
            self._changes.remove(old)
            self._changes.add([ox.Quad(statement, iri("kg:confidence"), new, m.CORPUS)])

    def _form(self, original: Entity, own: Entity) -> str:
        """The form in which an entity is told, which is stored from now on."""
        form, record = m.form_of(original)
        if form not in self._forms:
            self._tell_form(ox.NamedNode(form), record, own)
            if len(self._forms) >= _REMEMBERED:
                self._forms.clear()  # they are looked up again, and memory stays flat over a million rows
            self._forms.add(form)
        return form

    def _tell_form(self, form: ox.NamedNode, record: str, own: Entity) -> None:
        """Store a form, unless it is stored, and what is known of its entity by it."""
        changes = self._changes
        node = m.entity_node(own)
        quads = list(m.form_quads(form, record, node))
        if quads[0] in changes:
            return
        changes.add_new(form.value, m.lines_of(quads))
        known = list(m.entity_quads(node, [self._identified(record)]))
        if known[0] not in changes:
            changes.add_new(node.value, m.lines_of(known))
        elif key_of(own) in self.identity.members:
            self._refresh(node)
        else:
            self._learn(node, own.label, known)

    def _learn(self, entity: ox.NamedNode, label: str, known: Iterable[ox.Quad]) -> None:
        """Store what one more form tells of an entity. Its other forms, of which there may be thousands, are not read."""
        changes = self._changes
        names = iri("rdfs:label"), iri("skos:altLabel")
        changes.add(q for q in known if q.predicate not in names)
        (first,) = changes.match(entity, names[0])
        former = str(first.object.value)  # type: ignore[union-attr]
        if label == former:
            return
        better, other = sorted((label, former), key=m.preferred)
        if better != former:
            alike = ox.Quad(entity, names[1], ox.Literal(better), m.ENTITIES)
            changes.remove([first, *(q for q in [alike] if q in changes)])
            changes.add([ox.Quad(entity, names[0], ox.Literal(better), m.ENTITIES)])
        changes.add([ox.Quad(entity, names[1], ox.Literal(other), m.ENTITIES)])

    def identify(self, identity: Identity, forms: Iterable[ox.Quad]) -> None:
        """Tell anew all documents that name an entity for which another stands now; `forms` are the records of all forms."""
        changes = self._changes
        keys, bodies = self.identity.changed(identity)
        documents: dict[Any, None] = {}
        for quad in forms:
            kind, ident, _, principal, _, targets, *_ = json.loads(str(quad.object.value))  # type: ignore[union-attr]
            if f"{kind}:{ident}" in keys or not bodies.isdisjoint((principal, *targets)):
                documents |= {q.subject: None for q in changes.match(None, iri("kg:tells"), quad.subject)}
        said: list[tuple[list[Assertion], Any]] = []
        for node in sorted(documents, key=str):
            activities = [q.subject.value for q in changes.match(None, iri("prov:used"), node)]  # type: ignore[union-attr]
            name = unquote(node.value.removeprefix(DOCUMENT))
            said.append((self.unsay(name), next(iter(activities), None)))
        old, new = self.identity.quads(), identity.quads()
        changes.remove(q for q in old if q not in new)
        changes.add(q for q in new if q not in old)
        former, self.identity = self.identity, identity
        try:
            for assertions, activity in said:
                self.add(assertions, activity)
        except BaseException:
            self.identity = former
            raise

    def settle(self, statement: ox.NamedNode) -> None:
        """Count anew the independent sources of an assertion; what is pending is nothing but such counts."""
        changes = self._changes
        said = testimonies(changes.stored, statement)
        old = list(changes.match(statement, iri("kg:independentSources")))
        new = _sources(statement, len(independent(said)))
        changes.remove(q for q in old if q != new)
        if new not in old:
            changes.add([new])
        changes.remove(changes.match(statement, iri("kg:unsettled")))


def testimonies(match: Callable[..., Iterable[ox.Quad]], statement: ox.NamedNode) -> list[Testimony]:
    """The sentences that say an assertion, by document and place."""
    found: dict[tuple[str, int], Testimony] = {}
    for link in match(statement, iri("kg:evidence")):
        own = {q.predicate: str(getattr(q.object, "value", "")) for q in match(link.object)}
        document = own[iri("nif:referenceContext")]
        node = ox.NamedNode(document)
        hashed = _value(match, node, "kg:minHash")
        table = None if hashed else _value(match, node, "dcterms:isPartOf")
        origin = table and (_value(match, node, "dcterms:source") or _value(match, node, "dcterms:publisher") or table)
        start = int(own[iri("nif:beginIndex")])
        found[document, start] = Testimony(document, start, own[iri("nif:anchorOf")], hashed, origin)
    return [found[key] for key in sorted(found)]


def _value(match: Callable[..., Iterable[ox.Quad]], node: ox.NamedNode, predicate: str) -> str | None:
    return next((str(getattr(q.object, "value", "")) for q in match(node, iri(predicate))), None)


def _sources(statement: ox.NamedNode, number: int) -> ox.Quad:
    return ox.Quad(statement, iri("kg:independentSources"), m.literal(str(number), "integer"), m.CORPUS)
