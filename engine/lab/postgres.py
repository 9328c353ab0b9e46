"""One PostgreSQL server of our own: loopback TCP on a free port, one database and one role for each name."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from engine.lab.child_process import spawn
from engine.lab.errors import DiskFull, PostgresFailed
from engine.lab.modes import child_environment
from engine.lab.postgres_programs import Account, PostgresPrograms, choose_account, find_programs
from engine.lab.postgres_server import PostgresServer, start_server
from engine.lab.records import LadderStep

_SUPERUSER = "postgres"
_LEAST_FREE_MB = 400
_READY_WITHIN_S = 60.0
_PORT_ATTEMPTS = 5
_EARLIER_ENDS_WITHIN_S = 8.0
_SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "max_connections": "120",
    "fsync": "off",
    "synchronous_commit": "on",
    "full_page_writes": "off",
    "shared_buffers": "'64MB'",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "'256MB'",
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "shared_preload_libraries": "'pg_stat_statements'",
    "pg_stat_statements.max": "2000",
    "log_line_prefix": "'%m [%p] %d '",
}


def free_port() -> int:
    """A loopback port that nobody has now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _unreported(step: LadderStep) -> None:
    """For owners that do not watch how it ends."""


class Postgres:
    """A server whose data lives in `folder/data`; an existing folder is started as it is, with its data.

    The waiting for its process is a task of `tasks`.
    """

    def __init__(
        self,
        folder: Path,
        run_id: str,
        tasks: asyncio.TaskGroup,
        report: Callable[[LadderStep], None] = _unreported,
        settings: Mapping[str, str] = os.environ,
    ) -> None:
        self._folder = folder
        self._run_id = run_id
        self._tasks = tasks
        self._report = report
        self._settings = settings
        self._passwords: dict[str, str] = {}
        self._server: PostgresServer | None = None
        self._borrowed: Path | None = None
        self.port = 0
        self.version = ""

    @property
    def pid(self) -> int | None:
        """The server's first process while it runs."""
        return self._server.pid if self._server and not self._server.ended.done() else None

    @property
    def ended(self) -> asyncio.Future[int]:
        """The server's exit code, when there is one. Call it after `start`."""
        assert self._server is not None
        return self._server.ended

    @property
    def log(self) -> Path:
        """What the server says."""
        return self._folder / "postgres.log"

    async def start(self, progress: Callable[[str], None]) -> None:
        """Make the data folder if there is none, and start. Raises PostgresMissing, PostgresFailed or DiskFull."""
        programs = await asyncio.to_thread(find_programs, self._settings)
        account = await asyncio.to_thread(choose_account, programs)
        self.version = programs.version
        await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
        _require_space(self._folder)
        data = self._data_folder(account)
        if not (data / "PG_VERSION").exists():
            progress("Creating the database server's files (the first time on a machine takes a few seconds)")
            await self._initialise(programs, account, data)
        self._passwords[_SUPERUSER] = (self._folder / "password").read_text()
        progress(f"Starting PostgreSQL {programs.version}")
        await self._serve(programs, account, data)
        await asyncio.to_thread(self._prepare_template)

    async def stop(self) -> None:
        """End the server: INT, then QUIT, then KILL, and wait until it is reaped."""
        await self._end_server()
        if self._borrowed:
            await asyncio.to_thread(shutil.rmtree, self._borrowed, ignore_errors=True)
            self._borrowed = None

    def dsn(self, name: str) -> str:
        """The superuser's connection string for a database."""
        return (
            f"host=127.0.0.1 port={self.port} dbname={name} user={_SUPERUSER} "
            f"password={self._passwords[_SUPERUSER]}"
        )

    def service_url(self, name: str, port: int | None = None) -> str:
        """What the role of a database connects to by SQLAlchemy; `port` is the proxy's."""
        return f"postgresql+psycopg://{name}:{self._passwords[name]}@127.0.0.1:{port or self.port}/{name}"

    async def create_database(self, name: str) -> None:
        """Make sure that the database and its role are there; the data of an existing one stays."""
        self._passwords[name] = secrets.token_hex(12)
        await asyncio.to_thread(self._create, name)

    async def drop(self, name: str) -> None:
        """Remove a database with everything in it, whoever is connected."""
        await asyncio.to_thread(self._execute, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"), name)

    async def reset(self, name: str) -> None:
        """An empty database in place of the old one; role and password stay."""
        await self.drop(name)
        await asyncio.to_thread(self._create, name)

    def tail(self, lines: int = 12) -> tuple[str, ...]:
        """The end of the server's log."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return tuple(text.splitlines()[-lines:])

    async def _end_server(self) -> None:
        if self._server:
            await self._server.stop(self._report)
            self._server = None

    def _data_folder(self, account: Account) -> Path:
        """`folder/data`; under a dropped account a folder of its own, since it may not enter ours."""
        if account.owner is None:
            return self._folder / "data"
        # The same name after a crash, so that the run goes on with its rows.
        key = hashlib.sha256(str(self._folder.resolve()).encode()).hexdigest()[:16]
        self._borrowed = Path(tempfile.gettempdir()) / f"drill-postgres-{key}"
        data = self._borrowed / "data"
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in (self._borrowed, data):
            os.chown(path, account.owner, account.owner)
        return data

    async def _initialise(self, programs: PostgresPrograms, account: Account, data: Path) -> None:
        password = self._folder / "password"
        password.touch(mode=0o600)
        password.write_text(secrets.token_hex(12))
        given = data.with_name("password")
        if account.owner is not None:
            given.touch(mode=0o600)
            given.write_bytes(password.read_bytes())
            os.chown(given, account.owner, account.owner)
        command = [
            *account.prefix, programs.path("initdb"), "-D", str(data), "-U", _SUPERUSER, f"--pwfile={given}",
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions",
        ]  # fmt: skip
        process = await spawn(
            command, self._environment(programs), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        output, _ = await process.communicate()
        if account.owner is not None:
            given.unlink()
        if process.returncode:
            await asyncio.to_thread(shutil.rmtree, data, ignore_errors=True)
            raise _refusal("PostgreSQL could not create its files", data, output.decode(errors="replace"))

    async def _serve(self, programs: PostgresPrograms, account: Account, data: Path) -> None:
        await asyncio.to_thread(_await_end_of_earlier, data)
        for attempt in range(_PORT_ATTEMPTS):
            self.port = free_port()
            self._write_settings(data)
            start = self.log.stat().st_size if self.log.exists() else 0
            self._server = await start_server(
                programs, account, data, self.log, self._environment(programs), self._tasks
            )
            if await self._is_ready(data):
                return
            said = self.log.read_bytes()[start:].decode(errors="replace")
            await self._end_server()
            port_was_taken = "could not bind" in said or "Address already in use" in said
            if not port_was_taken or attempt == _PORT_ATTEMPTS - 1:
                raise _refusal("PostgreSQL did not start", self.log, said)

    async def _is_ready(self, data: Path) -> bool:
        """True when the server wrote that it is ready; False when it ended or took too long."""
        assert self._server is not None
        pid_file = data / "postmaster.pid"
        deadline = asyncio.get_running_loop().time() + _READY_WITHIN_S
        while not self._server.ended.done() and asyncio.get_running_loop().time() < deadline:
            lines = pid_file.read_text().splitlines() if pid_file.exists() else []
            # A file left by a killed server has another pid in its first line.
            if len(lines) >= 8 and lines[0] == str(self._server.pid) and lines[7].strip() == "ready":
                return True
            await asyncio.wait((self._server.ended,), timeout=0.02)
        return False

    def _write_settings(self, data: Path) -> None:
        lines = [f"{name} = {value}\n" for name, value in {**_SETTINGS, "port": str(self.port)}.items()]
        (data / "postgresql.auto.conf").write_text("".join(lines))

    def _environment(self, programs: PostgresPrograms) -> dict[str, str]:
        environment = programs.environment(child_environment(self._run_id))
        environment.pop("PYTHONPATH")
        return {**environment, "LC_ALL": "C", "TZ": "UTC"}

    def _prepare_template(self) -> None:
        with psycopg.connect(self.dsn("template1"), autocommit=True) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")

    def _create(self, name: str) -> None:
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            role = sql.Identifier(name)
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
            verb = sql.SQL("ALTER" if known else "CREATE")
            password = sql.Literal(self._passwords[name])
            connection.execute(sql.SQL("{} ROLE {} LOGIN PASSWORD {}").format(verb, role, password))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(role, role))
                connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(role))

    def _execute(self, statement: sql.SQL, name: str) -> None:
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(statement.format(sql.Identifier(name)))


def _require_space(folder: Path) -> None:
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    if free_mb < _LEAST_FREE_MB:
        raise DiskFull(
            f"Only {free_mb} MB of disk are free, a run needs {_LEAST_FREE_MB}",
            str(folder),
            "Free some space, or remove old runs with `drill clean`.",
        )


def _await_end_of_earlier(data: Path) -> None:
    """Wait for an earlier owner's server on `data` to end; take away what a dead one left.

    postgres itself takes any living process with the noted pid for a server, even after a reboot.
    """
    pid_file = data / "postmaster.pid"
    if not pid_file.exists():
        return
    try:
        earlier = psutil.Process(int(pid_file.read_text().splitlines()[0]))
        is_server = str(data) in earlier.cmdline()
    except (psutil.Error, ValueError, IndexError):
        is_server = False
    if not is_server:
        pid_file.unlink(missing_ok=True)
        return
    _, alive = psutil.wait_procs([earlier], timeout=_EARLIER_ENDS_WITHIN_S)
    if alive:
        raise PostgresFailed(
            "Another PostgreSQL still runs on these files",
            str(data),
            "End it with `drill clean`, then start again.",
        )


def _refusal(what: str, where: Path, said: str) -> PostgresFailed | DiskFull:
    if "No space left" in said:
        return DiskFull(f"{what}: the disk is full", str(where), "Free some space and start again.")
    told = "\n".join(said.strip().splitlines()[-6:])
    return PostgresFailed(
        f"{what}; it said: {told}", str(where), "Read the log named here, then start again."
    )
