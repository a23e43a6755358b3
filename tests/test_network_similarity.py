"""How alike actors are in what they say of the same things: against scikit-learn, scipy, and the papers' general forms."""

from collections import Counter

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cityblock

from kgraph.errors import KgraphError
from kgraph.network.measures import agreement, alignment, stance_similarity, stances

votes = st.integers(1, 12).flatmap(
    lambda n: st.tuples(*[st.lists(st.sampled_from([-1, 0, 1]), min_size=n, max_size=n)] * 2)
)


@settings(deadline=None, max_examples=60)
@given(votes)
def test_kappa_and_pi_are_those_of_scikit_learn(rows: tuple[list[int], list[int]]) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    one, other = rows
    both = [*one, *other]
    for method, a, b in (("kappa", one, other), ("pi", both, [*other, *one])):
        found = agreement(one, other, method)
        if found is not None:
            # Scott's pi is Cohen's kappa where both raters have the pooled margins.
            expected = metrics.cohen_kappa_score(a, b, labels=[-1, 0, 1], weights="quadratic")
            assert found == pytest.approx(expected)
        else:
            assert len(set(both)) == 1


def test_s_of_signorino_and_ritter() -> None:
    assert agreement([1, 1, -1, 0], [1, 1, -1, 0]) == 1
    assert agreement([1, -1], [-1, 1]) == -1
    # Four things, distances 0, 1, 2 and 0: 1 - 2 * 3 / (4 * 2).
    assert agreement([1, 1, 1, 0], [1, 0, -1, 0]) == pytest.approx(0.25)
    assert agreement([], []) is None
    assert agreement([1, 1], [1, 1], "kappa") is None
    with pytest.raises(KgraphError, match="no similarity"):
        agreement([1], [1], "tau")
    with pytest.raises(KgraphError, match="compare the same things"):
        agreement([1], [1, 1])


@settings(deadline=None, max_examples=60)
@given(votes)
def test_s_is_that_of_the_table_of_agreement(rows: tuple[list[int], list[int]]) -> None:
    # The paper's general form S = 1 - 2 d / d_max, d = sum_k (w_k / D_k) |a_k - b_k|, D_k = 2 the widest distance, d_max = sum_k w_k,
    # from the table of how often each pair of positions occurs, not row by row.
    pairs = Counter(zip(*rows, strict=True))
    table = np.array([[pairs[a, b] for b in (-1, 0, 1)] for a in (-1, 0, 1)])
    distance = np.array([[0, 1, 2], [1, 0, 1], [2, 1, 0]]) / 2
    assert agreement(*rows) == pytest.approx(1 - 2 * (table * distance).sum() / table.sum())
    assert agreement(*rows) == pytest.approx(1 - cityblock(*rows) / len(rows[0]))


def test_stances_come_from_what_actors_say_of_things() -> None:
    graph = nx.MultiDiGraph()
    for n in ("A", "B", "C"):
        graph.add_node(n, cls="State")
    for n in ("r1", "r2", "r3"):
        graph.add_node(n, cls="Instrument")
    rows = [("A", "r1", "supports", "+"), ("B", "r1", "opposes", "-"), ("C", "r1", "abstains", "0"), ("A", "r2", "signs", "+"),
            ("B", "r2", "signs", "+"), ("A", "r3", "vetoes", "-"), ("A", "B", "attacks", "-"), ("C", "r2", "requests", "0")]  # fmt: skip
    for u, v, relation, polarity in rows:
        graph.add_edge(u, v, relation=relation, polarity=polarity, negated=False, plover="X")
    found = stances(graph)
    assert found == {"A": {"r1": 1, "r2": 1}, "B": {"r1": -1, "r2": 1}, "C": {"r1": 0}}
    similar = stance_similarity(found)
    assert {(s.one, s.other): s.value for s in similar} == {("A", "B"): 0.0, ("A", "C"): 0.0, ("B", "C"): 0.0}
    assert alignment(similar).number_of_edges() == 3
    assert stance_similarity(found, least=3) == []
