"""What stands in a thread dump is told in words."""

from __future__ import annotations

import pytest

from engine.lab.records import StackFrame
from engine.lab.waits import waits_for

OWN = StackFrame("app.py", 12, "reserve", "reply = client.get(url)", True)
PLACES = "/usr/lib/python3"


def inner(file: str, function: str) -> StackFrame:
    return StackFrame(f"{PLACES}/{file}", 1, function, "", False)


@pytest.mark.parametrize(
    ("frames", "words"),
    [
        (
            (inner("httpx/_client.py", "get"), inner("httpcore/_backends/sync.py", "read")),
            "an answer over HTTP",
        ),
        (
            (
                inner("httpcore/_sync/connection_pool.py", "wait_for_connection"),
                inner("threading.py", "wait"),
            ),
            "a free HTTP connection",
        ),
        (
            (inner("sqlalchemy/util/queue.py", "get"), inner("threading.py", "wait")),
            "a free database connection",
        ),
        ((inner("psycopg/waiting.py", "wait_epoll"),), "an answer from the database"),
        (
            (inner("concurrent/futures/_base.py", "result"), inner("threading.py", "wait")),
            "a result of another",
        ),
    ],
)
def test_that_a_wait_is_named_with_the_services_own_line(frames: tuple[StackFrame, ...], words: str) -> None:
    told = waits_for((OWN, *frames))
    assert told.startswith(words)
    assert told.endswith("asked for in reserve (app.py:12)")


def test_that_an_instrumented_call_is_told_as_the_call_and_not_as_telemetry() -> None:
    frames = (
        OWN,
        inner("opentelemetry/instrumentation/httpx/__init__.py", "handle_request"),
        inner("httpcore/_backends/sync.py", "read"),
    )
    assert waits_for(frames).startswith("an answer over HTTP")


def test_that_a_wait_without_a_frame_inside_is_read_off_the_line() -> None:
    sleeping = StackFrame("app.py", 3, "pay", "time.sleep(2)", True)
    locked = StackFrame("app.py", 4, "pay", "with self._lock:", True)
    assert waits_for((sleeping,)).startswith("a pause that it takes")
    assert waits_for((locked,)).startswith("a lock of this process")


def test_that_an_idle_worker_and_one_at_work_are_told_apart() -> None:
    idle = (inner("anyio/_backends/_asyncio.py", "run"), inner("queue.py", "get"))
    at_work = (StackFrame("app.py", 5, "total", "for line in lines:", True),)
    assert waits_for(idle) == "the next request"
    assert waits_for(at_work) == ""
