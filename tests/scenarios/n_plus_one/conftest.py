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

FOLDER = Path(__file__).resolve().parents[3] / "scenarios" / "n_plus_one"


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
def expected(module: Callable[[str], ModuleType]) -> Any:
    return module("expected")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A running server with an empty database storefront."""
    with asyncio.Runner() as runner:
        opened = AsyncExitStack()

        async def open_server() -> Postgres:
            tasks = await opened.enter_async_context(asyncio.TaskGroup())
            postgres = Postgres(tmp_path_factory.mktemp("server"), "test-n-plus-one", tasks)
            await postgres.start(lambda _: None)
            opened.push_async_callback(postgres.stop)
            await postgres.create_database("storefront")
            return postgres

        try:
            yield runner.run(open_server())
        finally:
            runner.run(opened.aclose())


@pytest.fixture
def superuser(server: Postgres) -> Iterator[psycopg.Connection[Any]]:
    """A superuser's connection to the database storefront, its tables gone."""
    with psycopg.connect(server.dsn("storefront"), autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS orders")
        yield connection


@pytest.fixture
def storefront(server: Postgres) -> Iterator[psycopg.Connection[Any]]:
    """The service's own connection to its database."""
    url = server.service_url("storefront").replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection
