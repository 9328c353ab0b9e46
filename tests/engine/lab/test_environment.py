"""A whole environment: database, proxy, services, as the runner and the judge use it."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from engine.lab.environment import Environment, EnvironmentSettings
from engine.lab.errors import PostgresMissing
from engine.lab.records import (
    EdgesCounted,
    HelperExited,
    LabEvent,
    ProcessesSampled,
    ServiceFailedToStart,
    ServiceStarted,
    ServiceState,
)
from engine.packs.records import Pack

MakePack = Callable[[Mapping[str, Path]], Pack]


def _quiet(text: str) -> None:
    pass


def _count(dsn: str) -> int:
    with psycopg.connect(dsn) as connection:
        row = connection.execute("SELECT count(*) FROM seen").fetchone()
        assert row is not None
        count: int = row[0]
        return count


def test_that_a_deploy_replaces_a_service_under_traffic_and_a_broken_one_does_not(
    tmp_path: Path,
    run_id: str,
    make_pack: MakePack,
    small_sources: dict[str, Path],
    write_service: Callable[..., Path],
    billing_text: str,
) -> None:
    async def scenario() -> None:
        async with Environment(EnvironmentSettings(run_id, tmp_path / "live")) as environment:
            started = await environment.start(make_pack(small_sources).topology, small_sources, _quiet)
            assert all(isinstance(outcome, ServiceStarted) for outcome in started.values())
            statuses: set[int] = set()
            versions: list[int] = []
            enough = asyncio.Event()

            async def keep_asking() -> None:
                async with httpx.AsyncClient(base_url=environment.url("gateway"), trust_env=False) as client:
                    while not enough.is_set():
                        answer = await client.get("/rows")
                        statuses.add(answer.status_code)
                        versions.append(answer.json()["version"])

            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(keep_asking())
                for version in (2, 3):
                    edited = write_service(app=billing_text.replace('"version": 1', f'"version": {version}'))
                    assert isinstance(await environment.deploy("billing", edited), ServiceStarted)
                broken = write_service(app=billing_text.replace("def rows():", "def rows(:"))
                refused = await environment.deploy("billing", broken)
                assert isinstance(refused, ServiceFailedToStart)
                broken_line = (broken / "app.py").read_text().splitlines().index("def rows(:") + 1
                assert (refused.file, refused.line) == ("app.py", broken_line)
                enough.set()
            assert statuses == {200}
            assert sorted(versions) == versions
            assert set(versions) <= {1, 2, 3}
            async with httpx.AsyncClient(base_url=environment.url("gateway"), trust_env=False) as client:
                answer = (await client.get("/rows")).json()
            assert answer["version"] == 3
            assert answer["rows"] == await asyncio.to_thread(_count, environment.database_dsn("billing"))
            assert [status.state for status in environment.statuses()] == [ServiceState.RUNNING] * 2

    asyncio.run(scenario())


def test_that_a_restart_keeps_the_rows_and_a_reset_does_not(
    tmp_path: Path, run_id: str, make_pack: MakePack, small_sources: dict[str, Path]
) -> None:
    async def scenario() -> None:
        async with Environment(EnvironmentSettings(run_id, tmp_path / "live")) as environment:
            await environment.start(make_pack(small_sources).topology, small_sources, _quiet)
            async with httpx.AsyncClient(base_url=environment.url("gateway"), trust_env=False) as client:
                assert (await client.get("/rows")).json()["rows"] == 1
                before = environment.statuses()
                assert isinstance(await environment.restart("billing"), ServiceStarted)
                assert (await client.get("/rows")).json()["rows"] == 2
                after = environment.statuses()
                assert before[0] == after[0]
                assert before[1].pid != after[1].pid
                assert before[1].source_hash == after[1].source_hash
                await environment.reset_databases()
                assert (await client.get("/rows")).json()["rows"] == 1
                await environment.stop_service("billing")
                assert (await client.get("/rows")).status_code == 500
                await environment.reset_databases(small_sources)
                assert (await client.get("/rows")).json()["rows"] == 1

    asyncio.run(scenario())


def test_that_samples_and_counts_are_reported_and_a_killed_database_is(
    tmp_path: Path, run_id: str, make_pack: MakePack, small_sources: dict[str, Path], eventually: Any
) -> None:
    events: list[LabEvent] = []

    def names() -> set[str]:
        sampled = [event for event in events if isinstance(event, ProcessesSampled)]
        return {sample.name for sample in sampled[-1].samples} if sampled else set()

    def requests() -> int:
        counted = [event for event in events if isinstance(event, EdgesCounted)]
        return counted[-1].counts["gateway->billing"].requests if counted else 0

    async def scenario() -> None:
        async with Environment(EnvironmentSettings(run_id, tmp_path / "live"), events.append) as environment:
            await environment.start(make_pack(small_sources).topology, small_sources, _quiet)
            async with httpx.AsyncClient(base_url=environment.url("gateway"), trust_env=False) as client:
                await client.get("/rows")
            await eventually(lambda: names() == {"gateway", "billing", "postgres"} and requests() == 1)
            counts = await environment.edge_counts()
            assert counts["clients->gateway"].requests == 1
            assert counts["billing->postgres"].connections >= 1
            _stop_postgres(environment.database_dsn("postgres"))
            await eventually(lambda: any(isinstance(event, HelperExited) for event in events))

    asyncio.run(scenario())
    assert next(event.name for event in events if isinstance(event, HelperExited)) == "postgres"
    assert all(
        sample.memory_mb > 1 for e in events if isinstance(e, ProcessesSampled) for sample in e.samples
    )


def _stop_postgres(dsn: str) -> None:
    """As an accident would have it: somebody ends the server with a shell command."""
    statement = "COPY (SELECT 1) TO PROGRAM 'kill -QUIT $(head -1 postmaster.pid)'"
    with psycopg.connect(dsn, autocommit=True) as connection, suppress(psycopg.OperationalError):
        connection.execute(statement)


def test_that_an_environment_without_postgres_programs_says_so_and_leaves_nothing(
    tmp_path: Path,
    run_id: str,
    make_pack: MakePack,
    small_sources: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DRILL_POSTGRES_BIN", str(tmp_path))

    async def scenario() -> None:
        environment: AbstractAsyncContextManager[Environment]
        async with Environment(EnvironmentSettings(run_id, tmp_path / "live")) as environment:
            await environment.start(make_pack(small_sources).topology, small_sources, _quiet)

    with pytest.raises(PostgresMissing):
        asyncio.run(scenario())


def test_that_a_service_that_does_not_start_leaves_the_others_running_until_its_fix(
    tmp_path: Path,
    run_id: str,
    make_pack: MakePack,
    small_sources: dict[str, Path],
    write_service: Callable[..., Path],
) -> None:
    async def scenario() -> None:
        async with Environment(EnvironmentSettings(run_id, tmp_path / "live")) as environment:
            sources = {**small_sources, "billing": write_service(app="import nothing_like_that\n")}
            started = await environment.start(make_pack(small_sources).topology, sources, _quiet)
            assert isinstance(started["billing"], ServiceFailedToStart)
            assert [s.state for s in environment.statuses()] == [ServiceState.RUNNING, ServiceState.FAILED]
            await environment.deploy("billing", small_sources["billing"])
            async with httpx.AsyncClient(base_url=environment.url("gateway"), trust_env=False) as client:
                assert (await client.get("/rows")).json()["rows"] == 1

    asyncio.run(scenario())
