"""What a thread waits for, read off where it stands: pure. The frames are those of `ThreadGroup`, innermost last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.lab.records import StackFrame


@dataclass(frozen=True, slots=True)
class _Sign:
    """A frame that says what the frames inside of it wait for."""

    path: str
    """a part of the file's path, with slashes"""
    functions: tuple[str, ...]
    """empty: any function of that file"""
    words: str

    def fits(self, frame: StackFrame) -> bool:
        path = frame.file.replace("\\", "/")
        return self.path in path and (not self.functions or frame.function in self.functions)


_SIGNS = (
    _Sign("anyio/_backends/_asyncio", ("run",), "the next request"),
    _Sign("asyncio/", ("run", "run_once", "_run_once", "select"), "events"),
    _Sign("opentelemetry/sdk/", (), "telemetry to send"),
    _Sign("concurrent/futures/thread", ("_worker",), "work from its pool"),
    _Sign("sqlalchemy/util/queue", (), "a free database connection"),
    _Sign("sqlalchemy/pool/", ("_do_get",), "a free database connection"),
    _Sign("psycopg", (), "an answer from the database"),
    _Sign("httpcore/_sync/connection_pool", ("wait_for_connection",), "a free HTTP connection"),
    _Sign("httpcore/_backends/", ("read",), "an answer over HTTP"),
    _Sign("httpcore/_backends/", ("connect_tcp",), "an HTTP connection to be made"),
    _Sign("httpx/", (), "an answer over HTTP"),
    _Sign("urllib/request", (), "an answer over HTTP"),
    _Sign("http/client", (), "an answer over HTTP"),
    _Sign("concurrent/futures/_base", ("result",), "a result of another thread"),
    _Sign("queue", ("get", "put"), "a queue"),
    _Sign("threading", ("join",), "the end of another thread"),
    _Sign("threading", ("acquire", "wait", "wait_for", "__enter__"), "a lock of this process"),
)
"""In this order: the first sign that any frame of the thread fits decides, since a pool waits by a lock."""

_IN_C = (
    (re.compile(r"\bsleep\("), "a pause that it takes"),
    (
        re.compile(r"\bwith\b.*(lock|semaphore|condition|slot)|\.acquire\(", re.IGNORECASE),
        "a lock of this process",
    ),
    (re.compile(r"\.recv\(|\.read\(|\.readline\("), "bytes from outside"),
)
"""What a line of the service itself waits for where Python shows no frame inside of it."""

_IDLE = ("the next request", "events", "work from its pool", "telemetry to send")


def waits_for(frames: Sequence[StackFrame]) -> str:
    """In a few words, with the service's own line that asked for it; empty where the thread is at work."""
    inner = _within_own(frames)
    sign = next((sign for sign in _SIGNS if any(sign.fits(frame) for frame in inner)), None)
    own = next((frame for frame in reversed(frames) if frame.own), None)
    words = sign.words if sign else _in_c(own) if own and not inner else ""
    if not words and not frames:
        return "events"
    if not words or own is None or words in _IDLE:
        return words
    return f"{words}, asked for in {own.function} ({own.file}:{own.line})"


def _in_c(own: StackFrame) -> str:
    return next((words for pattern, words in _IN_C if pattern.search(own.text)), "")


def _within_own(frames: Sequence[StackFrame]) -> Sequence[StackFrame]:
    """What the service's innermost own frame has called; all frames of a thread that runs none of its code."""
    own = [place for place, frame in enumerate(frames) if frame.own]
    return frames[own[-1] + 1 :] if own else frames
