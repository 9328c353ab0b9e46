"""One real drill through the contract: what participants can see, one trace a request, and a killed engine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from engine.drill.audience import AUDIENCES, Audience
from engine.lab.sweep import find_processes
from engine.packs.find import find_pack
from engine.rehearsal.engine_child import EngineChild
from engine.runner.engine import PID_FILE
from engine.storage.event_log import read_log
from protos.drill.v1.client import DrillClient, EngineLost, EngineRefused
from protos.drill.v1.records import Event, Snapshot, Trace

T = TypeVar("T")
PACK = "fp_drift"
GONE_WITHIN_S = 8.0


def wait_for(look: Callable[[], T | None], seconds: float = 30.0, what: str = "it") -> T:
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
    """An engine with the incident running."""
    folder = tmp_path_factory.mktemp("drill")
    with EngineChild(folder / "runs", folder / "engine.log") as engine:
        assert list(engine.facilitator.open_run((PACK,), seed=7))[-1].finished
        engine.facilitator.start_phase("phase-1")
        engine.facilitator.trigger_scenario(PACK)
        yield engine


def whole_trace(client: DrillClient) -> Trace | None:
    """A trace that has arrived from the gateway down to a statement, with log lines."""
    for summary in client.list_traces("service:gateway", 0, limit=50).traces:
        trace = client.trace(summary.trace_id)
        services = {trace.spans.texts[number] for number in trace.spans.services}
        if {"gateway", "billing", "ledger"} <= services and trace.logs:
            return trace
    return None


def test_that_one_request_is_one_trace_from_the_gateway_to_the_statement(drill: EngineChild) -> None:
    trace = wait_for(lambda: whole_trace(drill.participant), what="a whole trace")
    columns = trace.spans
    ids = [columns.span_id(place) for place in range(len(columns))]
    spans = {span.span_id: span for span in drill.participant.spans(trace.trace_id, ids)}
    assert len(spans) == len(columns)
    roots = [span for span in spans.values() if span.parent_id not in spans]
    assert [root.service for root in roots] == ["gateway"]
    assert (columns.parents < 0).tolist() == [True] + [False] * (len(columns) - 1)
    statements = [span for span in spans.values() if any("db." in key for key in span.attributes)]
    assert statements
    above, path = statements[-1], []
    while above.parent_id in spans:
        above = spans[above.parent_id]
        path.append(above.service)
    assert path[-1] == "gateway"
    assert {line.trace_id for line in trace.logs} == {trace.trace_id}
    found = drill.participant.list_logs(f"trace:{trace.trace_id}", 0)
    assert {line.id for line in found.lines} >= {line.id for line in trace.logs}


def test_that_the_symptom_is_measured_and_alerts_fire(drill: EngineChild) -> None:
    def confirmed() -> Snapshot | None:
        snapshot = drill.facilitator.snapshot()
        return snapshot if snapshot.scenarios[0].symptom_drill_ms and snapshot.alerts else None

    snapshot = wait_for(confirmed, 45, "the symptom")
    assert any(alert.severity == "critical" for alert in snapshot.alerts)


def test_that_a_participant_gets_no_event_of_the_facilitator_and_dense_numbers(drill: EngineChild) -> None:
    hidden = {kind.__name__ for kind, who in AUDIENCES.items() if Audience.PARTICIPANT not in who}
    lead, team = first_events(drill.facilitator), first_events(drill.participant)
    assert {event.kind for event in lead} & hidden >= {"RunOpened", "ScenarioTriggered"}
    assert not {event.kind for event in team} & hidden
    assert [event.number for event in team] == list(range(1, len(team) + 1))


def first_events(client: DrillClient) -> tuple[Event, ...]:
    """Every event so far."""
    return next(iter(client.watch(0))).events


def test_that_a_participant_finds_neither_answer_nor_pack_nor_trigger(drill: EngineChild) -> None:
    team = drill.participant
    snapshot = team.snapshot()
    assert snapshot.scenarios == ()
    assert snapshot.hints == ()
    assert all(not segment.notes for segment in snapshot.agenda)
    pack = find_pack(PACK)
    files = [team.read_file(file.path).text for file in team.list_files().files]
    seen = " ".join([repr(snapshot), repr(first_events(team)), repr(team.service_map(30)), *files]).lower()
    secrets = [PACK, pack.answer.mechanism.lower(), *(fix.name for fix in pack.fixes)]
    assert [secret for secret in secrets if secret in seen] == []
    with pytest.raises(EngineRefused, match="facilitator"):
        team.facilitator_page(PACK)
    with pytest.raises(EngineRefused):
        team.read_file("../probes.py")


def test_that_an_act_that_makes_no_sense_is_refused_in_a_sentence(drill: EngineChild) -> None:
    with pytest.raises(EngineRefused, match="running already"):
        drill.facilitator.trigger_scenario(PACK)
    with pytest.raises(EngineRefused, match="no segment"):
        drill.facilitator.start_phase("lunch")
    with pytest.raises(EngineRefused, match="nothing to propose"):
        drill.participant.propose("nothing")
    with pytest.raises(EngineRefused):
        drill.participant.verify("0123456789")
    with pytest.raises(EngineRefused, match="edited"):
        drill.participant.write_file("ledger/app.py", "")


def test_that_a_killed_engine_leaves_nothing_and_the_run_goes_on_without_losing_an_event(
    tmp_path: Path,
) -> None:
    runs = tmp_path / "runs"
    with EngineChild(runs, tmp_path / "first.log") as engine:
        name = list(engine.facilitator.open_run((PACK,), seed=7))[-1].run
        engine.facilitator.start_phase("phase-1")
        engine.facilitator.trigger_scenario(PACK)
        engine.participant.mark_moment("before the crash", 0)
        run_id = json.loads((runs / name / PID_FILE).read_text())["run_id"]
        assert len(find_processes(run_id)) >= 5
        os.kill(engine.facilitator.hello().process_id, signal.SIGKILL)
        wait_for(lambda: not find_processes(run_id), GONE_WITHIN_S, "the end of every process")
        with pytest.raises(EngineLost):
            engine.facilitator.hello()
    before = read_log(runs / name / "drill.sqlite")
    with EngineChild(runs, tmp_path / "second.log") as engine:
        assert list(engine.facilitator.open_run(resume=name))[-1].run == name
        snapshot = engine.facilitator.snapshot()
        assert snapshot.scenarios[0].state == "running"
        assert [mark.text for mark in snapshot.marks] == ["before the crash"]
        assert {service.state for service in snapshot.services} == {"running"}
    after = read_log(runs / name / "drill.sqlite")
    assert after[: len(before)] == before
    assert after[len(before)].kind == "RunResumed"
    assert after[-1].kind == "RunClosed"


def test_that_a_run_that_is_open_elsewhere_is_refused(drill: EngineChild, tmp_path: Path) -> None:
    name = drill.facilitator.hello().run
    with (
        EngineChild(drill.runs, tmp_path / "other.log") as other,
        pytest.raises(EngineRefused, match="another engine"),
    ):
        list(other.facilitator.open_run(resume=name))


def test_that_a_database_dump_of_the_drill_file_opens_in_sqlite_utils(drill: EngineChild) -> None:
    file = drill.runs / drill.facilitator.hello().run / "drill.sqlite"
    found = subprocess.run(
        [sys.executable, "-m", "sqlite_utils", "tables", str(file)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "events" in found.stdout
