"""A helper process seen by its owner: how it starts, and how it ends."""

from __future__ import annotations

import asyncio
import signal
import sys

import psutil
import pytest

from engine.lab.errors import HelperFailed, LabError
from engine.lab.lines import LineChild


def test_that_a_helper_that_does_not_start_says_why() -> None:
    async def scenario() -> None:
        child = LineChild("no-such-mode", "test")
        with pytest.raises(HelperFailed, match=r"no-such-mode process ended with exit code"):
            await child.start()

    asyncio.run(scenario())


def test_that_an_unknown_command_is_refused_and_the_helper_goes_on() -> None:
    async def scenario() -> None:
        child = LineChild("proxy", "test")
        await child.start()
        try:
            with pytest.raises(LabError, match="knows no command 'fly'"):
                await child.ask("fly")
            assert (await child.ask("counts"))["edges"] == {}
        finally:
            await child.stop()

    asyncio.run(scenario())


@pytest.mark.skipif(sys.platform == "win32", reason="needs a signal that stops a process")
def test_that_a_helper_that_does_not_react_is_killed_in_the_end(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> int:
        child = LineChild("proxy", "test", rung_s=0.1)
        await child.start()
        assert child.pid is not None
        psutil.Process(child.pid).send_signal(signal.SIGSTOP)
        await child.stop()
        return child.pid

    assert not psutil.pid_exists(asyncio.run(scenario()))
    assert [record.args[2] for record in caplog.records if isinstance(record.args, tuple)] == [
        "terminate",
        "kill",
    ]


def test_that_a_helper_carries_the_run_and_nothing_else_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere")

    async def scenario() -> dict[str, str]:
        child = LineChild("proxy", "run-7")
        await child.start()
        try:
            return psutil.Process(child.pid).environ()
        finally:
            await child.stop()

    environment = asyncio.run(scenario())
    assert environment["DRILL_RUN"] == "run-7"
    assert "SSL_CERT_FILE" not in environment
