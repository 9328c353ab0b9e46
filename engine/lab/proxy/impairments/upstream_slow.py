"""Requests that the other side is slow to answer."""

from __future__ import annotations

from engine.lab.proxy.impairments.impairment import Impairment, Role, Treatment


class UpstreamSlow(Impairment):
    """Every request waits `delay_ms` before it is passed on."""

    role = Role.TREATS

    def treat(self, treatment: Treatment) -> None:
        """Delay this one, unless it is answered here."""
        if treatment.answer is None:
            self.count()
            treatment.delay_s += self.intensity["delay_ms"] / 1000.0
