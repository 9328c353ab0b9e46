"""Requests that the other side fails to answer."""

from __future__ import annotations

from engine.lab.proxy.http_answers import LocalAnswer
from engine.lab.proxy.impairments.impairment import Impairment, Role, Treatment

_ANSWERS = (LocalAnswer(500, "Internal Server Error"), LocalAnswer(503, "Service Unavailable"))


class UpstreamErrors(Impairment):
    """`percent` of requests are answered 500 or 503 here; the other side never sees them."""

    role = Role.TREATS

    def treat(self, treatment: Treatment) -> None:
        """Fail this one, or not; one that is refused already stays so."""
        if treatment.answer is None and self.hits():
            self.count()
            treatment.answer = self.dice.choice(_ANSWERS)
