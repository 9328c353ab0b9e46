"""HTTP answers that the proxy writes itself: in place of the upstream's, or made of it."""

from __future__ import annotations

import json
from dataclasses import dataclass

import httptools


@dataclass(frozen=True, slots=True)
class LocalAnswer:
    """An answer with a small JSON body; the connection stays."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...] = ()

    def as_bytes(self, is_to_head: bool) -> bytes:
        """The answer on the wire; one to a HEAD has no body."""
        body = json.dumps({"detail": self.reason}).encode()
        head = _head(self.status, self.reason, self.headers, len(body))
        return head if is_to_head else head + body


def spoiled(answer: bytes) -> bytes | None:
    """A whole good answer as 200 with a body that is no JSON; None where it is no good answer."""
    reading = _Reading()
    parser = httptools.HttpResponseParser(reading)
    parser.feed_data(answer)
    if not reading.is_complete or not 200 <= parser.get_status_code() < 300:
        return None
    stays = () if parser.should_keep_alive() else (("connection", "close"),)
    body = _broken(b"".join(reading.body))
    return _head(200, "OK", stays, len(body)) + body


class _Reading:
    """The body of the last answer among interim ones."""

    def __init__(self) -> None:
        self.body: list[bytes] = []
        self.is_complete = False

    def on_message_begin(self) -> None:
        self.body = []
        self.is_complete = False

    def on_body(self, body: bytes) -> None:
        self.body.append(body)

    def on_message_complete(self) -> None:
        self.is_complete = True


def _broken(body: bytes) -> bytes:
    """The first half; where that could still be read, as of a number, behind a brace that never closes."""
    half = body[: len(body) // 2]
    try:
        json.loads(half)
    except ValueError:
        return half or b'{"'
    return b'{"' + half


def _head(status: int, reason: str, headers: tuple[tuple[str, str], ...], length: int) -> bytes:
    lines = [f"HTTP/1.1 {status} {reason}", "content-type: application/json", f"content-length: {length}"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers), "", ""]).encode()
