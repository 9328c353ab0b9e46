"""Bytes arrive later."""

from __future__ import annotations

from engine.lab.proxy.impairments.impairment import Impairment, Role


class Latency(Impairment):
    """`delay_ms`, give or take up to `jitter_ms` (uniform), on the way up; `both_ways` on the way down as well."""

    role = Role.DELAYS

    def delay_s(self, is_up: bool) -> float:
        """The delay of one chunk; its order among the others is kept by its lane."""
        if not is_up and not self.intensity.get("both_ways"):
            return 0.0
        self.count()
        jitter_ms = self.intensity.get("jitter_ms", 0.0)
        return max(0.0, self.intensity["delay_ms"] + self.dice.uniform(-jitter_ms, jitter_ms)) / 1000.0
