"""What Control shows, computed from the snapshot and the events: no widgets here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.drill_time import clock_s_of, clock_text
from app.theme import Status
from app.widgets import CellKind, CellRole, Column
from protos.drill.v1.records import Clock, Event, Scenario, Snapshot

Index = QModelIndex | QPersistentModelIndex

COLUMNS: Final = (
    Column("Time", CellKind.TIME, 76),
    Column("What happened", CellKind.STATUS),
    Column("Who", CellKind.TEXT, 88),
)


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of what happened."""

    clock: str
    status: Status
    text: str
    who: str
    number: int


def happening(event: Event, clock: Clock) -> Happening:
    """An event as the facilitator reads it."""
    status, text = _told(event.kind, event.fields)
    return Happening(clock_text(clock_s_of(clock, event.drill_ms)), status, text, event.actor, event.number)


def _told(kind: str, fields: Mapping[str, Any]) -> tuple[Status, str]:
    """Status and sentence of an event; a kind without a sentence of its own is shown by its name."""
    if kind == "AlertFired":
        status = {"critical": Status.CRITICAL, "warning": Status.WARNING}.get(fields["severity"], Status.INFO)
        return status, f"Alert: {fields['title']}"
    if kind == "VerificationFinished":
        right = fields["verdict"] == "right"
        by = f" by {fields['probe']}" if fields["probe"] else ""
        return (Status.OK if right else Status.WARNING), f"Verdict: {fields['verdict']}{by}"
    templates = {
        "RunOpened": (Status.IDLE, "Run opened with seed {seed}"),
        "RunResumed": (Status.INFO, "Engine went on with the run"),
        "RunClosed": (Status.IDLE, "Run closed"),
        "PhaseStarted": (Status.INFO, "Segment started: {phase}"),
        "WorkshopEnded": (Status.INFO, "Workshop ended"),
        "PhaseExtended": (Status.INFO, "Segment extended by {minutes} min"),
        "ClockHeld": (Status.IDLE, "Clock held"),
        "ClockReleased": (Status.IDLE, "Clock released"),
        "ScenarioTriggered": (Status.CRITICAL, "Incident triggered"),
        "ScenarioStopped": (Status.IDLE, "Incident traffic stopped"),
        "SymptomConfirmed": (Status.CRITICAL, "Symptom measured: {measured}"),
        "AlertResolved": (Status.OK, "Alert over: {alert}"),
        "AlertAcknowledged": (Status.INFO, "Alert acknowledged: {alert}"),
        "HintReleased": (Status.INFO, "Hint released: {text}"),
        "MomentMarked": (Status.INFO, "Marked: {text}"),
        "ServiceFailed": (Status.WARNING, "{problem}"),
        "ServiceRecovered": (Status.OK, "{service} runs again"),
        "FixProposed": (Status.INFO, "Proposed: {title}"),
        "FixDeployed": (Status.INFO, "Deployed {commit:.8}"),
        "DeployFailed": (Status.WARNING, "{service} did not start with {commit:.8}"),
        "VerificationRequested": (Status.INFO, "Verification of {commit:.8} asked for"),
        "VerificationCancelled": (Status.IDLE, "Verification cancelled"),
        "ReportWritten": (Status.OK, "Report written"),
    }
    status, template = templates.get(kind, (Status.IDLE, kind))
    return status, template.format(**fields)


class HappeningsModel(QAbstractTableModel):
    """Events, newest first; repeated deliveries of a number are taken once."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Happening] = []

    def add(self, events: tuple[Event, ...], clock: Clock) -> None:
        """Put new events on top."""
        newest = self._rows[0].number if self._rows else 0
        fresh = [happening(event, clock) for event in events if event.number > newest]
        if fresh:
            self.beginInsertRows(QModelIndex(), 0, len(fresh) - 1)
            self._rows[:0] = reversed(fresh)
            self.endInsertRows()

    def clear(self) -> None:
        """Forget everything: another run was opened."""
        self.beginResetModel()
        self._rows.clear()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """How many events there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Time, text, who."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The cell's text, or its status."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (row.clock, row.text, row.who)[index.column()]
        if role == CellRole.STATUS and index.column() == 1:
            return row.status
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.text
        return None


@dataclass(frozen=True, slots=True)
class IncidentCard:
    """The incident's state in words, and which button fits."""

    status: Status
    word: str
    facts: tuple[tuple[str, str], ...]
    running: bool


def incident_card(scenario: Scenario, snapshot: Snapshot) -> IncidentCard:
    """What the scenario's card says."""
    running = scenario.state == "running"
    facts: list[tuple[str, str]] = []
    if scenario.triggered_drill_ms or running or scenario.state == "stopped":
        at = clock_text(clock_s_of(snapshot.clock, scenario.triggered_drill_ms))
        facts.append(("Triggered", at))
    if scenario.symptom_drill_ms:
        after_s = (scenario.symptom_drill_ms - scenario.triggered_drill_ms) / 1000
        facts.append(("Symptom measured", f"after {after_s:.0f} s"))
        facts.append(("Value then", scenario.symptom))
    elif running:
        facts.append(("Symptom", "not measured yet"))
    else:
        facts.append(("Expected symptom", scenario.symptom))
    status = Status.CRITICAL if running else Status.IDLE
    return IncidentCard(status, scenario.state, tuple(facts), running)


def next_segment(snapshot: Snapshot) -> str:
    """The name of the segment that `End phase` leads to; empty after the last."""
    states = [segment.state for segment in snapshot.agenda]
    following = (
        states.index("now") + 1 if "now" in states else states.index("future") if "future" in states else -1
    )
    return snapshot.agenda[following].name if 0 <= following < len(states) else ""
