"""The database server: a real one for each test."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from engine.lab.errors import DiskFull, PostgresMissing
from engine.lab.postgres import Postgres
from engine.lab.postgres_programs import find_programs
from engine.lab.records import LadderStep


@asynccontextmanager
async def _server(
    folder: Path, run_id: str, steps: list[LadderStep] | None = None
) -> AsyncIterator[Postgres]:
    async with asyncio.TaskGroup() as tasks:
        server = Postgres(folder, run_id, tasks, (steps if steps is not None else []).append)
        try:
            await server.start(lambda text: None)
            yield server
        finally:
            await server.stop()


def _query(dsn: str, statement: str) -> object:
    with psycopg.connect(dsn, autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None  # type: ignore[index]


def _own(server: Postgres, name: str, port: int | None = None) -> str:
    return server.service_url(name, port).replace("+psycopg", "")


def test_that_a_role_owns_its_database_and_enters_no_other(tmp_path: Path, run_id: str) -> None:
    async def scenario() -> None:
        async with _server(tmp_path / "pg", run_id) as server:
            await server.create_database("billing")
            await server.create_database("ledger")
            assert _query(_own(server, "billing"), "SELECT current_user") == "billing"
            _query(_own(server, "billing"), "CREATE TABLE charges (id int)")
            with pytest.raises(psycopg.OperationalError, match="permission denied"):
                _query(_own(server, "billing").removesuffix("billing") + "ledger", "SELECT 1")
            assert _query(server.dsn("billing"), "SELECT count(*) FROM pg_stat_statements") is not None

    asyncio.run(scenario())


def test_that_a_wrong_password_is_refused(tmp_path: Path, run_id: str) -> None:
    async def scenario() -> None:
        async with _server(tmp_path / "pg", run_id) as server:
            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                _query(
                    f"host=127.0.0.1 port={server.port} dbname=postgres user=postgres password=x", "SELECT 1"
                )

    asyncio.run(scenario())


def test_that_rows_outlive_the_server_until_a_reset(tmp_path: Path, run_id: str) -> None:
    async def scenario() -> None:
        for _ in range(2):
            async with _server(tmp_path / "pg", run_id) as server:
                await server.create_database("billing")
                _query(_own(server, "billing"), "CREATE TABLE IF NOT EXISTS charges (id int)")
                _query(_own(server, "billing"), "INSERT INTO charges VALUES (1)")
        async with _server(tmp_path / "pg", run_id) as server:
            await server.create_database("billing")
            assert _query(_own(server, "billing"), "SELECT count(*) FROM charges") == 2
            await server.reset("billing")
            assert _query(_own(server, "billing"), "SELECT to_regclass('charges') IS NULL") is True

    asyncio.run(scenario())


def test_that_the_pid_file_of_a_dead_server_keeps_nobody_from_starting(tmp_path: Path, run_id: str) -> None:
    async def scenario() -> None:
        async with _server(tmp_path / "pg", run_id):
            pass
        # The number now belongs to another process, here to this one.
        (tmp_path / "pg" / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n/elsewhere\n")
        async with _server(tmp_path / "pg", run_id) as server:
            assert _query(server.dsn("postgres"), "SELECT 1") == 1

    asyncio.run(scenario())


def test_that_a_connected_client_does_not_keep_the_server_from_its_end(tmp_path: Path, run_id: str) -> None:
    async def scenario() -> None:
        steps: list[LadderStep] = []
        async with _server(tmp_path / "pg", run_id, steps) as server:
            client = psycopg.connect(server.dsn("postgres"))
            await server.stop()
            client.close()
        assert [step.step for step in steps] == ["ask"]

    asyncio.run(scenario())


def test_that_the_settings_are_those_of_a_drill(tmp_path: Path, run_id: str) -> None:
    expected = {
        "fsync": "off", "synchronous_commit": "on", "max_connections": "120", "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "", "password_encryption": "scram-sha-256",
    }  # fmt: skip

    async def scenario() -> None:
        async with _server(tmp_path / "pg", run_id) as server:
            assert {name: _query(server.dsn("postgres"), f"SHOW {name}") for name in expected} == expected

    asyncio.run(scenario())


def test_that_a_folder_without_programs_is_named(tmp_path: Path) -> None:
    with pytest.raises(PostgresMissing) as refused:
        find_programs({"DRILL_POSTGRES_BIN": str(tmp_path)})
    assert refused.value.where == str(tmp_path)
    assert "DRILL_POSTGRES_BIN" in refused.value.what_to_do


@pytest.mark.skipif(os.name == "nt", reason="needs a shell script as a program")
def test_that_an_old_postgres_is_refused(tmp_path: Path) -> None:
    for name in ("postgres", "initdb", "pg_ctl"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n")
        (tmp_path / name).chmod(stat.S_IRWXU)
    with pytest.raises(PostgresMissing, match=r"14\.9 is too old"):
        find_programs({"DRILL_POSTGRES_BIN": str(tmp_path)})


def test_that_a_full_disk_is_said_before_anything_is_written(
    tmp_path: Path, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.lab.postgres._LEAST_FREE_MB", 10**9)

    async def scenario() -> None:
        async with _server(tmp_path / "pg", run_id):
            pass

    with pytest.RaisesGroup(DiskFull):
        asyncio.run(scenario())
    assert not (tmp_path / "pg" / "data").exists()
