"""Projection: what counts, what it weighs, and how a dyad's sign comes about."""

import datetime as dt
from itertools import pairwise
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import CHN, DOCUMENTS, ENVOY, JPN, PRK, ROWS, RUS, SANCTIONS, USA, corpus, make

from kgraph.errors import KgraphError
from kgraph.model import Entity, Modality, NodeType
from kgraph.network import (
    DEEDS,
    EVERYTHING,
    Corpus,
    Period,
    Selection,
    View,
    Weighting,
    dyads,
    fold,
    project,
    select,
    signed_network,
)
from kgraph.network.change import actor_changes, tie_changes
from kgraph.network.contradictions import contradictions
from kgraph.network.series import by_period, dyadic_series, smoothed
from kgraph.network.uncertainty import bootstrap
from kgraph.ontology import intensities, relations, thing_signs

days = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))


def test_every_relation_has_an_intensity_of_its_sign() -> None:
    assert set(intensities()) == set(relations())
    for name, value in intensities().items():
        assert (value > 0) - (value < 0) == {"+": 1, "-": -1, "0": 0}[relations()[name].polarity]


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ("opposes,11,2.0,", "make the signs agree"),
        ("opposes,11,-20,", "from -10 to 10"),
        ("opposes,11,much,", "from -10 to 10"),
        ("likes,11,1,", "is no relation"),
        ("opposes,11,-2,", "there is no intensity for"),
    ],
)
def test_a_wrong_intensity_is_refused(tmp_path: Any, rows: str, complaint: str) -> None:
    from kgraph.ontology import ontology_dir

    for table in ontology_dir().glob("*.csv"):
        (tmp_path / table.name).write_bytes(table.read_bytes())
    (tmp_path / "intensities.csv").write_text(f"relation,cameo,intensity,note\n{rows}\n", encoding="utf-8")
    with pytest.raises(KgraphError, match=complaint):
        intensities(tmp_path)


def test_only_deeds_count_unless_asked() -> None:
    told = [(a.subject.id, a.relation, a.object.id) for a in select(ROWS)]
    assert ("RUS", "meets", "USA") not in told
    assert ("JPN", "memberOf", "UN") not in told
    assert told.count(("CHN", "supports", "RUS")) == 1
    assert len(list(select(ROWS, EVERYTHING))) == len(ROWS)
    assert len(list(select(ROWS, Selection(modalities=frozenset({Modality.POSSIBLE}))))) == 1
    assert len(list(select(ROWS, Selection(attributed=False)))) == len(told) - 1
    own = make(ENVOY, "rejects", RUS, "The US rejected it, Ann Lee said.", attributed_to=USA)
    assert list(select([own], Selection(attributed=False))) == [own]  # an envoy and her state are no strangers
    assert len(list(select(ROWS, Selection(min_confidence=0.5)))) == len(told) - 1
    with pytest.raises(KgraphError, match="from 0 to 1"):
        Selection(min_confidence=7)


def test_a_negated_act_turns_its_sign_where_it_is_let_in() -> None:
    network = signed_network(ROWS, selection=Selection(negated=True, attributed=False))
    assert network["State:CHN"]["State:RUS"]["weight"] == -3.4
    assert network["State:CHN"]["State:RUS"]["because"] == "1 x not: supports -3.4"


def test_principals_fold_and_their_inner_acts_go() -> None:
    loose = signed_network(ROWS, principals=False)
    assert loose.has_edge("Person:ann-lee", "State:USA")
    folded = signed_network(ROWS)
    assert "Person:ann-lee" not in folded
    assert "Person:jo-doe" in folded
    assert not folded.has_edge("State:USA", "State:USA")
    # A principal of whom the texts themselves do not speak is taken from the ontology, an unknown one is not guessed.
    alone = fold(project([make(ENVOY, "meets", RUS, "Ann Lee met Russia.")]))
    assert alone.nodes["State:USA"]["label"] == "United States"
    stranger = Entity("x", "X", NodeType.PERSON, "NOWHERE")
    assert "Person:x" in fold(project([make(stranger, "meets", RUS, "X met Russia.")]))


@pytest.mark.parametrize("principals", [False, True])
@pytest.mark.parametrize("through", [False, True])
def test_the_signed_network_is_the_dyads_of_the_projection(principals: bool, through: bool) -> None:
    acts = project(ROWS, selection=DEEDS, things=False, principals=principals, through=through, weighting=Weighting())
    long, short = dyads(acts), signed_network(ROWS, principals=principals, through=through)
    assert list(short.nodes(data=True)) == list(long.nodes(data=True))
    assert list(short.edges(data=True)) == list(long.edges(data=True))


def test_a_dyad_tells_how_its_sign_came_about() -> None:
    edge = signed_network(ROWS)["State:USA"]["State:RUS"]
    # condemns -2.0 by two documents, meets +1.0 by one.
    assert (edge["weight"], edge["sign"], edge["cooperation"], edge["conflict"]) == (-3.0, -1, 1.0, 4.0)
    assert edge["because"] == "1 x condemns -4.0, 1 x meets +1.0"
    assert [act["relation"] for act in edge["acts"]] == ["condemns", "meets"]
    assert edge["acts"][0]["evidence"][0].text == "The United States condemned Russia."


def test_things_can_be_left_out_or_read_through() -> None:
    assert "Instrument:sanctions-PRK" in project(ROWS)
    assert all(d["cls"] in ("State", "Person", "Organization") for _, d in project(ROWS, things=False).nodes(data=True))
    network = signed_network(ROWS, through=True)
    assert network["State:CHN"]["State:PRK"]["weight"] == 2.0  # opposes what is against it
    # sponsors the sanctions (-3.5), rejects the talks (-4.0); of the thing with an unknown head nothing is known.
    assert network["State:JPN"]["State:PRK"]["weight"] == -7.5
    assert "sponsors through sanctions on North Korea" in network["State:JPN"]["State:PRK"]["because"]
    assert PRK.id in SANCTIONS.targets
    assert set(thing_signs().values()) == {1, -1}


def test_weights_are_the_product_of_what_is_asked_for() -> None:
    act = ROWS[0]
    assert Weighting().weigh(act, lambda a: 3) == -6.0
    assert Weighting(intensity=False).weigh(act, lambda a: 3) == -3.0
    assert Weighting(intensity=False, sources=False).weigh(act, lambda a: 3) == -1.0
    assert Weighting(sources=False, confidence=True).weigh(ROWS[5], lambda a: 3) == pytest.approx(3.4 * 0.4)
    fading = Weighting(False, False, half_life=10, as_of=dt.date(2006, 7, 29))
    assert fading.weigh(act, lambda a: 1) == pytest.approx(-0.25)  # twenty days are two half-lives
    assert fading.weigh(ROWS[3], lambda a: 1) == 1.0
    with pytest.raises(KgraphError, match="above 0"):
        Weighting(half_life=0, as_of=dt.date(2006, 7, 1))
    with pytest.raises(KgraphError, match="as_of"):
        Weighting(half_life=1)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("2006", "2006-01-01", "2006-12-31"), ("2006-02", "2006-02-01", "2006-02-28"), ("2006-06..2006-08-03", "2006-06-01", "2006-08-03"),
     ("..2006", None, "2006-12-31"), ("2006-07-04..", "2006-07-04", None), ("..", None, None)],
)  # fmt: skip
def test_periods_are_read(text: str, first: str | None, last: str | None) -> None:
    period = Period.parse(text)
    assert (period.first and period.first.isoformat(), period.last and period.last.isoformat()) == (first, last)


@pytest.mark.parametrize("text", ["", "July", "2006-13", "2006-02-30", "2007..2006", "2006-7", "2006...2007"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(KgraphError, match="period"):
        Period.parse(text)


@given(days, days, st.sampled_from(["day", "week", "month", "quarter", "year"]))
def test_steps_cover_a_period_without_gap_or_overlap(a: dt.date, b: dt.date, step: str) -> None:
    first, last = min(a, b), min(max(a, b), min(a, b) + dt.timedelta(days=800))
    steps = list(Period(first, last).steps(step))
    assert steps[0].first is not None
    assert steps[-1].last is not None
    assert steps[0].first <= first <= last <= steps[-1].last
    assert all(x.last + dt.timedelta(days=1) == y.first for x, y in pairwise(steps) if x.last)
    assert all(Period.parse(str(p)) == p for p in steps)


def test_a_period_takes_what_touches_it() -> None:
    def count(text: str) -> int:
        return len(list(select(ROWS, Selection(Period.parse(text)), published=corpus().published)))

    assert count("2006-07-09") == 2  # one on the day, one in its month
    assert count("2006-08-03") == 1
    assert count("2006-07-10") == 4  # the day of publication serves where the text dates nothing
    assert count("2031") == 0
    assert len(list(select(ROWS, Selection(Period.parse("..")))) ) == 3  # fmt: skip


def test_nothing_in_a_period_is_a_sentence() -> None:
    view = View(Selection(Period.parse("2031")))
    with pytest.raises(KgraphError, match=r"no act counts in 2031; what is dated lies in 2006-07-01\.\.2006-08-03"):
        corpus().need(view)
    with pytest.raises(KgraphError, match="holds no assertion"):
        Corpus(()).need(View())
    assert dyads(project([])).number_of_nodes() == 0


def test_small_samples_are_said_to_be_small() -> None:
    notes = corpus().caution(View(Selection(Period.parse("2006"))))
    assert notes[0] == "6 acts from 3 documents"
    assert "small sample" in notes[1]
    assert notes[2] == "4 acts without a date left out"


def test_smoothing_is_that_of_pandas() -> None:
    pandas = pytest.importorskip("pandas")
    values = [3.0, -2.0, 0.0, 5.5, -7.0]
    expected = pandas.Series(values).ewm(alpha=0.4, adjust=False).mean().tolist()
    assert smoothed(values, 0.4) == pytest.approx(expected)
    assert smoothed([]) == []
    with pytest.raises(KgraphError, match="alpha"):
        smoothed([1.0], 0)


def test_series_cut_time_by_step() -> None:
    rows = [
        make(USA, "condemns", RUS, "x", date="2006-07-01"),
        make(USA, "aids", RUS, "x", date="2006-09-03"),
    ]
    (series,) = dyadic_series(rows, alpha=0.5)
    assert [str(p) for p in series.periods] == ["2006-07", "2006-08", "2006-09"]
    assert (series.cooperation, series.conflict) == ((0.0, 0.0, 7.0), (2.0, 0.0, 0.0))
    assert series.smooth == (-2.0, -1.0, 3.0)
    assert [n for _, n in by_period(rows, len)] == [2, 0, 2]
    # An act of which only a span is known is spread over its days: 1 of 4 days in July.
    (spread,) = dyadic_series([make(USA, "aids", RUS, "x", date="2006-07-31/2006-08-03")])
    assert spread.cooperation == pytest.approx((7 / 4, 7 * 3 / 4))
    assert by_period([make(USA, "condemns", RUS, "x")], len) == []
    inside = Selection(Period.parse("2006-08-20..2006-09-30"))
    assert [str(p) for p, _ in by_period(rows, len, selection=inside)] == ["2006-09"]
    with pytest.raises(KgraphError, match="no step"):
        by_period(rows, len, step="hour")


def test_changes_name_what_turned_with_its_acts() -> None:
    before = signed_network(
        [make(USA, "condemns", RUS, "old"), make(CHN, "aids", RUS, "gone"), make(JPN, "meets", RUS, "same")]
    )
    after = signed_network(
        [make(USA, "aids", RUS, "now"), make(CHN, "accuses", JPN, "new"), make(JPN, "meets", RUS, "same")]
    )
    changes = tie_changes(before, after)
    assert [(c.source, c.target, c.kind) for c in changes] == [
        ("State:USA", "State:RUS", "turned"), ("State:CHN", "State:JPN", "new"), ("State:CHN", "State:RUS", "gone"),
    ]  # fmt: skip
    assert changes[0].acts_after[0]["evidence"][0].text == "now"
    assert (changes[0].before, changes[0].after) == (-2.0, 7.0)
    moved = {c.actor: c for c in actor_changes(before, after)}
    assert moved["State:USA"].shift == 9.0
    assert (moved["State:RUS"].in_before, moved["State:RUS"].in_after) == (6.0, 8.0)
    assert tie_changes(before, before) == []
    assert tie_changes(nx.DiGraph(), nx.DiGraph()) == []


def test_contradictions_are_what_is_said_and_denied() -> None:
    (found,) = contradictions(project(ROWS))
    assert (found.source, found.relation, found.target) == ("State:CHN", "supports", "State:RUS")
    assert found.denied[0]["evidence"][0].text == "China did not back Russia."


def test_the_bootstrap_knows_that_one_document_is_none() -> None:
    def net(network: nx.DiGraph) -> dict[Any, float | None]:
        return {(u, v): d["weight"] for u, v, d in network.edges(data=True)}

    single = project([make(USA, "condemns", RUS, "x")], things=False, weighting=Weighting())
    assert bootstrap(single, net)[("State:USA", "State:RUS")].low is None
    # n documents that each condemn once: the sum over documents drawn is always n, those of one in four are binomial.
    rows = [
        make(USA, "condemns" if i % 4 else "meets", RUS, "x", f"d{i}", date=f"2006-07-{i + 1:02}") for i in range(24)
    ]
    acts = project(rows, things=False, weighting=Weighting(intensity=False))
    interval = bootstrap(acts, net, replicates=800, seed=1)[("State:USA", "State:RUS")]
    assert interval.value == -12.0
    assert interval.present == 1.0
    # The number of "meets" drawn is binomial(24, 1/4): its 2.5 and 97.5 percentiles are 2 and 10 (scipy.stats.binom.ppf).
    assert interval.low == pytest.approx(-24 + 2 * 2, abs=2)
    assert interval.high == pytest.approx(-24 + 2 * 10, abs=2)
    assert bootstrap(acts, net, replicates=50, seed=3) == bootstrap(acts, net, replicates=50, seed=3)


def test_independent_sources_come_from_the_store() -> None:
    from kgraph.model import Document
    from kgraph.pipeline import Graph
    from kgraph.store import Store

    store = Store.open(None)
    text = "The United States condemned Russia."
    act = make(USA, "condemns", RUS, text, "a")
    for name in ("a", "b"):  # the same words twice are one source
        store.put(Document(name, text, dt.date(2006, 7, 1)), [make(USA, "condemns", RUS, text, name)])
    store.settle()
    found = Graph(store).corpus()
    assert found.sources(act) == 1
    assert found.published == {"a": "2006-07-01", "b": "2006-07-01"}
    assert found.signed(View())["State:USA"]["State:RUS"]["weight"] == -2.0
    assert DOCUMENTS["d1"]["title"] == "One"
    assert DEEDS.modalities == {Modality.ACTUAL}
