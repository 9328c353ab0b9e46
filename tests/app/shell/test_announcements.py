"""Which events become toasts."""

from __future__ import annotations

from app.shell.announcements import toast_of
from app.theme import Status
from protos.drill.v1.decoding import decode
from protos.drill.v1.records import Event, Snapshot
from tests.app.engine_stub import snapshot

DRILL = decode(Snapshot, snapshot())


def event(kind: str, **fields: str) -> Event:
    return Event(1, 0, 0, "engine", "facilitator", kind, fields)


def test_that_an_alert_is_announced_by_its_severity() -> None:
    critical = toast_of(event("AlertFired", title="Late", severity="critical"), DRILL)
    warning = toast_of(event("AlertFired", title="Late", severity="warning"), DRILL)
    assert critical is not None
    assert warning is not None
    assert (critical.status, warning.status) == (Status.CRITICAL, Status.WARNING)


def test_that_a_phase_is_announced_by_its_name() -> None:
    note = toast_of(event("PhaseStarted", phase="break-1"), DRILL)
    assert note is not None
    assert note.headline == "Tea Break"


def test_that_all_else_is_quiet() -> None:
    assert toast_of(event("MomentMarked", text="x"), DRILL) is None
    assert toast_of(event("PhaseStarted", phase="break-1"), None) is None
