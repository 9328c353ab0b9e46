"""How the system under drill is doing, in two lines, from what any participant may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.theme import Status

if TYPE_CHECKING:
    from protos.drill.v1.records import Alert, Service, Snapshot

_STATUSES = {"critical": Status.CRITICAL, "warning": Status.WARNING, "info": Status.INFO}
_ORDER = ("critical", "warning", "info")


@dataclass(frozen=True, slots=True)
class Health:
    """The worst open thing and a count beneath it."""

    status: Status
    fact: str
    count: str


def health_of(snapshot: Snapshot) -> Health:
    """The worst of failed services and open alerts; which, and how many services run."""
    failed = [service for service in snapshot.services if service.state == "failed"]
    open_alerts = [alert for alert in snapshot.alerts if not alert.resolved_ns]
    count = _count(snapshot.services, len(open_alerts))
    if failed:
        return Health(Status.CRITICAL, f"{failed[0].name} is down", count)
    if open_alerts:
        worst = min(open_alerts, key=_rank)
        return Health(_STATUSES.get(worst.severity, Status.WARNING), worst.title, count)
    return Health(Status.OK, "No open alert", count)


def _rank(alert: Alert) -> tuple[int, int]:
    place = _ORDER.index(alert.severity) if alert.severity in _ORDER else 1
    return place, -alert.fired_ns


def _count(services: tuple[Service, ...], alerts: int) -> str:
    running = sum(service.state == "running" for service in services)
    words = f"{running} of {len(services)} services up"
    return f"{words} · {alerts} open" if alerts else words
