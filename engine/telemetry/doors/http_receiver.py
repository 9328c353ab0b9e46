"""OTLP/HTTP with protobuf, and Prometheus' `/metrics`, on one port of loopback.

Source: OpenTelemetry Protocol specification, "OTLP/HTTP"; errors carry a google.rpc.Status.
"""

from __future__ import annotations

import asyncio
import socket
import zlib
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from google.rpc.code_pb2 import Code
from google.rpc.status_pb2 import Status

from engine.telemetry.doors.addresses import AddressTaken
from engine.telemetry.doors.entrance import ACCEPTED, Entrance, ExportRefused, Kind, Reason
from engine.telemetry.settings import TelemetrySettings

if TYPE_CHECKING:
    import uvicorn

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Metrics = Callable[[str], tuple[bytes, str]]
"""From an Accept header to the text of `/metrics` and its content type."""

PROTOBUF = "application/x-protobuf"
_KINDS = {f"/v1/{kind}": kind for kind in Kind}
_ANSWERS = {
    Reason.TOO_LARGE: (413, Code.INVALID_ARGUMENT),
    Reason.MALFORMED: (400, Code.INVALID_ARGUMENT),
    Reason.BUSY: (503, Code.UNAVAILABLE),
}
_GZIP = zlib.MAX_WBITS | 16
_BACKLOG = 128
_END_S = 1


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    body: bytes = b""
    content_type: str = PROTOBUF
    headers: tuple[tuple[bytes, bytes], ...] = field(default=())


class HttpReceiver:
    """`serve` answers between `start` and `stop`."""

    def __init__(self, entrance: Entrance, metrics: Metrics, settings: TelemetrySettings) -> None:
        self.port = 0
        self._entrance = entrance
        self._metrics = metrics
        self._settings = settings
        self._socket: socket.socket | None = None
        self._server: uvicorn.Server | None = None

    async def start(self) -> None:
        """Open the port. Raises AddressTaken."""
        address = (self._settings.host, self._settings.http_port)
        try:
            self._socket = socket.create_server(address, backlog=_BACKLOG)
        except OSError as error:
            raise AddressTaken(f"{address[0]}:{address[1]}", error) from error
        self.port = self._socket.getsockname()[1]
        # A tenth of a second of imports, which the event loop does not wait for.
        self._server = await asyncio.to_thread(_server, self._app)

    async def serve(self) -> None:
        """Answer until `stop`, what is being answered included."""
        assert self._server is not None, "start first"
        assert self._socket is not None, "start first"
        await self._server.serve(sockets=[self._socket])

    def stop(self) -> None:
        """Let `serve` close the port and return."""
        if self._server is not None:
            self._server.should_exit = True

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            answer = await self._answer(scope, receive)
        except ExportRefused as refused:
            answer = _refused(refused)
        headers = [
            (b"content-type", answer.content_type.encode()),
            (b"content-length", str(len(answer.body)).encode()),
            *answer.headers,
        ]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, scope: Scope, receive: Receive) -> _Answer:
        path, headers = scope["path"], dict(scope["headers"])
        if path == "/metrics" and scope["method"] == "GET":
            body, content_type = self._metrics(headers.get(b"accept", b"").decode("latin-1"))
            return _Answer(200, body, content_type)
        kind = _KINDS.get(path)
        if kind is None:
            return _told(404, Code.NOT_FOUND, f"there is /metrics, {', '.join(_KINDS)}; not {path}")
        if scope["method"] != "POST":
            return _told(405, Code.UNIMPLEMENTED, f"{path} takes POST", (b"allow", b"POST"))
        content_type = headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower()
        if content_type != PROTOBUF:
            return _told(
                415, Code.INVALID_ARGUMENT, f"{path} takes {PROTOBUF}, not {content_type or 'nothing'}"
            )
        payload = self._unpacked(await self._body(receive), headers.get(b"content-encoding", b"identity"))
        await self._entrance.offer(kind, payload)
        return _Answer(200, ACCEPTED)

    async def _body(self, receive: Receive) -> bytes:
        """The request's body; one that is too large is not read to its end."""
        parts: list[bytes] = []
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self._entrance.refuse_malformed("the exporter went away in the middle of its request")
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            self._entrance.check_size(size)
            more = message.get("more_body", False)
        return b"".join(parts)

    def _unpacked(self, body: bytes, encoding: bytes) -> bytes:
        if encoding.strip().lower() in (b"", b"identity"):
            return body
        if encoding.strip().lower() != b"gzip":
            self._entrance.refuse_malformed(
                f"content-encoding {encoding.decode('latin-1')} is none of gzip, identity"
            )
        unpacker = zlib.decompressobj(_GZIP)
        try:
            payload = unpacker.decompress(body, self._settings.max_message_bytes + 1)
        except zlib.error:
            self._entrance.refuse_malformed("the body is not gzip")
        self._entrance.check_size(len(payload))
        return payload


def _refused(refused: ExportRefused) -> _Answer:
    status, code = _ANSWERS[refused.reason]
    again = ((b"retry-after", b"1"),) if refused.reason is Reason.BUSY else ()
    return _told(status, code, str(refused), *again)


def _told(status: int, code: int, text: str, *headers: tuple[bytes, bytes]) -> _Answer:
    return _Answer(status, Status(code=code, message=text).SerializeToString(), headers=headers)


def _server(app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> uvicorn.Server:
    """A server that leaves the process's signals alone."""
    import uvicorn

    class Server(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    config = uvicorn.Config(
        app,
        interface="asgi3",
        proxy_headers=False,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_END_S,
    )
    return Server(config)
