"""Taking out of the graph what a document says, with all that rests on it alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pyoxigraph as ox

from kgraph.model import Assertion
from kgraph.serialization import assertion_from_dict
from kgraph.store import mapping as m
from kgraph.store.changes import Changes
from kgraph.store.identity import Identity
from kgraph.store.mapping import iri
from kgraph.store.vocabulary import document_iri

_TRUE = m.literal("true", "boolean")


class Removing:
    """The half of `kgraph.store.writer.Writer` that takes out."""

    def __init__(self, changes: Changes, identity: Identity) -> None:
        self._changes = changes
        self.identity = identity
        # Forms, publishers and runs that are told already: looking each up is slow. Taking out empties them.
        self._forms: set[str] = set()
        self._sources: set[str] = set()
        self._activities: set[str] = set()

    def forget(self) -> None:
        """Let go of the changes that are not written."""
        self._changes.forget()
        self._forms.clear()
        self._sources.clear()
        self._activities.clear()

    def remove(self, document: str) -> None:
        """Take a document out, with all that rests on it alone."""
        node = ox.NamedNode(document_iri(document))
        changes = self._changes
        self.unsay(document)
        for link in list(changes.match(None, iri("prov:used"), node)):
            changes.remove([link])
            if not changes.holds(link.subject, iri("prov:used")):
                self._forget_activity(link.subject)
        self._sources.clear()
        sources = [q.object for q in changes.match(node, iri("prov:wasAttributedTo"))]
        changes.remove(changes.match(node))
        for source in sources:
            if not changes.holds(None, iri("prov:wasAttributedTo"), source):
                changes.remove(changes.match(source))

    def _forget_activity(self, activity: object) -> None:
        changes = self._changes
        self._activities.clear()
        for predicate in ("prov:wasAssociatedWith", "kg:usedOntology"):
            for link in list(changes.match(activity, iri(predicate))):
                changes.remove([link])
                if not changes.holds(None, iri(predicate), link.object):
                    changes.remove(changes.match(link.object))
        changes.remove(changes.match(activity))

    def unsay(self, document: str) -> list[Assertion]:
        """Take out what a document says, not the document; returns what it said."""
        node = ox.NamedNode(document_iri(document))
        changes = self._changes
        if changes.remote:
            self._expect_unsaying(node)
        said: list[Assertion] = []
        touched: dict[object, float] = {}
        for link in list(changes.match(None, iri("kg:mentionIn"), node)):
            known = {q.predicate: q.object for q in changes.match(link.subject)}
            whose, own = known[iri("kg:mentionOf")], float(known[iri("kg:mentionConfidence")].value)  # type: ignore[union-attr]
            touched[whose] = max(own, touched.get(whose, 0.0))
            for quad in list(changes.match(link.subject)):
                if quad.predicate == iri("kg:record"):
                    said.append(assertion_from_dict(json.loads(str(quad.object.value))))  # type: ignore[union-attr]
                changes.remove([quad])
        spans = [q.subject for q in changes.match(None, iri("nif:referenceContext"), node)]
        for statement, gone in touched.items():
            self._loosen(statement, node, spans, gone)
        for span in spans:
            changes.remove(changes.match(span))
        self._untell(node)
        return said

    def _loosen(self, statement: object, document: ox.NamedNode, spans: Sequence[object], gone: float) -> None:
        """Take a document's evidence, of which `gone` was the best confidence, from an assertion; it goes where that was all.

        Of thousands of other mentions few are looked at: most often the first tells that all stays as it is.
        """
        changes = self._changes
        if not changes.holds(None, iri("kg:mentionOf"), statement):
            edges = [q.object for q in changes.match(statement, iri("kg:states"))]
            said = {q.predicate: q.object for q in changes.match(statement)}
            changes.remove(changes.match(statement))
            for edge in edges:
                if not changes.holds(None, iri("kg:states"), edge):
                    subject, predicate, value = (said[iri(f"rdf:{n}")] for n in ("subject", "predicate", "object"))
                    changes.remove([ox.Quad(subject, predicate, value, m.EDGES)])  # type: ignore[arg-type]
            return
        for span in spans:
            changes.remove(changes.match(statement, iri("kg:evidence"), span))
        changes.remove(changes.match(statement, iri("prov:wasDerivedFrom"), document))
        best = list(changes.match(statement, iri("kg:confidence")))
        if any(float(q.object.value) <= gone for q in best):  # type: ignore[union-attr]
            left = self._best(statement, gone)
            if left < gone:
                changes.remove(best)
                changes.add([ox.Quad(statement, iri("kg:confidence"), m.confidence(left), m.CORPUS)])  # type: ignore[arg-type]
        runs = {q.subject for q in changes.match(None, iri("prov:used"), document)}
        for link in list(changes.match(statement, iri("prov:wasGeneratedBy"))):
            if link.object in runs and not self._rests_on(statement, link.object):
                changes.remove([link])
        changes.add([unsettled(statement)])

    def _best(self, statement: object, enough: float) -> float:
        """The best confidence of an assertion's mentions, or one of them that is enough."""
        best = 0.0
        for mention in self._changes.match(None, iri("kg:mentionOf"), statement):
            for quad in self._changes.match(mention.subject, iri("kg:mentionConfidence")):
                best = max(best, float(quad.object.value))  # type: ignore[union-attr]
            if best >= enough:
                break
        return best

    def _rests_on(self, statement: object, activity: object) -> bool:
        """Does a mention of the assertion come from a document that the run read?"""
        changes = self._changes
        return any(
            used.subject == activity
            for mention in changes.match(None, iri("kg:mentionOf"), statement)
            for place in changes.match(mention.subject, iri("kg:mentionIn"))
            for used in changes.match(None, iri("prov:used"), place.object)
        )

    def _untell(self, document: ox.NamedNode) -> None:
        changes = self._changes
        entities: dict[object, None] = {}
        self._forms.clear()
        for link in list(changes.match(document, iri("kg:tells"))):
            changes.remove([link])
            if not changes.holds(None, iri("kg:tells"), link.object):
                for quad in list(changes.match(link.object)):
                    if quad.predicate == iri("kg:formOf"):
                        entities[quad.object] = None
                    changes.remove([quad])
        for entity in entities:
            self._refresh(entity)  # type: ignore[arg-type]

    def _expect_unsaying(self, document: ox.NamedNode) -> None:
        """Ask a server at once for what taking out a document's assertions will look up."""
        match, expect = self._changes.match, self._changes.expect
        mention_in, mention_of, tells, form_of, states, used, context = (
            iri(n) for n in ("kg:mentionIn", "kg:mentionOf", "kg:tells", "kg:formOf", "kg:states", "prov:used", "nif:referenceContext")
        )  # fmt: skip
        expect([document], [(mention_in, document), (context, document), (used, document)])
        mentions = [q.subject for q in match(None, mention_in, document)]
        expect(mentions)
        statements = [q.object for n in mentions for q in match(n, mention_of)]
        forms = [q.object for q in match(document, tells)]
        spans = [q.subject for q in match(None, context, document)]
        expect([*statements, *forms, *spans], [*((mention_of, s) for s in statements), *((tells, f) for f in forms)])
        left = [q.subject for s in statements for q in match(None, mention_of, s)]
        entities = [q.object for f in forms for q in match(f, form_of)]
        edges = [q.object for s in statements for q in match(s, states)]
        expect([*left, *entities], [*((form_of, e) for e in entities), *((states, e) for e in edges)])
        expect(
            [q.subject for e in entities for q in match(None, form_of, e)],
            [(used, q.object) for n in left for q in match(n, mention_in)],
        )

    def _refresh(self, entity: ox.NamedNode) -> None:
        """Derive an entity anew from its forms."""
        changes = self._changes
        old = dict.fromkeys(changes.match(entity, graph=m.ENTITIES))
        records = [
            str(q.object.value)  # type: ignore[union-attr]
            for f in changes.match(None, iri("kg:formOf"), entity)
            for q in changes.match(f.subject, iri("kg:record"))
        ]
        known = [self._identified(r) for r in records]
        new = dict.fromkeys(m.entity_quads(entity, known)) if records else {}
        changes.remove(q for q in old if q not in new)
        changes.add(q for q in new if q not in old)

    def _identified(self, record: str) -> str:
        """The record of a form, with the principal and targets that were decided to be meant."""
        if not self.identity.replaced:
            return record
        kind, ident, label, principal, head, targets, *rest = json.loads(record)
        principal = None if principal is None else self.identity.body(principal)
        targets = list(dict.fromkeys(self.identity.body(t) for t in targets))
        return json.dumps([kind, ident, label, principal, head, targets, *rest], ensure_ascii=False)


def unsettled(statement: Any) -> ox.Quad:
    """That the sources of an assertion are to be counted anew."""
    return ox.Quad(statement, iri("kg:unsettled"), _TRUE, m.LEDGER)
