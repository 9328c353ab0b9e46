"""The service map: its words and its geometry."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.signals.map_facts import CLIENTS, MapFacts, map_facts, with_known, without
from app.signals.map_layout import MapPlan, layers, most_rows, plan_map
from app.theme import Status
from protos.drill.v1.records import ServiceMap
from tests.app.signals.records import NOW_S, SERVICES, alert, measured

NODES = (CLIENTS, "gateway", "billing", "ledger", "postgres")
EDGES = (
    (CLIENTS, "gateway"),
    ("gateway", "billing"),
    ("billing", "ledger"),
    ("billing", "postgres"),
    ("ledger", "postgres"),
)
DATABASES = frozenset({"postgres"})


def _plan(width: float = 1000) -> MapPlan:
    return plan_map(NODES, EDGES, DATABASES, (width, 112), (160, 44), {CLIENTS: 60})


def test_that_requests_flow_from_left_to_right_and_the_database_is_last() -> None:
    assert layers(NODES, EDGES, DATABASES) == dict(zip(NODES, range(5), strict=True))
    plan = _plan()
    lefts = [place.left for place in plan.cards]
    assert lefts == sorted(lefts)
    last = plan.cards[-1]
    assert last.left + last.width == pytest.approx(1000)


def test_that_a_database_stays_last_when_only_the_gateway_uses_it() -> None:
    found = layers(("a", "b", "c", "db"), (("a", "db"), ("a", "b"), ("b", "c")), frozenset({"db"}))
    assert found == {"a": 0, "b": 1, "c": 2, "db": 3}


def test_that_services_that_call_each_other_still_get_layers() -> None:
    found = layers(("a", "b", "c"), (("a", "b"), ("b", "c"), ("c", "b"), ("b", "b")), frozenset())
    assert found == {"a": 0, "b": 1, "c": 2}


def test_that_an_edge_that_skips_a_layer_runs_beside_the_card_there() -> None:
    plan = _plan()
    ledger = plan.card("ledger")
    way = next(way for way in plan.ways if (way.source, way.target) == ("billing", "postgres"))
    assert ledger is not None
    assert len(way.points) == 4
    assert not ledger.contains(*way.label_at)
    assert not ledger.top <= way.label_at[1] <= ledger.top + ledger.height


@given(st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=14), st.floats(700, 2000))
def test_that_no_two_cards_overlap(pairs: set[tuple[int, int]], width: float) -> None:
    names = [f"s{number}" for number in range(6)]
    edges = [(names[one], names[other]) for one, other in sorted(pairs)]
    rows = most_rows(names, edges, frozenset({"s5"}))
    plan = plan_map(names, edges, frozenset({"s5"}), (width, rows * 56), (112, 44))
    for one, other in combinations(plan.cards, 2):
        apart_x = one.left + one.width <= other.left + 0.1 or other.left + other.width <= one.left + 0.1
        apart_y = abs(one.top - other.top) >= 44
        assert apart_x or apart_y
    for way in plan.ways:
        assert len(way.points) >= 2
        assert all(first != second for first, second in pairwise(way.points))


def test_that_nothing_measured_is_an_empty_map() -> None:
    assert map_facts(ServiceMap((), ()), SERVICES, ()) == MapFacts()
    assert plan_map((), (), frozenset(), (800, 100), (112, 44)) == MapPlan((), ())
    assert most_rows((), (), frozenset()) == 0


def test_that_cards_say_what_was_measured() -> None:
    facts = map_facts(measured(), SERVICES, ())
    assert [node.name for node in facts.nodes] == list(NODES)
    gateway, postgres = facts.node("gateway"), facts.node("postgres")
    assert gateway is not None
    assert postgres is not None
    assert (gateway.rate, gateway.p95, gateway.errors) == ("20\u2009rps", "40\u2009ms", "0.0\u2009%")
    assert postgres.rate == "100\u2009q/s"
    assert facts.databases == DATABASES


def test_that_an_open_alert_and_a_failed_service_show_on_their_card() -> None:
    warned = map_facts(measured(), SERVICES, (alert("drift", NOW_S), alert("wait", 1, 2, "critical")))
    billing = warned.node("billing")
    assert billing is not None
    assert (billing.status, billing.why) == (Status.WARNING, "Drift")
    down = (*SERVICES[:2], replace(SERVICES[2], state="failed", problem="ended by signal 9"))
    ledger = map_facts(measured(), down, ()).node("ledger")
    assert ledger is not None
    assert (ledger.status, ledger.why) == (Status.CRITICAL, "ended by signal 9")


def test_that_many_queries_a_request_are_notable() -> None:
    label = next(edge for edge in map_facts(measured(9.2), SERVICES, ()).edges if edge.notable)
    assert (label.source, label.target) == ("billing", "postgres")
    assert label.long == "62\u2009/s · 9× queries a request"
    assert not any(edge.notable for edge in map_facts(measured(3.1), SERVICES, ()).edges)


def test_that_a_hidden_service_takes_its_edges_and_what_only_it_uses() -> None:
    shown = without(measured(), {"billing", "ledger"})
    assert [node.name for node in shown.nodes] == ["gateway"]
    assert [(edge.source, edge.target) for edge in shown.edges] == [("clients", "gateway")]
    assert without(measured(), ()) == measured()


def test_that_the_map_keeps_its_shape_when_nobody_calls_any_more() -> None:
    stuck = ServiceMap(measured().nodes[:2], measured().edges[:1])
    known = with_known(stuck, measured())
    assert {(edge.source, edge.target) for edge in known.edges} == set(EDGES)
    assert {node.name for node in known.nodes} == set(NODES) - {CLIENTS}
    silent = next(edge for edge in map_facts(known, SERVICES, ()).edges if edge.target == "billing")
    assert (silent.short, silent.spoken) == ("0\u2009/s", "gateway to billing: 0\u2009/s")
    assert with_known(stuck, None) == stuck
