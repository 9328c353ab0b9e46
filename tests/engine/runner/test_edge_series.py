"""Series from the proxy's running counts."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from engine.lab.proxy import EdgeCounts
from engine.packs.topology import Edge, Protocol, ServiceSpec, Topology
from engine.runner.edge_series import EdgeSeries

SERVICES = tuple(
    ServiceSpec(name, Path(name), True, name, 4, 4, 8, 8, 128, name) for name in ("orders", "pricing")
)
TOPOLOGY = Topology(
    SERVICES,
    (
        Edge("clients", "orders", Protocol.HTTP),
        Edge("pricing", "orders", Protocol.HTTP),
        Edge("orders", "postgres", Protocol.POSTGRES),
    ),
)


def counts(requests: int = 0, waiting: int = 0, queries: int = 0, failed: int = 0) -> dict[str, EdgeCounts]:
    http = EdgeCounts(
        requests=requests, in_flight=waiting, responses={"2xx": requests, "5xx": failed},
        exchanges=requests, waited_ms=20.0 * requests,
    )  # fmt: skip
    return {"clients->orders": http, "pricing->orders": http, "orders->postgres": EdgeCounts(queries=queries)}


def test_that_rates_are_of_the_time_that_really_passed() -> None:
    series = EdgeSeries(TOPOLOGY)
    series.take(counts(10), 100.0)
    values = series.take(counts(30, queries=80, failed=4), 102.0)
    assert values["edge.clients-to-orders.requests_per_s"] == pytest.approx(10)
    assert values["edge.orders-to-postgres.queries_per_s"] == pytest.approx(40)
    assert values["edge.clients-to-orders.errors_per_s"] == pytest.approx(2)
    assert values["edge.clients-to-orders.latency_ms"] == pytest.approx(20)


def test_that_what_waits_at_a_service_counts_every_edge_that_leads_to_it() -> None:
    values = EdgeSeries(TOPOLOGY).take(counts(waiting=8), 100.0)
    assert values["service.orders.in_flight"] == 16


def test_that_a_second_without_an_answer_is_a_gap() -> None:
    series = EdgeSeries(TOPOLOGY)
    series.take(counts(10), 100.0)
    assert math.isnan(series.take(counts(10, waiting=8), 101.0)["edge.clients-to-orders.latency_ms"])


def test_that_the_first_look_gives_no_rates() -> None:
    assert not any(name.endswith("_per_s") for name in EdgeSeries(TOPOLOGY).take(counts(10), 100.0))
