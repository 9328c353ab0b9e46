"""The load generator's HTTP client as a library: for whoever needs the answers, such as the judge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.packs.api import LoadResult, Reply, Request
from engine.packs.records import LoadProfile


@dataclass(frozen=True, slots=True)
class Played:
    """A finished open-loop run. `result` has one reply an index, `repeats` the replies to repeated requests by index.

    A request that was dropped (the profile's `max_in_flight` was reached) has a reply with status 0.
    """

    result: LoadResult
    repeats: dict[int, Reply]
    dropped: int


class LoadClient:
    """Clients of one target, in this process: `async with LoadClient(target_url) as client:`."""

    def __init__(self, target_url: str) -> None:
        self._target_url = target_url

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        raise NotImplementedError

    async def send(self, request: Request, timeout_s: float = 10.0) -> Reply:
        """Send one request now; `repeat_after_s` is not followed."""
        raise NotImplementedError

    async def send_all(
        self, requests: Sequence[Request], at_once: int, timeout_s: float = 10.0
    ) -> LoadResult:
        """Send them with `at_once` in flight; replies in the order of `requests`."""
        raise NotImplementedError

    async def play(
        self, pack_folder: Path, profile: LoadProfile, seed: int, seconds: float, first: int = 0
    ) -> Played:
        """Open-loop traffic of a profile for `seconds`, then wait until every request (and repeat) has ended."""
        raise NotImplementedError
