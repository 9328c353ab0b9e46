"""What a probe finds when it compares orders sent, answers and stored rows."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.packs.api import Bench, Reading, Reply, Request

from . import exact

_SHOWN = 8

_ORDERS_QUERY = """
    SELECT o.id, o.status, o.total_cents, l.sku, l.quantity, l.unit_price_cents
    FROM orders o JOIN order_lines l ON l.order_id = o.id WHERE o.id = ANY(%s) ORDER BY o.id, l.position
"""
_RESERVATIONS_QUERY = """
    SELECT order_id, sku, quantity, unit_price_cents FROM reservations WHERE order_id = ANY(%s)
"""
_STOCK_QUERY = """
    SELECT s.sku, s.received, s.reserved,
        coalesce((SELECT sum(r.quantity) FROM reservations r WHERE r.sku = s.sku), 0)
    FROM stock s WHERE s.sku = ANY(%s)
"""

Line = tuple[str, int, int | None]
"""SKU, quantity, price of a unit in cents"""


@dataclass(slots=True)
class Findings:
    """Everything that is not as it must be."""

    lines: list[str] = field(default_factory=list)

    def add(self, line: str) -> None:
        """Note one finding."""
        self.lines.append(line)

    def reading(self, asked: int, required: str) -> Reading:
        """The answer of a probe that looked at `asked` orders."""
        if not self.lines:
            return Reading(True, f"all of {asked} orders as they must be", required)
        measured = f"{len(self.lines)} findings in {asked} orders: {self.lines[0]}"
        return Reading(False, measured, required, self.lines[:_SHOWN])


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer to an order says; `demand_as_of` has the seconds of the wall clock by SKU, where marked."""

    order_id: int
    lines: tuple[Line, ...]
    total_cents: int
    is_marked: bool
    demand_as_of: Mapping[str, float]


def read_answer(reply: Reply) -> Answer | None:
    """The answer to an accepted order; None for any other, and for one that cannot be read."""
    if reply.status != 201:
        return None
    try:
        body = json.loads(reply.body)
        lines = tuple((line["sku"], line["quantity"], line["unit_price_cents"]) for line in body["lines"])
        as_of = {line["sku"]: line["demand_as_of"] for line in body["lines"] if line.get("demand_as_of")}
        seconds = {sku: datetime.fromisoformat(text).timestamp() for sku, text in as_of.items()}
        return Answer(body["id"], lines, body["total_cents"], bool(body.get("degraded")), seconds)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def lines_of(request: Request) -> list[tuple[str, int]]:
    """The SKUs and quantities that a request orders."""
    return [(line["sku"], line["quantity"]) for line in json.loads(request.body)["lines"]]


def check_price(
    shop: exact.Shop, answer: Answer, asked_s: float, answered_s: float, findings: Findings
) -> None:
    """Every price by the rule: of now, or marked and of a demand that is not too old."""
    for sku, _, price in answer.lines:
        as_of_s = answer.demand_as_of.get(sku) if answer.is_marked else None
        if as_of_s is None:
            allowed, said = shop.fresh_prices(sku, asked_s, answered_s), "unmarked"
        else:
            allowed = shop.marked_prices(sku, as_of_s, answered_s)
            said = f"marked as {answered_s - as_of_s:.1f} s old"
        if price not in allowed:
            wanted = " or ".join(map(str, sorted(allowed))) or f"a demand of at most {exact.OLDEST_S:.0f} s"
            findings.add(f"order {answer.order_id}: {sku} at {price} cents, {said}; must be {wanted}")


async def check_stored(bench: Bench, answers: Sequence[Answer], findings: Findings) -> None:
    """Each accepted order is stored as answered, and reserved with the same lines."""
    ids = [answer.order_id for answer in answers]
    statuses, stored = {}, defaultdict(list)
    for order_id, status, total_cents, *line in await bench.rows("orders", _ORDERS_QUERY, (ids,)):
        statuses[order_id] = (status, total_cents)
        stored[order_id].append(tuple(line))
    reserved: defaultdict[int, list[Any]] = defaultdict(list)
    for order_id, *line in await bench.rows("inventory", _RESERVATIONS_QUERY, (ids,)):
        reserved[order_id].append(tuple(line))
    for answer in answers:
        _compare(answer, statuses.get(answer.order_id), stored, reserved, findings)


def _compare(
    answer: Answer,
    found: tuple[str, int] | None,
    stored: Mapping[int, Sequence[Any]],
    reserved: Mapping[int, Sequence[Any]],
    findings: Findings,
) -> None:
    number, lines = answer.order_id, sorted(answer.lines)
    if found is None:
        findings.add(f"order {number}: accepted and not stored")
    elif found != ("accepted", answer.total_cents) or sorted(stored[number]) != lines:
        findings.add(f"order {number}: stored as {found} with {stored[number]}, answered {lines}")
    elif sorted(reserved.get(number, ())) != lines:
        shown = reserved.get(number) or "nothing"
        findings.add(f"order {number}: accepted with {lines}, reserved {shown}")


async def check_stock(bench: Bench, skus: Sequence[str], findings: Findings) -> Mapping[str, int]:
    """What is reserved of each product: never more than received, and what its reservations come to."""
    reserved_of = {}
    for sku, received, reserved, sum_of_rows in await bench.rows("inventory", _STOCK_QUERY, (list(skus),)):
        reserved_of[sku] = reserved
        if reserved > received or sum_of_rows > received:
            findings.add(f"{sku}: {max(reserved, sum_of_rows)} reserved of {received}")
        if reserved != sum_of_rows:
            findings.add(f"{sku}: {reserved} counted as reserved, the reservations come to {sum_of_rows}")
    for sku in skus:
        if sku not in reserved_of:
            findings.add(f"{sku}: the inventory does not know it")
    return reserved_of
