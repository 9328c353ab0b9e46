"""Pages that were read before, until the tenant's orders change."""

from __future__ import annotations

from collections import defaultdict
from threading import Lock

from schemas import OrderView

Key = tuple[int, int]
"""page, size"""
Kept = tuple[int, list[OrderView]]
"""how many orders the tenant has, and those of the page without their parcels"""

_lock = Lock()
_pages: defaultdict[str, dict[Key, Kept]] = defaultdict(dict)
_writes: defaultdict[str, int] = defaultdict(int)


def writes_of(tenant: str) -> int:
    """How often the tenant's orders were written to. Ask before reading what is to be kept."""
    with _lock:
        return _writes[tenant]


def get(tenant: str, key: Key) -> Kept | None:
    """The page, if it was read since the last write."""
    with _lock:
        return _pages[tenant].get(key)


def put(tenant: str, key: Key, page: Kept, writes: int) -> None:
    """Keep a page, unless something was written since it was read."""
    with _lock:
        if _writes[tenant] == writes:
            _pages[tenant][key] = page


def forget(tenant: str) -> None:
    """Call it after every write."""
    with _lock:
        _writes[tenant] += 1
        _pages[tenant].clear()
