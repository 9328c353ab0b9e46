"""Counts the statements of PostgreSQL's frontend protocol (version 3) as they pass."""

from __future__ import annotations

import struct

from engine.lab.proxy.tally import Tally

_SSL_REQUEST = 80877103
_GSS_REQUEST = 80877104
_CANCEL_REQUEST = 80877102
_HEADER_BYTES = 5
_START_BYTES = 8
_LONGEST_START_BYTES = 10_000
"""the server's own limit (MAX_STARTUP_PACKET_LENGTH)"""
_QUERY = ord("Q")
_EXECUTE = ord("E")


class PostgresWatch:
    """One client's connection: start-up (with an offer of encryption before it), then messages of type and length.

    Only headers are looked at; no payload is kept. An encrypted connection passes uncounted.
    """

    is_idle = False
    """a session has state in its server: it is never moved"""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._is_blind = False
        self._is_started = False
        self._awaits_answer_to_offer = False
        self._partial = b""
        self._payload_left = 0

    def client_sent(self, data: bytes) -> None:
        """Frontend messages, in any pieces."""
        at = 0
        while at < len(data) and not self._is_blind:
            if self._payload_left:
                skipped = min(self._payload_left, len(data) - at)
                self._payload_left -= skipped
                at += skipped
            else:
                at = self._read_header(data, at)

    def upstream_sent(self, data: bytes) -> None:
        """Of what comes down only the one byte that accepts or declines encryption matters."""
        if self._awaits_answer_to_offer and data:
            self._awaits_answer_to_offer = False
            if data[:1] in (b"S", b"G"):
                self._turn_blind()

    def upstream_changed(self) -> None:
        """The first upstream; there is no second."""

    def ended(self) -> None:
        """Statements are counted when sent, so that there is nothing to take back."""

    def _read_header(self, data: bytes, at: int) -> int:
        """Take what is missing of the header from `data`; returns where to go on."""
        wanted = _HEADER_BYTES if self._is_started else _START_BYTES
        taken = data[at : at + wanted - len(self._partial)]
        self._partial += taken
        if len(self._partial) == wanted:
            header, self._partial = self._partial, b""
            if self._is_started:
                self._take_message(header)
            else:
                self._take_start(header)
        return at + len(taken)

    def _take_message(self, header: bytes) -> None:
        kind, length = struct.unpack("!BI", header)
        if length < 4:
            self._turn_blind()
            return
        self._payload_left = length - 4
        if kind == _QUERY:
            self._tally.queries += 1
        elif kind == _EXECUTE:
            self._tally.executes += 1

    def _take_start(self, header: bytes) -> None:
        length, code = struct.unpack("!II", header)
        if not _START_BYTES <= length <= _LONGEST_START_BYTES:
            self._turn_blind()
            return
        self._payload_left = length - _START_BYTES
        if code in (_SSL_REQUEST, _GSS_REQUEST):
            self._awaits_answer_to_offer = True
        elif code != _CANCEL_REQUEST:
            self._is_started = True

    def _turn_blind(self) -> None:
        self._is_blind = True
        self._tally.unparsed += 1
