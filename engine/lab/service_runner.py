"""Runs one service from its deployed source, with a control channel on a thread of its own.

Imports nothing of ours but its three sibling files, which keep the same rule: service code never meets the engine.
The first line on stdin is the spec; then commands come (stacks, drain, stop). Events leave on the original stdout;
what the service prints goes to stderr. When stdin ends, the owner is gone and so is the service.
"""

from __future__ import annotations

import asyncio
import json
import linecache
import logging
import os
import socket
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, NoReturn

import anyio.to_thread
import uvicorn

from engine.lab.service_disk import DataFolder, ServiceLog
from engine.lab.service_source import hash_of, import_from, isolate, read_source
from engine.lab.service_telemetry import (
    Telemetry,
    in_text,
    instrument,
    log_failed_request,
    log_to_stderr,
    measure_disk,
    measure_workers,
)

_FLUSH_S = 1.5
_FAILED_TO_START = 3
_RUNNER = Path(__file__).parents[1]
"""frames from here are how services are run, of no interest in their stacks"""


class _Channel:
    """Events to the owner, one JSON line each, from any thread."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()

    def send(self, event: str, **fields: Any) -> None:
        """Write one event; an owner that is gone is noticed by the reading side."""
        line = json.dumps({"event": event, **fields}).encode() + b"\n"
        with self._lock:
            while line:
                try:
                    line = line[os.write(self._descriptor, line) :]
                except OSError:
                    return


class _Front:
    """Stands before the application: logs what it raises, ends connections in a drain."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.draining = False
        self.startup_error: BaseException | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """One ASGI call."""
        if scope["type"] == "lifespan":
            await self._lifespan(scope, receive, send)
        else:
            await self._request(scope, receive, send)

    async def _lifespan(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await self._app(scope, receive, send)
        except BaseException as error:
            self.startup_error = error
            raise

    async def _request(self, scope: Any, receive: Any, send: Any) -> None:
        answered = False

        async def answer(message: Any) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                if self.draining:
                    message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except Exception as error:
            log_failed_request(scope, error)
            if not answered:
                raise


class _Server(uvicorn.Server):
    """uvicorn, telling when it accepts requests."""

    def __init__(self, config: uvicorn.Config, service: _Service) -> None:
        super().__init__(config)
        self._service = service

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, then report that it is ready."""
        await super().startup(sockets)
        self._service.report_ready()


class _Service:
    """One running service."""

    def __init__(self, spec: Mapping[str, Any], channel: _Channel) -> None:
        self.name: str = spec["name"]
        self.folder = Path(spec["source"]).resolve()
        self.channel = channel
        self.finished = threading.Event()
        self._spec = spec
        self._server: _Server | None = None
        self._front: _Front | None = None
        self._telemetry: Telemetry | None = None
        self._hash = ""
        self._port = 0

    def run(self) -> int:
        """Import and serve until told to stop; the exit code."""
        try:
            files = read_source(self.folder)
            self._hash = hash_of(files)
            if self._spec.get("otlp_endpoint"):
                self._telemetry = Telemetry(
                    self.name, self._hash[:12], self._spec["otlp_endpoint"], self.folder
                )
            self._open_data_folder()
            import_from(self.folder, files)
            app = __import__("app").app
            if self._telemetry:
                instrument(app)
            self._front = _Front(app)
        except BaseException as error:
            return self._fail(error)
        return self._serve(self._front)

    def report_ready(self) -> None:
        """Tell the owner where the service answers and what it loaded."""
        self.channel.send("ready", source_hash=self._hash, pid=os.getpid(), port=self._port)

    def drain(self) -> None:
        """From now on every answer ends its connection, so that clients turn to the new version."""
        if self._front:
            self._front.draining = True

    def stop(self) -> None:
        """End after the requests in flight, or after the grace time, whatever the workers do."""
        if self._server:
            self._server.should_exit = True
            self.finished.wait(float(self._spec.get("grace_s", 3.0)) + 1.0)
        self.leave(0)

    def leave(self, code: int) -> NoReturn:
        """Send the last telemetry and end this process without waiting for any thread."""
        if self._telemetry:
            self._telemetry.flush(_FLUSH_S)
        sys.stderr.flush()
        os._exit(code)

    def _open_data_folder(self) -> None:
        """Keep the quota of the service's own folder from now on, and its log there."""
        if not self._spec.get("data_folder"):
            return
        data = DataFolder(Path(self._spec["data_folder"]), self._spec["data_quota_bytes"])
        log = ServiceLog(data)
        in_text(log)
        logging.getLogger().addHandler(log)
        data.keep_quota()
        if self._telemetry:
            measure_disk(data, log)

    def _serve(self, front: _Front) -> int:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.bind(("127.0.0.1", 0))
        self._port = listener.getsockname()[1]
        grace_s = max(1, round(float(self._spec.get("grace_s", 3.0))))
        config = uvicorn.Config(
            front, http="httptools", ws="none", lifespan="on", log_config=None, access_log=False,
            timeout_graceful_shutdown=grace_s, timeout_keep_alive=60,
        )  # fmt: skip
        self._server = _Server(config, self)
        try:
            with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
                runner.run(self._main(self._server, listener))
                # The runner's exit would wait for workers that are stuck.
                self.finished.set()
                self.leave(0)
        except (Exception, SystemExit) as error:
            return self._fail(front.startup_error or error)

    async def _main(self, server: _Server, listener: socket.socket) -> None:
        workers = int(self._spec["environment"].get("WORKERS", "40"))
        limiter = anyio.to_thread.current_default_thread_limiter()
        limiter.total_tokens = workers
        if self._telemetry:
            measure_workers(limiter)
        await server.serve([listener])

    def _fail(self, error: BaseException) -> int:
        file, line = self._place(error)
        text = "".join(traceback.format_exception(type(error), error, self._own_part(error.__traceback__)))
        print(text, file=sys.stderr)
        reason = f"{type(error).__name__}: {error}"
        self.channel.send("failed", reason=reason, traceback=text, file=file, line=line)
        self.finished.set()
        return _FAILED_TO_START

    def _own_part(self, trace: TracebackType | None) -> TracebackType | None:
        """The traceback from the first line of the service's own source on; importing is of no interest."""
        while trace and not self._is_own(trace.tb_frame.f_code.co_filename):
            trace = trace.tb_next
        return trace

    def _place(self, error: BaseException) -> tuple[str | None, int | None]:
        if isinstance(error, SyntaxError) and error.filename and self._is_own(error.filename):
            return self._relative(error.filename), error.lineno
        own = [f for f in traceback.extract_tb(error.__traceback__) if self._is_own(f.filename)]
        return (self._relative(own[-1].filename), own[-1].lineno) if own else (None, None)

    def _is_own(self, file: str) -> bool:
        return Path(file).is_relative_to(self.folder)

    def _relative(self, file: str) -> str:
        return Path(file).relative_to(self.folder).as_posix() if self._is_own(file) else file

    def stacks(self) -> list[dict[str, Any]]:
        """Every thread but the asking one, those at the same place together, innermost frame last."""
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        groups: dict[tuple[Any, ...], list[str]] = {}
        for ident, frame in sys._current_frames().items():
            if ident != threading.get_ident():
                groups.setdefault(self._frames(frame), []).append(names.get(ident, str(ident)))
        keys = ("file", "line", "function", "text", "own")
        return [
            {"threads": sorted(threads), "frames": [dict(zip(keys, frame, strict=True)) for frame in frames]}
            for frames, threads in sorted(groups.items(), key=lambda item: -len(item[1]))
        ]

    def _frames(self, innermost: FrameType) -> tuple[Any, ...]:
        """The frames of a thread from the first that is not of the runner on."""
        frames = list(reversed(list(traceback.walk_stack(innermost))))
        ours = [i for i, (f, _) in enumerate(frames) if Path(f.f_code.co_filename).is_relative_to(_RUNNER)]
        return tuple(
            (self._relative(f.f_code.co_filename), line, f.f_code.co_name,
             linecache.getline(f.f_code.co_filename, line).strip(), self._is_own(f.f_code.co_filename))
            for f, line in frames[ours[-1] + 1 if ours else 0 :]
        )  # fmt: skip


def _listen(service: _Service, commands: Any) -> None:
    """The control thread: answers however busy or stuck the service is."""
    for line in commands:
        command = json.loads(line)
        match command["command"]:
            case "stacks":
                service.channel.send("stacks", id=command["id"], groups=service.stacks())
            case "drain":
                service.drain()
            case "stop":
                service.stop()
    if not service.finished.is_set():
        os._exit(0)


def main(arguments: Sequence[str] = ()) -> int:
    """Run the service whose spec is the first line on stdin; this process ends in here, except without a spec."""
    commands = os.fdopen(os.dup(0), "rb")
    channel = _Channel(os.dup(1))
    os.dup2(2, 1)
    spec = json.loads(commands.readline() or b"null")
    if spec is None:
        return 0
    os.environ.pop("PYTHONPATH", None)
    os.environ.update(spec["environment"])
    isolate()
    os.chdir(spec["source"])
    log_to_stderr()
    service = _Service(spec, channel)
    threading.Thread(target=_listen, args=(service, commands), name="control").start()
    return service.leave(service.run())
