"""Connections that are reset."""

from __future__ import annotations

from collections.abc import Iterable

from engine.lab.proxy.impairments.impairment import Breakable, Impairment, Role


class Reset(Impairment):
    """`percent` of new connections get a reset (RST), and of those in use that many each second."""

    role = Role.BREAKS

    def joined(self, connection: Breakable) -> None:
        """Reset a new one, or not."""
        if self.hits():
            self.count()
            connection.reset()

    def round(self, connections: Iterable[Breakable]) -> None:
        """Reset living ones."""
        for connection in connections:
            self.joined(connection)
