"""The pack's services started by uvicorn on a server of their own, and a bench on them: no proxy, no telemetry."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg

from engine.lab.modes import child_environment
from engine.lab.postgres import Postgres
from engine.packs.api import LoadResult, Reply, Request
from engine.packs.loading import load_traffic
from engine.packs.reader import read_pack
from engine.packs.records import Pack

PACK = Path(__file__).resolve().parents[3] / "scenarios" / "fp_drift"
HISTORY_REQUESTS = 150
_ORDER = ("ledger", "billing", "gateway")


def overlaid(pack: Pack, fix: str | None, folder: Path) -> dict[str, Path]:
    """Copies of the services, with the files of a reference fix on top."""
    sources = {}
    for service in pack.services:
        sources[service.name] = folder / service.name
        shutil.copytree(
            service.folder,
            folder / service.name,
            ignore=shutil.ignore_patterns("__pycache__"),
            dirs_exist_ok=True,
        )
    files = pack.fix(fix).folder / "files" if fix else None
    if files and files.is_dir():
        shutil.copytree(files, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    return sources


class HandBench:
    """A bench for tests: one server, services as plain uvicorn processes."""

    def __init__(
        self, pack: Pack, postgres: Postgres, sources: Mapping[str, Path], seeds: tuple[int, int]
    ) -> None:
        self.seed, self.live_seed = seeds
        self._pack = pack
        self._postgres = postgres
        self._sources = dict(sources)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._ports: dict[str, int] = {}
        self._client: httpx.AsyncClient | None = None

    @property
    def client(self) -> httpx.AsyncClient:
        """A client of the entry service."""
        if self._client is None:
            limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
            url = f"http://127.0.0.1:{self._ports['gateway']}"
            self._client = httpx.AsyncClient(base_url=url, limits=limits, trust_env=False)
        return self._client

    async def start(self, sources: Mapping[str, Path] | None = None) -> None:
        """All services, on what the databases hold."""
        for name in _ORDER:
            self._ports[name] = _free_port()
        for name in _ORDER:
            await self._start_one(name, (sources or self._sources)[name])

    async def stop(self) -> None:
        """End all services."""
        if self._client:
            await self._client.aclose()
            self._client = None
        for name in reversed(_ORDER):
            self._stop_one(name)

    async def send(self, request: Request, timeout_s: float = 10.0) -> Reply:
        """Send one request."""
        began = time.monotonic()
        try:
            answer = await self.client.request(
                request.method,
                request.path,
                headers=dict(request.headers),
                content=request.body,
                timeout=timeout_s,
            )
        except httpx.HTTPError:
            return Reply(0, b"", timeout_s * 1000)
        return Reply(answer.status_code, answer.content, (time.monotonic() - began) * 1000)

    async def send_all(
        self, requests: Sequence[Request], at_once: int, timeout_s: float = 10.0
    ) -> LoadResult:
        """Send them, so many in flight."""
        began = time.monotonic()
        replies: list[Reply] = [Reply(0, b"", 0.0)] * len(requests)
        left = iter(enumerate(requests))

        async def client() -> None:
            for index, request in left:
                replies[index] = await self.send(request, timeout_s)

        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(client())
        return LoadResult(replies, time.monotonic() - began)

    async def play(self, profile: str, seed: int, seconds: float, first: int = 0) -> LoadResult:
        """So many requests as the profile sends in that time, as fast as they go."""
        count = round(self._pack.profile(profile).rate_per_s * seconds)
        traffic = load_traffic(self._pack.folder)
        requests = [traffic.request(profile, seed, first + index) for index in range(count)]
        again = [request for request in requests if request.repeat_after_s is not None]
        played = await self.send_all(requests, 6)
        await self.send_all(again, 4)
        return played

    async def rows(self, database: str, query: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a database."""
        with psycopg.connect(self._postgres.dsn(database), autocommit=True) as connection:
            return connection.execute(query, params).fetchall()

    async def restart(self, service: str) -> None:
        """Stop and start one service."""
        self._stop_one(service)
        await self._start_one(service, self._sources[service])

    async def fresh(self, faulty_history: bool = False) -> None:
        """Empty databases, or what the unfixed services left in them."""
        await self.stop()
        for name in self._pack.databases:
            await self._postgres.reset(name)
        if faulty_history:
            await self.start({service.name: service.folder for service in self._pack.services})
            rate = self._pack.profile("trigger").rate_per_s
            await self.play("trigger", self.live_seed, HISTORY_REQUESTS / rate)
            await self.play("base", self.live_seed, 5)
            await self.stop()
        await self.start()

    async def _start_one(self, name: str, source: Path) -> None:
        environment = child_environment("tests", self._environment(name))
        environment.pop("PYTHONPATH")
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            "app:app",
            "--port",
            str(self._ports[name]),
            "--log-level",
            "info",
        ]
        output = None if os.environ.get("SHOW") else subprocess.DEVNULL
        self._processes[name] = subprocess.Popen(
            command, cwd=source, env=environment, stdout=output, stderr=output
        )
        await self._until_up(name)

    def _environment(self, name: str) -> dict[str, str]:
        service = self._pack.service(name)
        seen = {"WORKERS": str(service.workers), "CONNECTIONS": str(service.connections)}
        seen |= {f"{other.upper()}_URL": f"http://127.0.0.1:{port}" for other, port in self._ports.items()}
        if service.database:
            seen["DATABASE_URL"] = self._postgres.service_url(service.database)
        return seen

    async def _until_up(self, name: str) -> None:
        async with httpx.AsyncClient(trust_env=False) as client:
            while self._processes[name].poll() is None:
                try:
                    await client.get(f"http://127.0.0.1:{self._ports[name]}/health")
                    return
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
        raise RuntimeError(f"{name} does not start")

    def _stop_one(self, name: str) -> None:
        process = self._processes.pop(name, None)
        if process:
            process.terminate()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def hand_bench(
    fix: str | None, folder: Path, seeds: tuple[int, int] = (977, 11)
) -> AsyncIterator[HandBench]:
    """A bench with the services of a fix (None: unfixed) on new databases."""
    pack = read_pack(PACK)
    async with asyncio.TaskGroup() as tasks:
        postgres = Postgres(folder / "postgres", "tests", tasks)
        await postgres.start(lambda _: None)
        bench = HandBench(pack, postgres, overlaid(pack, fix, folder / "sources"), seeds)
        try:
            for name in pack.databases:
                await postgres.create_database(name)
            await bench.start()
            yield bench
        finally:
            await bench.stop()
            await postgres.stop()
