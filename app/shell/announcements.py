"""Which events are worth a toast: alerts and phases; everything else is on the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.shell.screens import SIGNALS
from app.theme import Status
from app.widgets import ToastNote

if TYPE_CHECKING:
    from protos.drill.v1.records import Event, Snapshot


def toast_of(event: Event, snapshot: Snapshot | None) -> ToastNote | None:
    """The toast for an event, None for most; its key names the screen that shows the same by itself."""
    fields = event.fields
    if event.kind == "AlertFired":
        status = Status.CRITICAL if fields.get("severity") == "critical" else Status.WARNING
        title, detail = str(fields.get("title", "Alert")), str(fields.get("detail", ""))
        return ToastNote(status, title, detail, action="Open Signals", key=SIGNALS)
    if event.kind == "PhaseStarted" and snapshot is not None:
        names = {segment.id: segment.name for segment in snapshot.agenda}
        name = names.get(str(fields.get("phase")), "A new phase")
        return ToastNote(Status.INFO, name, "The phase has begun.")
    return None
