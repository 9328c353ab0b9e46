"""What a probe finds when it compares requests, answers and stored rows."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from engine.packs.api import Bench, LoadResult, Reading, Reply, Request

from . import exact
from .books import COLUMNS_QUERY, Books, Row, Unreadable, balance_error, charge_error

_SHOWN = 8


@dataclass(slots=True)
class Findings:
    """Everything that is not as it must be; nothing found means exact."""

    cents: int = 0
    doubled: int = 0
    lines: list[str] = field(default_factory=list)

    def add(self, line: str, cents: int = 0) -> None:
        """Note one finding."""
        self.lines.append(line)
        self.cents += cents

    def reading(
        self, asked: int, required: str = "0 cents off, every request answered and stored once"
    ) -> Reading:
        """The answer of a probe that looked at `asked` things."""
        if not self.lines:
            return Reading(True, f"0 cents off in {asked}", required)
        doubled = f", {self.doubled} charged twice" if self.doubled else ""
        measured = f"{self.cents} cents off, {len(self.lines)} findings in {asked}{doubled}: {self.lines[0]}"
        return Reading(False, measured, required, self.lines[:_SHOWN])


@dataclass(frozen=True, slots=True)
class Stored:
    """What billing and ledger hold of some customers."""

    rows: Mapping[str, Sequence[Row]]
    """by key, the first one first"""
    balances: Mapping[str, int]
    entered: frozenset[str]


async def stored_of(bench: Bench, customers: Iterable[str]) -> Stored:
    """Rows, balances and ledger keys of these customers. Raises Unreadable."""
    return await _stored(bench, "{}.customer = ANY(%s)", (sorted(set(customers)),))


async def all_stored(bench: Bench) -> Stored:
    """Rows, balances and ledger keys of everybody. Raises Unreadable."""
    return await _stored(bench, "true", ())


async def _stored(bench: Bench, where: str, params: Sequence[object]) -> Stored:
    books = Books(await bench.rows("billing", COLUMNS_QUERY))
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for found in await bench.rows("billing", books.charges_query(where.format("c")), params):
        row = books.charge(found)
        rows[row.key].append(row)
    balances = await bench.rows("billing", books.accounts_query(where.format("a")), params)
    entries = await bench.rows("ledger", f"SELECT e.key FROM entries e WHERE {where.format('e')}", params)
    return Stored(rows, dict(map(books.balance, balances)), frozenset(key for (key,) in entries))


async def compare(
    bench: Bench, expected: Mapping[str, exact.Expected], findings: Findings | None = None
) -> Findings:
    """What is stored against what must be, for all customers that `expected` names."""
    findings = Findings() if findings is None else findings
    try:
        stored = await stored_of(bench, (charge.customer for charge in expected.values()))
    except Unreadable as error:
        findings.add(str(error))
        return findings
    compare_stored(expected, stored, findings)
    return findings


def compare_stored(expected: Mapping[str, exact.Expected], stored: Stored, findings: Findings) -> None:
    """Each key has the row that it must have, and each balance is the sum of its rows."""
    for key, charge in expected.items():
        _compare_key(key, charge, stored, findings)
    owed: defaultdict[str, int] = defaultdict(int)
    for key_rows in stored.rows.values():
        for row in key_rows:
            owed[row.customer] += row.cents
    for customer in sorted(owed):
        balance = stored.balances.get(customer, 0)
        if off := balance_error(balance, owed[customer]).absolute:
            findings.add(f"balance of {customer}: {euros(balance)}, charges {euros(owed[customer])}", off)


def _compare_key(key: str, charge: exact.Expected, stored: Stored, findings: Findings) -> None:
    rows = stored.rows.get(key, ())
    if not rows:
        findings.add(f"{key}: answered and not stored", abs(charge.cents))
        return
    error = charge_error(rows[0], charge)
    if error.absolute:
        parts = f" in parts {list(rows[0].parts)}" if charge.parts else ""
        wanted = f" in parts {list(charge.parts)}" if charge.parts else ""
        line = f"{key}: stored {euros(rows[0].cents)}{parts}, must be {euros(charge.cents)}{wanted}"
        findings.add(line, error.absolute)
    if len(rows) > 1:
        findings.doubled += 1
        findings.add(f"{key}: charged {len(rows)} times", sum(abs(row.cents) for row in rows[1:]))
    if key not in stored.entered:
        findings.add(f"{key}: not posted to the ledger")


def check_replies(
    requests: Sequence[Request],
    result: LoadResult,
    expected: Mapping[str, exact.Expected],
    findings: Findings,
) -> None:
    """Every request answered, with the amount that it comes to; the cents are counted where they are stored."""
    for request, reply in zip(requests, result.replies, strict=True):
        key = request.headers["idempotency-key"]
        if not 200 <= reply.status < 300:
            findings.add(f"{key}: answered {reply.status or 'nothing in time'}")
        elif (amount := amount_in(reply)) != expected[key].cents:
            shown = "nothing" if amount is None else euros(amount)
            findings.add(f"{key}: answered {shown}, must be {euros(expected[key].cents)}")


def amount_in(reply: Reply, name: str = "amount") -> int | None:
    """The cents that an answer names, as a number or as text; None where it names none."""
    try:
        body = json.loads(reply.body)
        value = body.get(f"{name}_cents")
        return int(value) if value is not None else exact.to_cents(Fraction(Decimal(str(body[name]))))
    except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation):
        return None


def euros(cents: int) -> str:
    """Cents as people read them."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"
