"""Whether telemetry was hidden, and whether the contract's limits were kept: from counts alone."""

from __future__ import annotations

from pathlib import Path

from engine.lab.proxy import EdgeCounts
from engine.lab.records import EdgesCounted, ProcessesSampled, ProcessSample
from engine.packs.topology import Edge, Protocol, ServiceSpec, Topology
from engine.verification.limits import Limits
from engine.verification.observer import coverage

FRONT = ServiceSpec("front", Path("front"), True, None, 4, 0, 8, 0, 100, "front")
STORE = ServiceSpec("store", Path("store"), True, "store", 4, 4, 8, 6, 100, "store")
TOPOLOGY = Topology(
    (FRONT, STORE),
    (
        Edge("clients", "front", Protocol.HTTP),
        Edge("front", "store", Protocol.HTTP),
        Edge("store", "postgres", Protocol.POSTGRES),
    ),
)


def passed(requests: int, contexts: int) -> dict[str, EdgeCounts]:
    return {
        "clients->front": EdgeCounts(requests=requests, responses={"2xx": requests}),
        "front->store": EdgeCounts(requests=requests, responses={"2xx": requests}, traceparents=contexts),
        "store->postgres": EdgeCounts(),
    }


def test_that_a_span_for_every_answer_and_a_context_on_every_call_is_enough() -> None:
    assert coverage(TOPOLOGY, passed(200, 200), {"front": 200, "store": 198}).held


def test_that_a_service_without_spans_is_named_with_its_share() -> None:
    reading = coverage(TOPOLOGY, passed(200, 200), {"front": 200})
    assert not reading.held
    assert reading.measured == "store: spans of answered requests: 0 of 200"


def test_that_calls_that_no_longer_hand_the_trace_on_are_found() -> None:
    reading = coverage(TOPOLOGY, passed(200, 40), {"front": 200, "store": 200})
    assert not reading.held
    assert "trace context" in reading.measured


def test_that_what_was_never_asked_owes_no_span() -> None:
    assert coverage(TOPOLOGY, passed(0, 0), {}).held


def sampled(memory_mb: float) -> ProcessesSampled:
    return ProcessesSampled((ProcessSample("store", 1.0, memory_mb),))


def connected(connections: int) -> EdgesCounted:
    return EdgesCounted({"store->postgres": EdgeCounts(open_connections=connections)})


def test_that_two_samples_in_a_row_above_a_limit_are_a_breach() -> None:
    limits = Limits(TOPOLOGY)
    for event in (connected(6), connected(9), connected(9)):
        limits.take(event)
    reading = limits.reading()
    assert not reading.held
    assert reading.measured == "store: 9 of 6 database connections"


def test_that_the_moment_in_which_two_versions_stand_is_no_breach() -> None:
    limits = Limits(TOPOLOGY)
    for event in (connected(6), connected(12), connected(6), sampled(90), sampled(140), sampled(80)):
        limits.take(event)
    assert limits.reading().held


def test_that_memory_beyond_the_contract_is_found() -> None:
    limits = Limits(TOPOLOGY)
    limits.take(sampled(150))
    limits.take(sampled(120))
    assert limits.reading().measured == "store: 120 of 100 MB of memory"
