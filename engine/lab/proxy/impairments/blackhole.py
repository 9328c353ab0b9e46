"""Bytes that are accepted and never passed."""

from __future__ import annotations

from engine.lab.proxy.impairments.impairment import Impairment, Role


class Blackhole(Impairment):
    """Connections are accepted and hang. A stream that has lost bytes cannot go on: its connection is reset at the
    end."""

    role = Role.SWALLOWS
