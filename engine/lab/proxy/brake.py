"""Holds a transport's reading back while anybody wants it held."""

from __future__ import annotations

import asyncio
from enum import IntFlag


class Reason(IntFlag):
    """Who holds: the other side's full buffer, or a lane that is full."""

    OTHER_SIDE = 1
    LANE = 2


class Brake:
    """Of one side of a connection; the transport may come later and change."""

    __slots__ = ("_reasons", "_transport")

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._reasons = 0

    def put_on(self, transport: asyncio.Transport | None) -> None:
        """Another transport, or none; what held the last one for its lane holds this one too."""
        self._transport = transport
        self._reasons &= Reason.LANE
        if transport is not None and self._reasons:
            transport.pause_reading()

    def hold(self, reason: Reason) -> None:
        """Take nothing more for now."""
        is_first = not self._reasons
        if self._transport is None or self._transport.is_closing():
            return
        self._reasons |= reason
        if is_first:
            self._transport.pause_reading()

    def release(self, reason: Reason) -> None:
        """Take again, unless somebody else holds."""
        if not self._reasons & reason:
            return
        self._reasons &= ~reason
        if not self._reasons and self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()
