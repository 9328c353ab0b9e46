"""Counting HTTP, in all pieces in which it can arrive."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from engine.clock import FakeClock
from engine.lab.proxy.http_watch import HttpWatch
from engine.lab.proxy.tally import Hops, Tally

EXCHANGES = (
    (
        b"POST /a HTTP/1.1\r\nexpect: 100-continue\r\ntraceparent: 00-1-2-01\r\ncontent-length: 3\r\n\r\nabc",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 3\r\n\r\nabc",
    ),
    (
        b"HEAD /b HTTP/1.1\r\nhost: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n",
    ),
    (
        b"GET /c?d=e HTTP/1.1\r\nTraceparent: 00-3-4-01\r\n\r\n",
        b"HTTP/1.1 404 Not Found\r\ntransfer-encoding: chunked\r\n\r\n4\r\n\r\n\r\n\r\n0\r\n\r\n",
    ),
    (
        b"HEAD /f HTTP/1.1\r\nhost: x\r\n\r\n"
        b"PUT /g HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
    ),
)
CUTS = st.lists(st.integers(min_value=1, max_value=90), max_size=8)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    return [data[start:end] for start, end in itertools.pairwise(edges)]


@given(CUTS, CUTS)
def test_that_each_request_and_its_response_are_counted_however_the_bytes_are_cut(
    up_cuts: list[int], down_cuts: list[int]
) -> None:
    tally, hops = Tally(), Hops()
    watch = HttpWatch(tally, hops, FakeClock())
    for request, response in EXCHANGES:
        for piece in pieces(request, up_cuts):
            watch.client_sent(piece)
        for piece in pieces(response, down_cuts):
            assert not piece or not watch.is_idle
            watch.upstream_sent(piece)
        assert watch.is_idle
    assert (tally.responses, tally.in_flight, tally.unparsed) == ({"2xx": 3, "3xx": 1, "4xx": 1}, 0, 0)
    assert (tally.requests, tally.traceparents) == (5, 2)
    assert [(hop.method, hop.path, hop.traceparent) for hop in hops.after(0)] == [
        ("POST", "/a", "00-1-2-01"),
        ("HEAD", "/b", ""),
        ("GET", "/c?d=e", "00-3-4-01"),
        ("HEAD", "/f", ""),
        ("PUT", "/g", ""),
    ]


def test_that_a_connection_is_not_idle_while_a_request_is_half_sent_though_it_is_answered() -> None:
    tally = Tally()
    watch = HttpWatch(tally, Hops(), FakeClock())
    watch.client_sent(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nab")
    watch.upstream_sent(b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n")
    assert not watch.is_idle
    watch.client_sent(b"cd")
    assert watch.is_idle


def test_that_an_answer_that_announces_the_end_of_its_connection_keeps_it_from_being_moved() -> None:
    watch = HttpWatch(Tally(), Hops(), FakeClock())
    watch.client_sent(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
    watch.upstream_sent(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
    assert not watch.is_idle


def test_that_what_was_unanswered_at_the_end_is_lost() -> None:
    tally = Tally()
    watch = HttpWatch(tally, Hops(), FakeClock())
    watch.client_sent(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
    watch.ended()
    assert (tally.lost, tally.in_flight) == (1, 0)


def test_that_a_head_behind_an_unanswered_request_passes_uncounted() -> None:
    tally = Tally()
    watch = HttpWatch(tally, Hops(), FakeClock())
    watch.client_sent(b"GET / HTTP/1.1\r\nhost: x\r\n\r\nHEAD / HTTP/1.1\r\nhost: x\r\n\r\n")
    assert (tally.unparsed, tally.in_flight, watch.is_idle) == (1, 0, False)
