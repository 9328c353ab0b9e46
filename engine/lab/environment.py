"""One isolated set of everything a scenario needs: database server, proxy, services, and the meter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.lab.records import (
    EnvironmentSettings,
    LabEvent,
    ServiceFailedToStart,
    ServiceStarted,
    ServiceStatus,
    ThreadGroup,
)
from engine.packs.records import Pack

__all__ = ["Environment", "EnvironmentSettings"]


def _ignore(event: LabEvent) -> None:
    """The listener of an environment that nobody watches."""


class Environment:
    """`async with Environment(settings, on_event) as env: await env.start(...)`; leaving it ends every process.

    `on_event` is called on the event loop and must not block. Start it in the main thread's event loop: on Linux a
    child ends with the thread that started it.
    """

    def __init__(self, settings: EnvironmentSettings, on_event: Callable[[LabEvent], None] = _ignore) -> None:
        self.settings = settings
        self._on_event = on_event

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(
        self, pack: Pack, sources: Mapping[str, Path], progress: Callable[[str], None] = print
    ) -> Mapping[str, ServiceStarted | ServiceFailedToStart]:
        """Start all of it with the given source folder of each service; one outcome a service.

        A service that does not start leaves the rest running, so that it can be deployed again. Raises LabError
        where the machine lacks something.
        """
        raise NotImplementedError

    async def deploy(self, service: str, source: Path) -> ServiceStarted | ServiceFailedToStart:
        """Start `source` beside the running version, turn its edges to it, and drain and stop the old one.

        If it does not start, the old version keeps running.
        """
        raise NotImplementedError

    async def restart(self, service: str) -> ServiceStarted | ServiceFailedToStart:
        """Stop the service, then start it again from the source that it ran."""
        raise NotImplementedError

    async def reset_databases(self) -> Mapping[str, ServiceStarted | ServiceFailedToStart]:
        """Stop the services, replace every database by an empty one, and start the services again."""
        raise NotImplementedError

    async def start_meter(self, seed: int) -> None:
        """Run the pack's meter in a process of its own; each second it reports `MeterRead`."""
        raise NotImplementedError

    @property
    def entry_url(self) -> str:
        """Where clients reach the entry service: through the proxy."""
        raise NotImplementedError

    def database_dsn(self, name: str) -> str:
        """A superuser's connection string for a database, direct and not through the proxy."""
        raise NotImplementedError

    def statuses(self) -> tuple[ServiceStatus, ...]:
        """Every service of the pack, in the pack's order."""
        raise NotImplementedError

    async def stacks(self, service: str) -> tuple[ThreadGroup, ...]:
        """The threads of a service, grouped by where they stand."""
        raise NotImplementedError

    async def edge_counts(self) -> Mapping[str, object]:
        """The proxy's counts, by edge name (`source->target`)."""
        raise NotImplementedError

    async def stop(self) -> None:
        """End everything; safe to call twice."""
