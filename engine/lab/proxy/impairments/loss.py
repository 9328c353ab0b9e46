"""Connections that get lost."""

from __future__ import annotations

from collections.abc import Iterable

from engine.lab.proxy.impairments.impairment import Breakable, Impairment, Role


class Loss(Impairment):
    """`percent` of new connections end at once without an answer, and of those in use that many each second."""

    role = Role.BREAKS

    def joined(self, connection: Breakable) -> None:
        """Drop a new one, or not."""
        if self.hits():
            self.count()
            connection.close()

    def round(self, connections: Iterable[Breakable]) -> None:
        """Break living ones in the middle of what they do."""
        for connection in connections:
            self.joined(connection)
