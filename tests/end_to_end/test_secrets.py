"""What somebody at a participant's console, or at a shell of the same laptop, can read does not name the scenario."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from engine.lab.sweep import find_processes
from engine.packs.find import find_pack, standard_packs
from engine.packs.loading import load_probes
from engine.packs.records import Pack
from engine.rehearsal.engine_child import EngineChild
from engine.runner.engine import PID_FILE
from protos.drill.v1.client import EngineRefused

PACKS = tuple(find_pack(name) for name in standard_packs())


def secrets(pack: Pack) -> list[str]:
    """The id, and every text that only authors and facilitators know."""
    texts = [pack.id, pack.symptom.text, pack.answer.mechanism, *pack.answer.evidence]
    texts += [hint.text for hint in pack.hints]
    texts += [text for herring in pack.all_herrings for text in (herring.title, herring.text)]
    texts += [level.text for level in pack.levels]
    texts += [text for fix in pack.fixes for text in (fix.name, fix.summary)]
    return [text.lower() for text in texts if text]


def found_in(text: str) -> list[str]:
    """The secrets of any pack that stand in a text as words of their own."""
    low = text.lower()
    return [
        secret
        for pack in PACKS
        for secret in secrets(pack)
        if re.search(rf"(?<![a-z0-9]){re.escape(secret)}(?![a-z0-9])", low)
    ]


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineChild]:
    """An engine in which every scenario's incident runs, and a verification is under way."""
    folder = tmp_path_factory.mktemp("night")
    with EngineChild(folder / "runs", folder / "engine.log") as engine:
        lead, team = engine.facilitator, engine.participant
        assert list(lead.open_run([pack.id for pack in PACKS], seed=7))[-1].finished
        lead.start_phase("phase-1")
        for pack in PACKS:
            lead.trigger_scenario(pack.id)
        team.verify(team.list_files().deployed_commit, PACKS[0].codename)
        end = time.monotonic() + 40
        while time.monotonic() < end and not any(
            probe.state == "held" for v in team.snapshot().verifications for probe in v.probes
        ):
            time.sleep(0.2)
        yield engine


def run_id(drill: EngineChild) -> str:
    file = drill.runs / drill.facilitator.hello().run / PID_FILE
    return re.search(r'"run_id": "([^"]+)"', file.read_text()).group(1)  # type: ignore[union-attr]


def test_that_the_search_itself_finds_an_id_and_a_sentence() -> None:
    pack = PACKS[0]
    assert found_in(f"cwd=/x/scenarios/{pack.id}/services") == [pack.id]
    assert found_in(f"note: {pack.answer.mechanism}!") != []


def test_that_no_call_of_a_participant_answers_with_a_secret(drill: EngineChild) -> None:
    team = drill.participant
    snapshot = team.snapshot()
    files = team.list_files().files
    names = tuple(line.series for chart in snapshot.charts for line in chart.series)
    traces = [team.trace(one.trace_id) for one in team.list_traces("", 0, limit=10).traces]
    ids = {trace.trace_id: [trace.spans.span_id(n) for n in range(len(trace.spans))] for trace in traces}
    answers = {
        "snapshot": repr(snapshot),
        "events": repr(next(iter(team.watch(0)))),
        "files": repr(files),
        "source": " ".join(team.read_file(file.path).text for file in files),
        "map": repr(team.service_map(30)),
        "traces": repr([(trace.spans.texts, trace.logs) for trace in traces]),
        "spans": repr([team.spans(trace_id, span_ids) for trace_id, span_ids in ids.items()]),
        "exports": " ".join(team.export_trace(trace_id).text for trace_id in ids),
        "logs": repr(team.list_logs("", 0, limit=500)),
        "series": repr(names),
        "stacks": repr([team.stacks(service.name) for service in snapshot.services]),
    }
    assert {name: found_in(text) for name, text in answers.items() if found_in(text)} == {}


def test_that_what_leads_is_refused_to_a_participant(drill: EngineChild) -> None:
    team, pack = drill.participant, PACKS[0]
    for call in (
        team.chaos_menu,
        lambda: team.facilitator_page(pack.id),
        lambda: team.trigger_scenario(pack.id),
        lambda: team.start_herring(pack.id, "any"),
        lambda: team.start_stress(pack.id, 5.0),
        team.list_packs,
    ):
        with pytest.raises(EngineRefused, match="facilitator"):
            call()


def test_that_command_lines_environments_and_folders_of_processes_name_nothing(drill: EngineChild) -> None:
    ours = find_processes(run_id(drill))
    assert len(ours) > 6
    for process, _ in ours:
        try:
            environment = {k: v for k, v in process.environ().items() if k != "PYTHONPATH"}
            told = " ".join([*process.cmdline(), *map("=".join, environment.items()), process.cwd()])
        except psutil.NoSuchProcess:
            continue
        assert found_in(told) == [], process.cmdline()


def test_that_databases_schemas_and_queries_name_nothing(drill: EngineChild) -> None:
    live = drill.runs / drill.facilitator.hello().run / "live"
    told = []
    for dsn in superuser_dsns(live):
        with psycopg.connect(dsn) as connection:
            for query in (
                "SELECT datname FROM pg_database",
                "SELECT table_name || ' ' || column_name FROM information_schema.columns"
                " WHERE table_schema NOT IN ('pg_catalog', 'information_schema')",
                "SELECT usename || ' ' || application_name || ' ' || query FROM pg_stat_activity",
            ):
                told += [str(row[0]) for row in connection.execute(query).fetchall()]
    assert told
    assert found_in(" ".join(told)) == []


def superuser_dsns(live: Path) -> list[str]:
    """How the meters of the run connect, read off the server's own file."""
    port = (live / "postgres" / "data" / "postmaster.pid").read_text().splitlines()[3]
    password = (live / "postgres" / "password").read_text()
    names = [database for pack in PACKS for database in pack.databases]
    return [f"host=127.0.0.1 port={port} user=postgres password={password} dbname={name}" for name in names]


def test_that_probes_have_names_that_tell_no_fix() -> None:
    names = {probe.name for pack in PACKS for probe in load_probes(pack.folder)}
    fixes = {fix.name.replace("_", "-") for pack in PACKS for fix in pack.fixes}
    assert names & fixes == set()
