"""Chaos, stress and thread dumps on a running drill, through the contract; and what a killed engine makes of them."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from engine.lab.sweep import find_processes
from engine.rehearsal.engine_child import EngineChild
from engine.runner.engine import PID_FILE
from protos.drill.v1.client import EngineRefused
from protos.drill.v1.records import Chaos

T = TypeVar("T")
PACK = "fp_drift"


def wait_for(look: Callable[[], T | None], what: str, seconds: float = 40.0) -> T:
    """What `look` returns once it is something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"{what} did not come within {seconds} s")


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineChild]:
    """An engine with a healthy system."""
    folder = tmp_path_factory.mktemp("chaos")
    with EngineChild(folder / "runs", folder / "engine.log") as engine:
        assert list(engine.facilitator.open_run((PACK,), seed=7))[-1].finished
        yield engine


def chaos(engine: EngineChild, name: str) -> Chaos:
    """The action as the facilitator knows it."""
    return next(one for one in engine.facilitator.snapshot().chaos if one.id == name)


def test_that_chaos_is_seen_in_its_series_then_undone_and_known_to_the_facilitator_alone(
    drill: EngineChild,
) -> None:
    lead, team = drill.facilitator, drill.participant
    wait_for(
        lambda: lead.read_series(("edge.billing-to-ledger.latency_ms",), 0).series[0].values.size > 5, "load"
    )
    name = lead.start_chaos("latency", "billing->ledger", {"delay_ms": 150}, 60)
    seen = wait_for(lambda: chaos(drill, name) if chaos(drill, name).effect else None, "the effect")
    assert seen.visible
    assert "latency_ms" in seen.effect
    assert (seen.target, seen.intensity) == ("billing->ledger", "delay 150 ms")
    with pytest.raises(EngineRefused, match="on there already"):
        lead.start_chaos("latency", "billing->ledger", {}, 10)
    lead.stop_chaos(name)
    assert chaos(drill, name).end == "undone"
    assert team.snapshot().chaos == ()
    with pytest.raises(EngineRefused, match="facilitator"):
        team.start_chaos("kill", "billing", {})


def test_that_chaos_ends_by_itself_and_that_is_recorded(drill: EngineChild) -> None:
    name = drill.facilitator.start_chaos("freeze", "ledger", {}, 2)
    ended = wait_for(lambda: chaos(drill, name) if chaos(drill, name).ended_ns else None, "its end")
    assert ended.end == "its time was over"


def test_that_an_order_that_cannot_be_is_refused_with_what_is_allowed(drill: EngineChild) -> None:
    start = drill.facilitator.start_chaos
    with pytest.raises(EngineRefused, match="no chaos action"):
        start("gremlins", "", {})
    with pytest.raises(EngineRefused, match=r"Allowed: .*billing->ledger"):
        start("latency", "billing->moon", {})
    with pytest.raises(EngineRefused, match="0 to 5000 ms"):
        start("latency", "billing->ledger", {"delay_ms": 1e9})
    with pytest.raises(EngineRefused, match="cannot last"):
        start("latency", "billing->ledger", {}, 1e9)
    with pytest.raises(EngineRefused, match="no red herring"):
        drill.facilitator.start_herring(PACK, "nessie")


def test_that_a_stress_test_of_the_live_system_says_what_came_of_it(drill: EngineChild) -> None:
    drill.facilitator.start_stress(PACK, 3.0)
    with pytest.raises(EngineRefused, match="running already"):
        drill.facilitator.start_stress(PACK, 3.0)
    measured = wait_for(lambda: drill.facilitator.snapshot().stress[-1].measured, "the outcome")
    assert "answered well" in measured
    assert drill.participant.snapshot().stress == ()


def test_that_a_thread_dump_names_what_threads_wait_for_to_everybody(drill: EngineChild) -> None:
    stacks = drill.participant.stacks("billing")
    assert stacks.groups
    assert any(group.waits_for for group in stacks.groups)
    with pytest.raises(EngineRefused, match="gateway"):
        drill.participant.stacks("moon")


def test_that_chaos_comes_on_again_after_a_crash_for_the_time_that_it_has_left(tmp_path: Path) -> None:
    with EngineChild(tmp_path / "runs", tmp_path / "engine.log") as engine:
        run = list(engine.facilitator.open_run((PACK,), seed=7))[-1].run
        long = engine.facilitator.start_chaos("cpu_spike", "", {"percent": 20}, 300)
        short = engine.facilitator.start_chaos("latency", "gateway->billing", {"delay_ms": 20}, 1)
        run_id = json.loads((tmp_path / "runs" / run / PID_FILE).read_text())["run_id"]
        assert find_processes(run_id)
        os.kill(engine.facilitator.hello().process_id, signal.SIGKILL)
        wait_for(lambda: not find_processes(run_id), "the end of everything")
    with EngineChild(tmp_path / "runs", tmp_path / "engine2.log") as engine:
        assert list(engine.facilitator.open_run(resume=run))[-1].run == run
        known = {one.id: one for one in engine.facilitator.snapshot().chaos}
        assert known[long].ended_ns == 0
        assert known[short].ended_ns
        engine.facilitator.stop_chaos(long)
