"""Answers that cannot be read."""

from __future__ import annotations

from engine.lab.proxy.impairments.impairment import Impairment, Role, Treatment


class UpstreamMalformed(Impairment):
    """`percent` of good answers become 200 with a broken JSON body; the other side did what it was asked."""

    role = Role.TREATS

    def treat(self, treatment: Treatment) -> None:
        """Spoil the answer to this one, or not."""
        if treatment.answer is None and self.hits():
            treatment.spoiled = self.count
