"""The control runs of a red herring: it bites, it is harmless alone, and without it the incident is the same."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

import numpy as np

from engine.packs.api import CannotMeasure, Comparison
from engine.packs.formulas import compares, show_formula
from engine.packs.records import Herring, Pack
from engine.rehearsal.steps import LOOK_EVERY_S, Step, StepFailed, wait
from engine.verification.comparison import LEAST_PAIRS, compare
from protos.drill.v1.records import Chaos, FloatArray

if TYPE_CHECKING:
    from protos.drill.v1.client import DrillClient

SEEN_WITHIN_S = 40.0
ALONE_S = 10.0
SETTLE_S = 2.0
WINDOW_S = 4.0
TRIES = 3
"""A machine that has other things to do is measured again: that it was busy says nothing of the herring."""
REST_S = 10.0


class HerringControl:
    """Measures one red herring on the run that `lead` has open."""

    def __init__(self, pack: Pack, herring: Herring, lead: DrillClient) -> None:
        self._pack = pack
        self._herring = herring
        self._lead = lead

    def alone(self, step: Step) -> None:
        """Before any trigger: it is seen in its own series, and every baseline holds beside it."""
        for tries_left in reversed(range(TRIES)):
            chaos = self._lead.start_herring(self._pack.id, self._herring.id)
            try:
                seen = self._wait_until_observed(chaos)
                step.detail["effect"] = seen.effect
                if seen.visible:
                    wait(ALONE_S)
                    self._require_baseline(step, time.time_ns() - round(ALONE_S * 1e9))
                    return
            finally:
                self._lead.stop_chaos(chaos)
            if tries_left:
                wait(REST_S)
        raise StepFailed(f"it does not bite, {TRIES} times: {seen.effect}")

    def under_fault(self, step: Step) -> None:
        """Under the incident, in turn without, with and without it: the symptom stays and hardly moves."""
        self._take_over()
        series, tolerance = self._pack.symptom.condition.series, self._herring.tolerance
        step.detail |= {"series": series, "tolerance": tolerance}
        for tries_left in reversed(range(TRIES)):
            try:
                found = self._compared(tolerance)
                break
            except CannotMeasure as error:
                if not tries_left:
                    raise StepFailed(f"{series} without the herring, {TRIES} times: {error}") from error
                wait(REST_S)
        step.detail |= {"with_to_without": round(found.ratio, 3), "spread": round(found.spread, 3)}
        if not 1 / tolerance <= found.ratio <= tolerance:
            raise StepFailed(
                f"{series} is {found.ratio:.2f} times as high with the herring: it is a part of the cause"
            )

    def _compared(self, tolerance: float) -> Comparison:
        """Windows in turn. Raises CannotMeasure on a noisy machine."""
        without, beside = [self._window()], []
        for _ in range(LEAST_PAIRS):
            beside.append(self._window_beside())
            without.append(self._window())
        return compare(without, beside, tolerance)

    def _window_beside(self) -> float:
        """A window in which the herring is on."""
        chaos = self._lead.start_herring(self._pack.id, self._herring.id)
        try:
            return self._window()
        finally:
            self._lead.stop_chaos(chaos)

    def _window(self) -> float:
        """The symptom's measure over a window, after a moment to settle; the symptom must hold in it."""
        condition = self._pack.symptom.condition
        wait(SETTLE_S + WINDOW_S)
        values = self._values(condition.series, time.time_ns() - round(WINDOW_S * 1e9))
        if not len(values):
            raise StepFailed(f"{condition.series} was not measured for {WINDOW_S:.0f} s")
        middle = float(np.median(values))
        if not compares(condition, middle):
            raise StepFailed(
                f"the symptom is gone: {condition.series} is {middle:.2f}, not {show_formula(condition)}"
            )
        return max(middle, 1e-9)

    def _require_baseline(self, step: Step, from_ns: int) -> None:
        broken = []
        for condition in self._pack.baseline:
            values = self._values(condition.series, from_ns)
            middle = float(np.median(values)) if len(values) else math.nan
            step.detail[condition.series] = round(middle, 2)
            if not compares(condition, middle):
                broken.append(f"{condition.series} is {middle:.2f}, required {show_formula(condition)}")
        if broken:
            raise StepFailed("alone it breaks the SLO: " + "; ".join(broken))

    def _wait_until_observed(self, chaos: str) -> Chaos:
        began = time.monotonic()
        while time.monotonic() - began < SEEN_WITHIN_S:
            found = next(one for one in self._lead.snapshot().chaos if one.id == chaos)
            if found.effect:
                return found
            wait(LOOK_EVERY_S)
        raise StepFailed("the engine said neither that it is seen nor that it is not")

    def _take_over(self) -> None:
        """Have it off from now on: the engine starts a herring by itself, once after each trigger."""
        self._stop_if_on()
        self._lead.stop_chaos(self._lead.start_herring(self._pack.id, self._herring.id))

    def _stop_if_on(self) -> None:
        for one in self._lead.snapshot().chaos:
            if one.herring == self._herring.id and not one.ended_ns:
                self._lead.stop_chaos(one.id)

    def _values(self, series: str, from_ns: int) -> FloatArray:
        found = self._lead.read_series((series,), from_ns).series
        values = found[0].values if found else np.empty(0)
        return values[~np.isnan(values)]
