"""An unrelated job that needs the processor."""

from __future__ import annotations

from engine.lab.actuators.job import Job


class CpuSpike(Job):
    """One process busy for `percent` of one core, at the lowest priority."""

    kind = "cpu"

    def amount(self) -> float:
        """Percent of one core."""
        return self.intensity["percent"]
