"""The meter: a process that reads a pack's series on connections of its own."""

import asyncio
from pathlib import Path
from typing import Any

import psycopg
import pytest

from engine.lab.errors import LabError
from engine.lab.meter import MeterProcess
from engine.lab.postgres import Postgres
from engine.lab.records import MeterFailed, MeterRead

METER = """
from .pricing import CENTS

class Meter:
    def __init__(self, seed):
        self.seed = seed

    def read(self, databases):
        cursor = databases["billing"].execute("SELECT count(*) FROM charges")
        return {"charges": cursor.fetchone()[0], "seed": self.seed, "cents": CENTS}
"""


def test_that_it_reads_every_second_and_goes_on_after_a_failure_and_a_reset(
    tmp_path: Path, run_id: str, eventually: Any
) -> None:
    (tmp_path / "meter.py").write_text(METER)
    (tmp_path / "pricing.py").write_text("CENTS = 100")
    seen: list[MeterRead | MeterFailed] = []

    def create(server: Postgres) -> None:
        with psycopg.connect(server.dsn("billing"), autocommit=True) as connection:
            connection.execute("CREATE TABLE charges AS SELECT generate_series(1, 3)")

    def users(server: Postgres) -> list[str]:
        with psycopg.connect(server.dsn("postgres")) as connection:
            rows = connection.execute(
                "SELECT application_name FROM pg_stat_activity WHERE datname = 'billing'"
            )
            return [name for (name,) in rows]

    def is_read() -> bool:
        return bool(seen) and isinstance(seen[-1], MeterRead)

    def has_failed() -> bool:
        return bool(seen) and isinstance(seen[-1], MeterFailed)

    async def scenario() -> None:
        async with asyncio.TaskGroup() as tasks:
            server = Postgres(tmp_path / "pg", run_id, tasks)
            await server.start(lambda text: None)
            await server.create_database("billing")
            meter = MeterProcess(run_id, seen.append)
            try:
                await meter.start(tmp_path / "meter.py", 7, {"billing": server.dsn("billing")})
                await eventually(has_failed)
                await asyncio.to_thread(create, server)
                await eventually(is_read)
                assert await asyncio.to_thread(users, server) == ["monitor"]
                await server.reset("billing")
                await eventually(has_failed)
                await asyncio.to_thread(create, server)
                await eventually(is_read)
            finally:
                await meter.stop()
                await server.stop()

    asyncio.run(scenario())
    assert seen[-1] == MeterRead({"charges": 3.0, "seed": 7.0, "cents": 100.0})
    assert "UndefinedTable" in next(event.reason for event in seen if isinstance(event, MeterFailed))


def test_that_a_meter_that_cannot_be_loaded_is_refused_with_its_error(tmp_path: Path, run_id: str) -> None:
    (tmp_path / "meter.py").write_text("class Meter:\n    pass\n")

    async def scenario() -> None:
        meter = MeterProcess(run_id, lambda event: None)
        try:
            with pytest.raises(LabError, match="takes no arguments"):
                await meter.start(tmp_path / "meter.py", 7, {})
        finally:
            await meter.stop()

    asyncio.run(scenario())
