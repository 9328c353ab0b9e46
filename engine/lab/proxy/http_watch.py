"""Counts HTTP/1.1 requests, responses and trace contexts as they pass."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Sequence

import httptools

from engine.clock import Clock
from engine.lab.proxy.tally import Hops, Tally

log = logging.getLogger(__name__)

_HEAD_END = b"\r\n\r\n"


class HttpWatch:
    """One client's connection. Bytes that are not HTTP/1.1, or no longer after an upgrade, turn it blind: they pass
    uncounted, and the connection is never idle."""

    def __init__(self, tally: Tally, hops: Hops, clock: Clock) -> None:
        self._tally = tally
        self._clock = clock
        self.is_blind = False
        self._requests = _Requests(tally, hops, clock)
        self._responses = _Responses(tally, self._requests.unanswered)

    @property
    def is_idle(self) -> bool:
        """True when every request that began has ended and is answered, on a connection that is to stay."""
        return not self.is_blind and self.is_settled and self._responses.keeps_alive

    @property
    def unanswered(self) -> Sequence[bool]:
        """A flag for each request that has no whole answer yet: is it a HEAD?"""
        return self._requests.unanswered

    @property
    def is_whole(self) -> bool:
        """True when the last request that began has come to its end."""
        return not self._requests.is_under_way

    @property
    def is_settled(self) -> bool:
        """True when every request has come to its end and is answered."""
        return not self._requests.unanswered and not self._requests.is_under_way

    def client_sent(self, data: bytes) -> None:
        """Requests, in any pieces."""
        if self.is_blind:
            return
        try:
            self._requests.parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._turn_blind(error)

    def upstream_sent(self, data: bytes) -> None:
        """Responses, in any pieces."""
        if self.is_blind:
            return
        try:
            self._responses.feed(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._turn_blind(error)

    def upstream_changed(self) -> None:
        """The responses of another upstream start afresh."""
        self._responses.start_afresh()

    def ended(self) -> None:
        """Unanswered requests are lost."""
        self._tally.lost += self._forget()

    def _turn_blind(self, error: Exception) -> None:
        log.info("a connection passes uncounted: %r %r", error, error.__context__)
        self.is_blind = True
        self._tally.unparsed += 1
        self._forget()

    def _forget(self) -> int:
        unanswered = len(self._requests.unanswered)
        self._tally.in_flight -= unanswered
        self._requests.unanswered.clear()
        return unanswered


class _PipelinedHead(Exception):
    """A HEAD behind an unanswered request: where its answer begins within the bytes cannot be told."""


class _Requests:
    """Callbacks of the request parser. `unanswered` holds a flag a request: is it a HEAD?"""

    def __init__(self, tally: Tally, hops: Hops, clock: Clock) -> None:
        self._tally = tally
        self._hops = hops
        self._clock = clock
        self.unanswered: deque[bool] = deque()
        self.is_under_way = False
        self.parser = httptools.HttpRequestParser(self)

    def on_message_begin(self) -> None:
        self._url = b""
        self._traceparent = b""
        self.is_under_way = True

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if len(name) == 11 and name.lower() == b"traceparent":
            self._traceparent = value

    def on_headers_complete(self) -> None:
        method = self.parser.get_method()
        is_head = method == b"HEAD"
        if is_head and self.unanswered:
            raise _PipelinedHead
        self.unanswered.append(is_head)
        self._tally.requests += 1
        self._tally.request_began()
        if self._traceparent:
            self._tally.traceparents += 1
        self._hops.add(
            self._clock.wall_ns(),
            method.decode("latin-1"),
            self._url.decode("latin-1"),
            self._traceparent.decode("latin-1"),
        )

    def on_message_complete(self) -> None:
        self.is_under_way = False


class _Responses:
    """Callbacks of the response parser, which cannot know by itself that the answer to a HEAD has no body."""

    def __init__(self, tally: Tally, unanswered: deque[bool]) -> None:
        self._tally = tally
        self._unanswered = unanswered
        self.start_afresh()

    def start_afresh(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._is_interim = False
        self._end_of_head = b""
        self.keeps_alive = True

    def feed(self, data: bytes) -> None:
        while data and self._unanswered and self._unanswered[0]:
            data = self._feed_head(data)
        if data:
            self._parser.feed_data(data)

    def _feed_head(self, data: bytes) -> bytes:
        """Feed up to the end of the header block; returns what follows it, which belongs to the next response."""
        before = len(self._end_of_head)
        joined = self._end_of_head + data
        found = joined.find(_HEAD_END)
        if found < 0:
            self._end_of_head = joined[-3:]
            self._parser.feed_data(data)
            return b""
        end = found + len(_HEAD_END) - before
        parser = self._parser
        parser.feed_data(data[:end])
        self._end_of_head = b""
        if not self._is_interim and self._unanswered and self._unanswered[0]:
            self.on_message_complete()
        if self._parser is parser:
            self._parser = httptools.HttpResponseParser(self)
        self._is_interim = False
        return data[end:]

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        self._is_interim = 100 <= status < 200 and status != 101
        if not self._is_interim:
            self._tally.responses[f"{status // 100}xx"] += 1

    def on_message_complete(self) -> None:
        if self._is_interim:
            self._is_interim = False
            return
        if self._unanswered:
            self._unanswered.popleft()
            self._tally.in_flight -= 1
        self.keeps_alive = self._parser.should_keep_alive()
