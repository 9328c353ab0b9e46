"""Control runs of a herring: a busy machine is measured again; no bite, or a part of the cause, is told."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, cycle, repeat
from typing import Any

import pytest

from engine.packs.find import SCENARIOS
from engine.packs.reader import read_pack
from engine.rehearsal import controls
from engine.rehearsal.controls import HerringControl
from engine.rehearsal.steps import Step, StepFailed
from engine.verification.comparison import LEAST_PAIRS
from protos.drill.v1.records import Chaos

WINDOWS = 2 * LEAST_PAIRS + 1


class Lead:
    """An engine whose herrings are seen as it is told."""

    def __init__(self, visible: Iterator[bool]) -> None:
        self._visible = visible
        self.on: list[str] = []
        self.started = 0

    def start_herring(self, pack: str, herring: str) -> str:
        """Start it."""
        self.started += 1
        self.on.append(f"chaos-{self.started}")
        return self.on[-1]

    def stop_chaos(self, chaos: str) -> None:
        """End it."""
        self.on.remove(chaos)


@pytest.fixture(autouse=True)
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time is of no interest here."""
    monkeypatch.setattr(controls, "wait", lambda seconds: None)


def control(monkeypatch: pytest.MonkeyPatch, windows: Iterator[float], visible: Iterator[bool]) -> Any:
    """A control that measures these windows."""
    pack = read_pack(SCENARIOS / "n_plus_one")
    made = HerringControl(pack, pack.herrings[0], Lead(visible))  # type: ignore[arg-type]
    monkeypatch.setattr(made, "_window", lambda: next(windows))
    monkeypatch.setattr(made, "_stop_if_on", lambda: None)
    monkeypatch.setattr(made, "_require_baseline", lambda step, from_ns: None)
    seen = {True: Chaos.__new__(Chaos), False: Chaos.__new__(Chaos)}
    for is_visible, one in seen.items():
        object.__setattr__(one, "visible", is_visible)
        object.__setattr__(one, "effect", "visible after 2 s" if is_visible else "no effect seen")
    monkeypatch.setattr(made, "_wait_until_observed", lambda chaos: seen[next(visible)])
    return made


def test_that_a_noisy_machine_is_measured_again(monkeypatch: pytest.MonkeyPatch) -> None:
    noisy = [value for _ in range(LEAST_PAIRS) for value in (100.0, 100.0, 900.0, 900.0)][:WINDOWS]
    made = control(monkeypatch, chain(noisy, repeat(100.0)), repeat(True))
    step = Step("herring under the fault")

    made.under_fault(step)

    assert step.detail["with_to_without"] == 1.0
    assert made._lead.on == []


def test_that_a_machine_that_stays_noisy_ends_the_step(monkeypatch: pytest.MonkeyPatch) -> None:
    made = control(monkeypatch, cycle([100.0, 100.0, 900.0, 900.0]), repeat(True))

    with pytest.raises(StepFailed, match="3 times: machine too noisy"):
        made.under_fault(Step("herring under the fault"))


def test_that_a_herring_that_makes_the_symptom_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made = control(monkeypatch, cycle([100.0, 900.0]), repeat(True))

    with pytest.raises(StepFailed, match="it is a part of the cause"):
        made.under_fault(Step("herring under the fault"))


def test_that_a_herring_has_three_chances_to_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    made = control(monkeypatch, repeat(1.0), iter([False, False, True]))
    made.alone(Step("herring alone"))
    assert made._lead.started == 3
    assert made._lead.on == []

    blunt = control(monkeypatch, repeat(1.0), repeat(False))
    with pytest.raises(StepFailed, match="does not bite, 3 times: no effect seen"):
        blunt.alone(Step("herring alone"))
    assert blunt._lead.on == []
