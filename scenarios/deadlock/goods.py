"""The judge's own products and orders: made for one question each, with SKUs and customers of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import time
from typing import Any

from engine.packs.api import Bench, CannotMeasure, Reply, Request

from . import exact, traffic
from .findings import Answer, Findings, check_price, lines_of, read_answer

_PLENTY = 10_000_000
_IMPORTED_AT_ONCE = 20


class Goods:
    """Products of one probe in the submitted system, and beside them the shop as it must be."""

    def __init__(self, bench: Bench, tag: str, count: int, stock: int = _PLENTY) -> None:
        self._bench = bench
        self._draws = traffic.Draws(bench.seed, tag)
        prefix = f"{tag}-{bench.seed % 9973:04d}"
        self.skus = [f"{prefix}-{number}" for number in range(count)]
        self.shop = exact.Shop()
        self._stock = stock

    async def bring_in(self, stock: int | None = None) -> None:
        """Import the products, each at a new list price. Raises CannotMeasure where that is refused."""
        self._stock = self._stock if stock is None else stock
        products = [self._product(sku) for sku in self.skus]
        for start in range(0, len(products), _IMPORTED_AT_ONCE):
            some = products[start : start + _IMPORTED_AT_ONCE]
            reply = await self._bench.send(traffic.put_products(some))
            if reply.status != 200:
                raise CannotMeasure(f"an import of products was answered {reply.status}: {reply.body[:80]!r}")
        for product in products:
            self.shop.take_over(product["sku"], product["list_price_cents"], product["stock"])

    def orders(self, count: int, units: int = 1) -> list[Request]:
        """Orders of one product each, spread over all of them."""
        return [self.order([(self.skus[number % len(self.skus)], units)]) for number in range(count)]

    def order(self, lines: Sequence[tuple[str, int]]) -> Request:
        """An order of a customer of the judge's."""
        return traffic.post_order(f"cu-j{self._draws.below(9000)}", lines)

    async def one_by_one(self, requests: Sequence[Request], findings: Findings) -> list[Answer]:
        """Send orders one after the other; each must be answered as the shop says."""
        answers = []
        for request in requests:
            asked_s = time()
            reply = await self._bench.send(request)
            answer = self.check_one(request, reply, asked_s, findings)
            if answer is not None:
                answers.append(answer)
        return answers

    def check_one(self, request: Request, reply: Reply, asked_s: float, findings: Findings) -> Answer | None:
        """An answer that came just now against the shop; the order counts from now on."""
        lines, answered_s = lines_of(request), time()
        is_in_stock, answer = self.shop.has(lines), read_answer(reply)
        if answer is None or not is_in_stock:
            if is_in_stock or reply.status != 409:
                wanted = "201 with its prices" if is_in_stock else "409, out of stock"
                findings.add(
                    f"order of {lines}: answered {reply.status} {reply.body[:80]!r}, must be {wanted}"
                )
            return None
        if [(sku, units) for sku, units, _ in answer.lines] != lines:
            findings.add(f"order {answer.order_id}: answered {answer.lines}, ordered were {lines}")
            return None
        check_price(self.shop, answer, asked_s, answered_s, findings)
        if None not in {price for _, _, price in answer.lines} and answer.total_cents != _total(answer):
            findings.add(f"order {answer.order_id}: total {answer.total_cents}, its lines {_total(answer)}")
        self.shop.accept(lines, answered_s)
        return answer

    async def burst(
        self, requests: Sequence[Request], at_once: int, findings: Findings, timeout_s: float = 6.0
    ) -> list[Answer]:
        """Send orders at once; prices may be of any moment of the burst. The answers that came."""
        asked_s = time()
        result = await self._bench.send_all(requests, at_once, timeout_s)
        answered_s, answers = time(), []
        for request, reply in zip(requests, result.replies, strict=True):
            answer = read_answer(reply)
            if answer is not None:
                self.shop.accept(lines_of(request), answered_s)
                answers.append(answer)
        for answer in answers:
            check_price(self.shop, answer, asked_s, answered_s, findings)
        return answers

    def _product(self, sku: str) -> dict[str, Any]:
        price = 100 * (5 + self._draws.below(195))
        return {**traffic.product(sku, self._bench.seed), "stock": self._stock, "list_price_cents": price}


def _total(answer: Answer) -> int:
    return sum(units * (price or 0) for _, units, price in answer.lines)


def waves(requests: Sequence[Request], at_once: int, least: int = 48) -> Iterator[Sequence[Request]]:
    """The requests in parts that each fill `at_once`, so that a system that hangs is left after one."""
    size = max(least, at_once)
    for start in range(0, len(requests), size):
        yield requests[start : start + size]
