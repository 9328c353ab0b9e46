"""Who may see which event: one explicit table. What has no row is a bug that a test finds."""

from __future__ import annotations

from enum import StrEnum

from engine.drill import events as e


class Audience(StrEnum):
    """On whose behalf a connection speaks."""

    FACILITATOR = "facilitator"
    PARTICIPANT = "participant"


_EVERYONE = frozenset(Audience)
_FACILITATOR = frozenset({Audience.FACILITATOR})

AUDIENCES: dict[type[e.Event], frozenset[Audience]] = {
    e.RunOpened: _FACILITATOR,
    e.RunResumed: _EVERYONE,
    e.RunClosed: _EVERYONE,
    e.PhaseStarted: _EVERYONE,
    e.WorkshopEnded: _EVERYONE,
    e.PhaseExtended: _EVERYONE,
    e.ClockHeld: _EVERYONE,
    e.ClockReleased: _EVERYONE,
    e.ScenarioTriggered: _FACILITATOR,
    e.ScenarioStopped: _FACILITATOR,
    e.SymptomConfirmed: _FACILITATOR,
    e.ChaosStarted: _FACILITATOR,
    e.ChaosObserved: _FACILITATOR,
    e.ChaosEnded: _FACILITATOR,
    e.StressStarted: _FACILITATOR,
    e.StressFinished: _FACILITATOR,
    e.AlertFired: _EVERYONE,
    e.AlertResolved: _EVERYONE,
    e.AlertAcknowledged: _EVERYONE,
    e.AlertRuleSaved: _EVERYONE,
    e.AlertRuleRemoved: _EVERYONE,
    e.HintReleased: _EVERYONE,
    e.MomentMarked: _EVERYONE,
    e.ServiceFailed: _EVERYONE,
    e.ServiceRecovered: _EVERYONE,
    e.FixProposed: _EVERYONE,
    e.FixDeployed: _EVERYONE,
    e.DeployFailed: _EVERYONE,
    e.VerificationRequested: _EVERYONE,
    e.VerificationCancelled: _EVERYONE,
    e.VerificationFinished: _EVERYONE,
    e.ReportWritten: _FACILITATOR,
}


def may_see(audience: Audience, event: e.Event) -> bool:
    """Whether that audience gets the event; the default is the facilitator alone."""
    return audience in AUDIENCES.get(type(event), _FACILITATOR)
