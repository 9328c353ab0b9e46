"""Alert rules of people's own in words and numbers. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

import numpy as np

from app.time_axis import format_ago, format_clock_seconds
from app.widgets.charts import ChartEvent, EventKind, Unit
from app.widgets.charts.reduction import Floats
from app.widgets.charts.units import value_label
from protos.drill.v1.records import AlertRule, Firing

NS = 1_000_000_000
OPERATORS = (">", "≥", "<", "≤")
SENT = (">", ">=", "<", "<=")
SEVERITIES = ("warning", "critical")
USUAL_FOR_S = 10.0
LONGEST_FOR_S = 3600.0
SHOWN_FIRINGS = 3


def rule_text(rule: AlertRule) -> str:
    """What a rule asks, in one line: `service.billing.p95_ms > 400 for 10 s`."""
    op = OPERATORS[SENT.index(rule.op)] if rule.op in SENT else rule.op
    lasting = f" for {rule.for_s:g} s" if rule.for_s else ""
    return f"{rule.series} {op} {rule.value:g}{lasting}"


def usual_title(words: str, op: str, value: float, unit: Unit) -> str:
    """A name for a rule that nobody has named yet."""
    word = "above" if op.startswith(">") else "below"
    return f"{words} {word} {value_label(unit, value)}"


def first_value(values: Floats) -> float:
    """A limit to begin with: a round number a little above what was usual; 1 where nothing is known."""
    known = values[np.isfinite(values)]
    if not len(known):
        return 1.0
    usual = float(np.median(known))
    wanted = usual * 1.5 if usual > 0 else float(known.max()) * 1.5
    if not isfinite(wanted) or wanted <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(wanted))
    return float(next(step for step in (1.0, 2.0, 5.0, 10.0) if step * power >= wanted) * power)


def trial_text(firings: Sequence[Firing], offset_s: float, now_ns: int) -> str:
    """When a rule would have fired, in one sentence."""
    if not firings:
        return "It would not have fired in this run so far."
    often = "once" if len(firings) == 1 else f"{len(firings):,} times"
    last = [_stretch(one, offset_s, now_ns) for one in firings[-SHOWN_FIRINGS:]]
    words = "" if len(firings) <= SHOWN_FIRINGS else "; the last: "
    return f"It would have fired {often}{words or ': '}{', '.join(last)}."


def _stretch(firing: Firing, offset_s: float, now_ns: int) -> str:
    began = format_clock_seconds(firing.from_ns / NS, offset_s)
    if not firing.to_ns:
        return f"{began} until now"
    return f"{began} for {format_ago((firing.to_ns - firing.from_ns) / NS)}"


def trial_events(firings: Sequence[Firing], severity: str) -> tuple[ChartEvent, ...]:
    """The moments at which it would have fired, as markers above the chart."""
    kind = EventKind.PAGE if severity == "critical" else EventKind.ALERT
    return tuple(ChartEvent(one.from_ns / NS, kind, "would fire") for one in firings)
