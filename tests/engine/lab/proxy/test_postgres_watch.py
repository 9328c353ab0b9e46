"""The framing of PostgreSQL's frontend protocol, in all pieces in which it can arrive."""

from __future__ import annotations

import itertools
import struct

from hypothesis import given
from hypothesis import strategies as st

from engine.lab.proxy.postgres_watch import PostgresWatch
from engine.lab.proxy.tally import Tally

SSL_REQUEST = struct.pack("!II", 8, 80877103)
START_UP = struct.pack("!II", 8 + 15, 196608) + b"user\0participant"[:15]


def message(kind: bytes, payload: bytes) -> bytes:
    return kind + struct.pack("!I", len(payload) + 4) + payload


SESSION = (
    START_UP
    + message(b"p", b"SCRAM")
    + message(b"Q", b"select 1; -- QQQEEE\0")
    + message(b"P", b"\0select $1\0\0\0")
    + message(b"B", b"E" * 300)
    + message(b"E", b"\0\0\0\0\0")
    + message(b"S", b"")
    + message(b"X", b"")
)


@given(st.lists(st.integers(min_value=1, max_value=len(SESSION) - 1), max_size=8))
def test_that_statements_are_counted_however_the_bytes_are_cut(cuts: list[int]) -> None:
    tally = Tally()
    watch = PostgresWatch(tally)
    watch.client_sent(SSL_REQUEST)
    watch.upstream_sent(b"N")
    edges = [0, *sorted(cuts), len(SESSION)]
    for start, end in itertools.pairwise(edges):
        watch.client_sent(SESSION[start:end])
    assert (tally.queries, tally.executes, tally.unparsed) == (1, 1, 0)


def test_that_an_encrypted_session_is_not_counted() -> None:
    tally = Tally()
    watch = PostgresWatch(tally)
    watch.client_sent(SSL_REQUEST)
    watch.upstream_sent(b"S")
    watch.client_sent(b"\x16\x03\x01" + message(b"Q", b"x") * 20)
    assert (tally.queries, tally.unparsed) == (0, 1)


def test_that_bytes_that_are_no_frontend_protocol_are_not_counted() -> None:
    tally = Tally()
    watch = PostgresWatch(tally)
    watch.client_sent(b"GET / HTTP/1.1\r\n\r\n")
    assert (tally.queries, tally.unparsed) == (0, 1)
