"""The pack, its modules, and a database server for the tests that need one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import pytest

from engine.lab.postgres import Postgres
from engine.packs.loading import load_module
from engine.packs.reader import read_pack
from engine.packs.records import Pack

FOLDER = Path(__file__).resolve().parents[3] / "scenarios" / "deadlock"
DATABASES = ("orders", "inventory")


@pytest.fixture(scope="session")
def pack() -> Pack:
    return read_pack(FOLDER)


@pytest.fixture(scope="session")
def module() -> Callable[[str], ModuleType]:
    """A module of the pack by name."""
    return lambda name: load_module(FOLDER, name)


@pytest.fixture(scope="session")
def traffic(module: Callable[[str], ModuleType]) -> Any:
    return module("traffic")


@pytest.fixture(scope="session")
def exact(module: Callable[[str], ModuleType]) -> Any:
    return module("exact")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A running server with empty databases orders and inventory."""
    with asyncio.Runner() as runner:
        opened = AsyncExitStack()

        async def open_server() -> Postgres:
            tasks = await opened.enter_async_context(asyncio.TaskGroup())
            postgres = Postgres(tmp_path_factory.mktemp("server"), "test-deadlock", tasks)
            await postgres.start(lambda _: None)
            opened.push_async_callback(postgres.stop)
            for name in DATABASES:
                await postgres.create_database(name)
            return postgres

        try:
            yield runner.run(open_server())
        finally:
            runner.run(opened.aclose())


@pytest.fixture
def databases(server: Postgres) -> Iterator[dict[str, psycopg.Connection[Any]]]:
    """Superuser connections to both databases, their tables gone."""
    connections = {name: psycopg.connect(server.dsn(name), autocommit=True) for name in DATABASES}
    for connection in connections.values():
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    yield connections
    for connection in connections.values():
        connection.close()
