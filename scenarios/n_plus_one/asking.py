"""How probes ask: tenants of their own, brought in by the storefront's own calls, and pages held against a book."""

from __future__ import annotations

from collections.abc import Sequence

from engine.packs.api import Bench, LoadResult

from . import traffic
from .expected import Book, difference
from .findings import Findings
from .traffic import Tenant

PAGE_TIMEOUT_S = 25.0


def tenant_of(
    bench: Bench, name: str, orders: int, items: tuple[int, int] = (4, 4), per_day: int = 24
) -> Tenant:
    """A tenant that only one probe asks for."""
    return Tenant(f"{name}-{bench.seed % 90 + 10}", bench.seed, orders, items, per_day=per_day)


async def bring_in(bench: Bench, tenant: Tenant, findings: Findings) -> Book:
    """Import a tenant's history; what its pages must say."""
    orders = tenant.history()
    result = await bench.send_all(traffic.imports(tenant.name, orders), 1, PAGE_TIMEOUT_S)
    if result.good < len(result.replies):
        findings.add(f"imports of {tenant.name}: {len(result.replies) - result.good} refused")
    return Book(tenant.name, orders)


async def compare(
    bench: Bench, book: Book, pages: Sequence[tuple[int, int]], findings: Findings, at_once: int = 2
) -> LoadResult:
    """Read pages, each given by number and size, and hold them against the book."""
    requests = [traffic.page(book.tenant, number, size) for number, size in pages]
    result = await bench.send_all(requests, at_once, PAGE_TIMEOUT_S)
    for (number, size), reply in zip(pages, result.replies, strict=True):
        if said := difference(reply, book.page(number, size)):
            findings.add(f"{book.tenant}, page {number} of {size}: {said}")
    return result
