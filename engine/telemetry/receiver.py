"""The OTLP/gRPC receiver: raw bytes in, parsed once, through a bounded queue to one worker."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import grpc
import grpc.aio
from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from engine.telemetry.intake import Parsed
from engine.telemetry.lean_pb2 import Logs, Spans
from engine.telemetry.settings import TelemetrySettings

Take = Callable[[Parsed, bytes], Awaitable[None]]
_PREFIX = "/opentelemetry.proto.collector."
_PARSERS: dict[str, Callable[[bytes], Parsed]] = {
    f"{_PREFIX}trace.v1.TraceService/Export": Spans.FromString,
    f"{_PREFIX}logs.v1.LogsService/Export": Logs.FromString,
    f"{_PREFIX}metrics.v1.MetricsService/Export": ExportMetricsServiceRequest.FromString,
}
_ACCEPTED = b""
"""An empty Export*ServiceResponse: all of it was taken."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Refusals:
    """Exports that were not taken. `arrived` and `answered` differ by those that gRPC itself refused as too large."""

    malformed: int = 0
    too_large: int = 0
    busy: int = 0
    arrived: int = 0
    answered: int = 0


class Receiver:
    """Listens on loopback; `take` gets each export, in order of arrival, one at a time."""

    def __init__(self, take: Take, settings: TelemetrySettings) -> None:
        self.refusals = Refusals()
        self.port = 0
        self._take = take
        self._settings = settings
        self._queue: asyncio.Queue[tuple[Parsed, bytes] | None] = asyncio.Queue(settings.queue_exports)
        self._working = False
        self._server: grpc.aio.Server | None = None

    async def start(self) -> None:
        """Open the port. Raises OSError where it is taken."""
        limit = self._settings.max_message_bytes
        # What is larger than twice our limit gRPC refuses by itself, unread; between the two we do, and count it.
        options = [("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", 2 * limit)]
        self._server = grpc.aio.server(handlers=[_Handler(self)], options=options)
        address = f"{self._settings.host}:{self._settings.port}"
        try:
            self.port = self._server.add_insecure_port(address)
        except RuntimeError as error:
            raise OSError(f"telemetry cannot listen on {address}: {error}") from error
        await self._server.start()

    async def work(self) -> None:
        """Hand the exports on until `stop`."""
        self._working = True
        try:
            while (item := await self._queue.get()) is not None:
                await self._take(*item)
                self._queue.task_done()
            self._queue.task_done()
        finally:
            self._working = False

    async def drained(self) -> None:
        """Return when all that was accepted has been handed on."""
        await self._queue.join()

    async def stop(self) -> None:
        """Close the port, then let `work` finish what was accepted."""
        if self._server is not None:
            await self._server.stop(0.2)
        if self._working:
            await self._queue.put(None)

    async def export(
        self, path: str, payload: bytes, context: grpc.aio.ServicerContext[bytes, bytes]
    ) -> bytes:
        """Take one export or refuse it with the status that tells the exporter what to do."""
        self.refusals.answered += 1
        if len(payload) > self._settings.max_message_bytes:
            self.refusals.too_large += 1
            await context.abort(
                grpc.StatusCode.RESOURCE_EXHAUSTED,
                f"an export has at most {self._settings.max_message_bytes} bytes, this one {len(payload)}",
            )
        try:
            message = _PARSERS[path](payload)
        except DecodeError:
            self.refusals.malformed += 1
            _log.warning("refused a malformed export to %s (%d bytes)", path, len(payload))
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, "this is not an OTLP export request")
        try:
            await asyncio.wait_for(self._queue.put((message, payload)), self._settings.queue_wait_s)
        except TimeoutError:
            self.refusals.busy += 1
            await context.abort(grpc.StatusCode.UNAVAILABLE, "too much telemetry at once, send it again")
        return _ACCEPTED

    @property
    def refused_by_grpc(self) -> int:
        """Calls whose message was never handed to us: larger than gRPC's own limit, or given up on the way."""
        return self.refusals.arrived - self.refusals.answered


if TYPE_CHECKING:
    _RawHandler = grpc.GenericRpcHandler[bytes, bytes]
else:
    _RawHandler = grpc.GenericRpcHandler


class _Handler(_RawHandler):
    """Raw bytes for the three Export methods, nothing for any other."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._methods = {path: self._method(path) for path in _PARSERS}

    def service(
        self, handler_call_details: grpc.HandlerCallDetails
    ) -> grpc.RpcMethodHandler[bytes, bytes] | None:
        """The handler of a method; called once for each call, before its message is read."""
        method = self._methods.get(handler_call_details.method)
        if method is not None:
            self._receiver.refusals.arrived += 1
        return method

    def _method(self, path: str) -> grpc.RpcMethodHandler[bytes, bytes]:
        async def export(payload: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
            return await self._receiver.export(path, payload, context)

        return grpc.unary_unary_rpc_method_handler(export)
