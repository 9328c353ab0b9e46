"""The OTLP/gRPC receiver: raw bytes in, without a message object of gRPC's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import grpc
import grpc.aio

from engine.telemetry.doors.addresses import AddressTaken
from engine.telemetry.doors.entrance import ACCEPTED, Entrance, ExportRefused, Kind, Reason
from engine.telemetry.settings import TelemetrySettings

_PREFIX = "/opentelemetry.proto.collector."
_KINDS = {
    f"{_PREFIX}trace.v1.TraceService/Export": Kind.TRACES,
    f"{_PREFIX}logs.v1.LogsService/Export": Kind.LOGS,
    f"{_PREFIX}metrics.v1.MetricsService/Export": Kind.METRICS,
}
METHODS = {kind: path for path, kind in _KINDS.items()}
"""The method of each kind of export."""
_STATUSES = {
    Reason.TOO_LARGE: grpc.StatusCode.RESOURCE_EXHAUSTED,
    Reason.MALFORMED: grpc.StatusCode.INVALID_ARGUMENT,
    Reason.BUSY: grpc.StatusCode.UNAVAILABLE,
}
"""Exporters send again what was UNAVAILABLE, and nothing else."""


class Receiver:
    """Listens on loopback."""

    def __init__(self, entrance: Entrance, settings: TelemetrySettings) -> None:
        self.port = 0
        self._entrance = entrance
        self._settings = settings
        self._arrived = 0
        self._answered = 0
        self._server: grpc.aio.Server | None = None

    async def start(self) -> None:
        """Open the port. Raises AddressTaken."""
        limit = self._settings.max_message_bytes
        # What is larger than twice our limit gRPC refuses by itself, unread; between the two we do, and count it.
        options = [("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", 2 * limit)]
        self._server = grpc.aio.server(handlers=[_Handler(self)], options=options)
        address = f"{self._settings.host}:{self._settings.port}"
        try:
            self.port = self._server.add_insecure_port(address)
        except RuntimeError as error:
            raise AddressTaken(address, error) from error
        await self._server.start()

    async def stop(self) -> None:
        """Close the port."""
        if self._server is not None:
            await self._server.stop(0.2)

    def note_arrival(self) -> None:
        """A call begins; its message is not read yet."""
        self._arrived += 1

    async def export(
        self, kind: Kind, payload: bytes, context: grpc.aio.ServicerContext[bytes, bytes]
    ) -> bytes:
        """Take one export or refuse it with the status that tells the exporter what to do."""
        self._answered += 1
        try:
            await self._entrance.offer(kind, payload)
        except ExportRefused as refused:
            await context.abort(_STATUSES[refused.reason], str(refused))
        return ACCEPTED

    @property
    def refused_by_grpc(self) -> int:
        """Calls whose message was never handed to us: larger than gRPC's own limit, or given up on the way."""
        return self._arrived - self._answered


if TYPE_CHECKING:
    _RawHandler = grpc.GenericRpcHandler[bytes, bytes]
else:
    _RawHandler = grpc.GenericRpcHandler


class _Handler(_RawHandler):
    """Raw bytes for the three Export methods, nothing for any other."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._methods = {path: self._method(kind) for path, kind in _KINDS.items()}

    def service(
        self, handler_call_details: grpc.HandlerCallDetails
    ) -> grpc.RpcMethodHandler[bytes, bytes] | None:
        """The handler of a method; called once for each call, before its message is read."""
        method = self._methods.get(handler_call_details.method)
        if method is not None:
            self._receiver.note_arrival()
        return method

    def _method(self, kind: Kind) -> grpc.RpcMethodHandler[bytes, bytes]:
        async def export(payload: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
            return await self._receiver.export(kind, payload, context)

        return grpc.unary_unary_rpc_method_handler(export)
