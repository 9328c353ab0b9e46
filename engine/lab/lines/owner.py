"""What every owner of a helper process can do: start it, stop it, and be an `async with` block around both."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from engine.lab.lines.child import LineChild


class LineOwner:
    """Owns one helper. Calls raise HelperFailed once its process is gone, and LabError where it refuses."""

    def __init__(self, child: LineChild) -> None:
        self._child = child

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start the process and wait until it takes commands."""
        await self._child.start()

    async def stop(self) -> None:
        """End the process and what it does; safe to call twice."""
        await self._child.stop()

    @property
    def pid(self) -> int | None:
        """The process id, or None before the start."""
        return self._child.pid
