"""How many lines are late now, and by how much, read from the rows once a second."""

from __future__ import annotations

from collections.abc import Mapping

from engine.packs.api import Connection

_QUERY = "SELECT count(*) FILTER (WHERE late_minutes > 0), coalesce(max(late_minutes), 0) FROM lines"


class Meter:
    """The pack's meter; what makes readers wait is measured by the engine itself, outside of the services."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def read(self, databases: Mapping[str, Connection]) -> Mapping[str, float]:
        """The series now; none before the table is there."""
        routes = databases["routes"]
        if routes.execute("SELECT to_regclass('public.lines')").fetchone() == (None,):
            return {}
        late, most = routes.execute(_QUERY).fetchone()
        return {"lines.late": float(late), "lines.most_late_minutes": float(most)}
