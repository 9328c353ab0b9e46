"""How the system is doing, in two lines."""

from __future__ import annotations

from dataclasses import replace

from app.shell.health import health_of
from app.theme import Status
from protos.drill.v1.decoding import decode
from protos.drill.v1.records import Snapshot
from tests.app.engine_stub import snapshot

DRILL = decode(Snapshot, snapshot())


def test_that_the_worst_open_alert_is_named() -> None:
    health = health_of(DRILL)
    assert (health.status, health.fact) == (Status.CRITICAL, "Charge P95 above 250 ms")
    assert health.count == "3 of 3 services up · 2 open"


def test_that_resolved_alerts_count_for_nothing() -> None:
    calm = replace(DRILL, alerts=tuple(replace(alert, resolved_ns=1) for alert in DRILL.alerts))
    assert (health_of(calm).status, health_of(calm).fact) == (Status.OK, "No open alert")
    assert health_of(calm).count == "3 of 3 services up"


def test_that_a_service_that_is_down_comes_before_any_alert() -> None:
    first, *rest = DRILL.services
    broken = replace(DRILL, services=(replace(first, state="failed"), *rest))
    assert health_of(broken).fact == "gateway is down"
    assert health_of(broken).count.startswith("2 of 3")


def test_that_of_two_alerts_of_one_kind_the_newer_is_named() -> None:
    old, new = DRILL.alerts[0], replace(DRILL.alerts[0], title="Newer", fired_ns=DRILL.alerts[0].fired_ns + 1)
    assert health_of(replace(DRILL, alerts=(old, new))).fact == "Newer"
