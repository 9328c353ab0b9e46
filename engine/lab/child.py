"""A process that is about to become a service."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Child:
    """A process that runs the service runner and waits for its spec; `ended` gets its exit code."""

    pid: int
    commands: asyncio.StreamWriter
    events: asyncio.StreamReader
    output: asyncio.StreamReader
    ended: asyncio.Future[int]
    closers: tuple[Callable[[], None], ...] = field(default=())

    def close(self) -> None:
        """Let go of its pipes; call it once the process has ended and was read."""
        self.commands.close()
        for close in self.closers:
            close()
