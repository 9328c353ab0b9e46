"""A run as a real one looks, for every test of the reports."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime

import pytest

from engine.packs.records import Verdict
from engine.reports.summary import (
    Chart,
    ContributingCondition,
    Entry,
    Figures,
    Fix,
    Gap,
    JudgedProbe,
    Judgement,
    Line,
    Loss,
    Mark,
    Phase,
    ProcessUse,
    Result,
    Style,
    Summary,
    Unit,
)
from engine.workspace.diffs import compare

ZERO_S = 2 * 3600 + 55 * 60
SYMPTOM_S, FIXED_S, END_S = 724.0, 2896.0, 3300.0
_MONEY = '''"""Prices and totals of a charge."""

from dataclasses import dataclass

VAT = 0.0625


@dataclass(frozen=True)
class ChargeLine:
    """One metered line, priced below a cent."""

    quantity: int
    unit_price: float


def gross_cents(line: ChargeLine, discount: float) -> int:
    """What the customer pays for one line."""
    net = line.quantity * float(line.unit_price) * (1 - discount)
    return int(net * (1 + VAT) * 100)
'''
_EXACT_MONEY = '''"""Prices and totals of a charge."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

VAT = Decimal("0.0625")
CENT = Decimal("0.01")


@dataclass(frozen=True)
class ChargeLine:
    """One metered line, priced below a cent."""

    quantity: int
    unit_price: Decimal


def gross_cents(line: ChargeLine, discount: Decimal) -> int:
    """What the customer pays for one line."""
    net = line.quantity * line.unit_price * (1 - discount)
    # The contract names one place where money is rounded: here, half up.
    gross = (net * (1 + VAT)).quantize(CENT, ROUND_HALF_UP)
    return int(gross * 100)
'''
_ONCE = '''"""One charge a key."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from models import Charge

_recent_keys: dict[str, Charge] = {}


def charge_once(session: Session, key: str, make: Callable[[], Charge]) -> Charge:
    """The charge of `key`, made at most once."""
    if key in _recent_keys:
        return _recent_keys[key]
    charge = make()
    _recent_keys[key] = charge
    return charge
'''
_ONCE_IN_TABLE = '''"""One charge a key."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from models import Charge


def charge_once(session: Session, key: str, make: Callable[[], Charge]) -> Charge:
    """The charge of `key`, made at most once."""
    statement = insert(Charge).values(key=key).on_conflict_do_nothing()
    inserted = session.execute(statement).rowcount == 1
    return make() if inserted else session.scalars(select(Charge).filter_by(key=key)).one()
'''


def _diff() -> str:
    before = {"billing/money.py": _MONEY.encode(), "billing/once.py": _ONCE.encode()}
    after = {"billing/money.py": _EXACT_MONEY.encode(), "billing/once.py": _ONCE_IN_TABLE.encode()}
    return compare(before, after).text


def _latency(base_ms: float, spread: float, noise: random.Random) -> tuple[float, ...]:
    values = []
    for second in range(int(END_S)):
        busy = 1.0 + 0.55 / (1 + math.exp(-(second - 690) / 25)) - 0.5 / (1 + math.exp(-(second - 2850) / 20))
        value = base_ms * busy * (1 + spread * abs(noise.gauss(0, 1)))
        values.append(math.nan if 2600 <= second < 2632 or second < 8 else value)
    return tuple(values)


def _drift(noise: random.Random) -> tuple[tuple[float, ...], tuple[float, ...]]:
    absolute, net, total, walk = [], [], 0.0, 0.0
    for second in range(int(END_S)):
        if 712 <= second < 2700 and noise.random() < 0.2:
            total += noise.choice((1, 1, 1, 2))
            walk += noise.choice((-1, 1, 1, -1, 0))
        if second >= 2860:
            total = walk = 0.0
        absolute.append(total)
        net.append(walk)
    return tuple(absolute), tuple(net)


def _charts() -> tuple[Chart, ...]:
    noise = random.Random(7)
    x = tuple(float(second) for second in range(int(END_S)))
    absolute, net = _drift(noise)
    latency = Chart(
        "Latency",
        "charge requests, from the clients' side",
        Unit.MS,
        (
            Line("P50", "p50", x, _latency(31, 0.06, noise)),
            Line("P95", "p95", x, _latency(52, 0.1, noise)),
            Line("P99", "p99", x, _latency(74, 0.22, noise)),
        ),
        limit=200.0,
        limit_label="SLO P95 200 ms",
    )
    drift = Chart(
        "Ledger drift",
        "stored rows against exact amounts",
        Unit.CENTS,
        (Line("absolute", "billing", x, absolute, Style.AREA), Line("net", "baseline", x, net, Style.DASHED)),
    )
    return latency, drift


_ENTRIES = (
    Entry(0, "02:55:00", Mark.INFO, "Drill opened; base traffic at 4 requests a second, level 2."),
    Entry(300, "03:00:00", Mark.INFO, "Phase 1, Dark Room, began."),
    Entry(
        690,
        "03:06:30",
        Mark.INFO,
        "Month-end billing run began: 15 charges a second with sub-cent prices.",
        "Month end",
    ),
    Entry(
        724, "03:07:04", Mark.CRITICAL, "Symptom confirmed: drift of 1 cent or more, held for 5 s.", "Symptom"
    ),
    Entry(
        735,
        "03:07:15",
        Mark.WARNING,
        "Alert: ledger does not match orders. Drift above 1 cent.",
        "Ledger mismatch",
    ),
    Entry(752, "03:07:32", Mark.CRITICAL, "SEV-2 page sent to the on-call team.", "Paged"),
    Entry(790, "03:08:10", Mark.OK, "Page acknowledged after 38 s."),
    Entry(
        1215,
        "03:15:15",
        Mark.INFO,
        "H1 stated: connection pool of billing is too small, charges are lost.",
        "H1 pool",
    ),
    Entry(
        1630,
        "03:22:10",
        Mark.HERRING,
        "H1 ruled out: the pool never passed 42 %, no charge was missing.",
        "H1 ruled out",
    ),
    Entry(
        1780,
        "03:24:40",
        Mark.INFO,
        "H2 stated: billing rounds binary floats, half cents fall to the wrong side.",
        "H2 float",
    ),
    Entry(
        2120,
        "03:30:20",
        Mark.OK,
        "H2 judged right, with trace 4bf92f35 and 12 stored rows as evidence.",
        "Cause named",
    ),
    Entry(
        2410,
        "03:35:10",
        Mark.INFO,
        "Fix proposed: Decimal from strings, one rounding boundary, one charge a key.",
    ),
    Entry(2600, "03:38:20", Mark.INFO, "Fix 9c1e07d deployed to billing; ready after 1.4 s.", "9c1e07d"),
    Entry(
        2700,
        "03:40:00",
        Mark.INFO,
        "Old rows put right by the repair script: 366 charges.",
        "History repaired",
    ),
    Entry(2896, "03:43:16", Mark.OK, "Verdict right: every probe held.", "Verified"),
)
_PROBES = (
    JudgedProbe(
        "exact invoices", "Are 500 hidden invoices stored to the cent?", True, "0 of 500 off", "0 off"
    ),
    JudgedProbe(
        "half-cent ties",
        "Do ties of both signs round half up at the boundary?",
        True,
        "64 of 64",
        "64 of 64",
        ("2.675 stored as 2.68, row charges/8841",),
    ),
    JudgedProbe("order of events", "Do permuted events give the same total?", True, "€0.00 apart", "€0.00"),
    JudgedProbe(
        "split and recombine", "Do the parts of a split charge add up to it?", True, "187 of 187", "all"
    ),
    JudgedProbe("charge and refund", "Does a refund bring the balance back to zero?", True, "€0.00", "€0.00"),
    JudgedProbe(
        "idempotency",
        "Is one key charged once when sent twice at the same moment?",
        True,
        "200 charges",
        "200 charges",
        ("trace 4bf92f3577b34da6a3ce929d0e0e4736",),
    ),
    JudgedProbe("history", "Were rows written before the fix put right?", True, "0 rows off", "0 rows off"),
    JudgedProbe("workers", "Is it exact with 1 and with 8 workers?", True, "0 cents, 0 cents", "0 cents"),
    JudgedProbe(
        "goodput",
        "Does it keep up with the reference under the billing run?",
        True,
        "0.97 of reference",
        "≥ 0.62 of reference",
    ),
)


@pytest.fixture(scope="session")
def example_summary() -> Summary:
    """A team's hour with a drifting ledger, found, fixed and judged right."""
    return Summary(
        title="Pennies at month end",
        codename="copper-lantern",
        severity="SEV-2",
        story=(
            "From 03:07 the ledger and the stored charges drifted apart, a cent at a time, while every dashboard of "
            "the platform stayed green. The month-end billing run brought prices below a cent, and the billing "
            "service turned them into binary floats. The drift was stopped, the stored history put right."
        ),
        started=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
        run_name="Team Heron, run 04",
        seed=7,
        level=2,
        figures=Figures("Ledger drift", Unit.CENTS, 366.0, 0.0, SYMPTOM_S, FIXED_S, 57.0, 91.0, 58.0),
        clock_zero_s=ZERO_S,
        phases=(
            Phase("Orientation", 0, 300),
            Phase("Phase 1, Dark Room", 300, 1700),
            Phase("Break", 1700, 1760),
            Phase("Phase 2, Deep Dive", 1760, 2950),
            Phase("Post-mortem", 2950, END_S),
        ),
        entries=_ENTRIES,
        charts=_charts(),
        results=(
            Result("Root cause named after the symptom", "23 min 16 s", "40 min or less", True),
            Result("Fix success", "100 %", "100 %", True),
            Result("Observability coverage", "99.8 %", "100 %", False),
            Result("Stress test of the deployed fix", "held", "held", True),
            Result("AI decisions that proved right", None, "90 % or more", None),
        ),
        conditions=(
            ContributingCondition(
                "Binary floats for money",
                "Billing multiplied prices below a cent as floats and truncated the result. Half cents fell to the "
                "wrong side in 45 of 100 charges of the billing run.",
            ),
            ContributingCondition(
                "A cache as the guard against double charges",
                "Forty recent keys were remembered in memory. Under load a retry came back after its key was gone.",
            ),
            ContributingCondition(
                "No alert on the ledger's own promise",
                "Latency and errors had thresholds; the difference between stored and exact amounts had none.",
            ),
        ),
        fix=Fix("Exact decimal amounts and one charge a key", "9c1e07d4aa1b52c7", _diff()),
        judgement=Judgement(Verdict.RIGHT, _PROBES, duration_s=47.0),
        processes=(
            ProcessUse("gateway", 21.0, 71.0),
            ProcessUse("billing", 34.0, 78.0, 1),
            ProcessUse("ledger", 12.0, 66.0),
            ProcessUse("postgres", 18.0, 142.0),
            ProcessUse("load generator", None, 54.0),
        ),
        losses=(
            Loss("Spans dropped by the receiver", 0),
            Loss("Log records over the text budget", 1284, "their counts are kept, their text is not"),
            Loss("Requests held back by the load limit", 12, "no latency was recorded for them"),
            Loss("Seconds without a percentile", 40),
        ),
        gaps=(
            Gap(
                "P50, P95 and P99 from 03:38:20 to 03:38:52",
                "billing was being replaced and no request finished",
            ),
            Gap("Decisions on AI suggestions", "the AI desk was closed for the whole run"),
        ),
    )
