"""Load reports turned into the client's series, one value a second."""

from __future__ import annotations

from engine.lab.load.records import LoadReport, SecondOfLoad


class ClientStatistics:
    """Folds reports; a second is given out once, when the report that closes it has come."""

    def add(self, report: LoadReport) -> tuple[SecondOfLoad, ...]:
        """The seconds that are finished with this report, oldest first."""
        raise NotImplementedError
