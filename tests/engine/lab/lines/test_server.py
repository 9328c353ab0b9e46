"""The helper's side of the lines, on plain pipes."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

import pytest

from engine.lab.lines.server import LineServer, Refused


async def handle(command: Mapping[str, Any]) -> Mapping[str, Any]:
    if command["command"] == "refuse":
        raise Refused("not today")
    if command["command"] == "fail":
        raise ZeroDivisionError("a bug")
    return {"said": command["word"]}


def test_that_commands_are_answered_in_order_until_their_end(caplog: pytest.LogCaptureFixture) -> None:
    commands = [
        {"id": 1, "command": "say", "word": "ä"},
        {"id": 2, "command": "refuse"},
        {"id": 3, "command": "fail"},
        {"id": 4, "command": "hello"},
    ]
    in_read, in_write = os.pipe()
    out_read, out_write = os.pipe()
    with os.fdopen(in_write, "wb") as stdin:
        stdin.write(b"".join(json.dumps(command).encode() + b"\n" for command in commands))
    with os.fdopen(in_read, "rb") as their_stdin, os.fdopen(out_write, "wb") as their_stdout:
        asyncio.run(LineServer(their_stdin, their_stdout).serve(handle))
    with os.fdopen(out_read, "rb") as stdout:
        answers = [json.loads(line) for line in stdout]
    assert answers == [
        {"id": 1, "said": "ä"},
        {"id": 2, "error": "not today"},
        {"id": 3, "error": "ZeroDivisionError: a bug"},
        {"id": 4, "pid": os.getpid()},
    ]
    assert "the command fail failed" in caplog.text


def test_that_an_owner_that_does_not_read_is_noticed() -> None:
    in_read, in_write = os.pipe()
    out_read, out_write = os.pipe()

    async def scenario(server: LineServer) -> None:
        serving = asyncio.ensure_future(server.serve(handle))
        async with asyncio.timeout(20):
            while not server.is_congested:
                server.send({"report": "x" * 10_000})
                await asyncio.sleep(0)
            drain = threading.Thread(target=_drain, args=(out_read,))
            drain.start()
            os.close(in_write)
            await serving
        assert not server.is_congested

    with os.fdopen(in_read, "rb") as their_stdin, os.fdopen(out_write, "wb") as their_stdout:
        asyncio.run(scenario(LineServer(their_stdin, their_stdout)))


def _drain(descriptor: int) -> None:
    with os.fdopen(descriptor, "rb") as stdout:
        while stdout.read(65536):
            pass


BROKEN = """
import asyncio
from engine.lab.lines.server import run_helper

async def handle(command):
    return {}

async def body(server):
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.serve(handle))
        await asyncio.sleep(0)
        raise SystemExit("nobody expected this")

run_helper(body, fast_loop=False)
"""


def test_that_a_helper_that_breaks_ends_though_its_owner_still_listens() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BROKEN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as helper:
        assert helper.wait(20) == 1
        assert helper.stderr is not None
        assert b"nobody expected this" in helper.stderr.read()
