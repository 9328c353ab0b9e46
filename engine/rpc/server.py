"""The engine's server: loopback only, two tokens, one port of its own choice."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import grpc.aio

from engine.rpc.drill_service import DrillService
from engine.rpc.gate import Gate, Tokens
from engine.rpc.telemetry_service import TelemetryService
from engine.rpc.workbench_service import WorkbenchService
from engine.runner.engine import Engine
from protos.drill.v1.drill_pb2_grpc import add_DrillServicer_to_server
from protos.drill.v1.telemetry_pb2_grpc import add_TelemetryServicer_to_server
from protos.drill.v1.workbench_pb2_grpc import add_WorkbenchServicer_to_server

MESSAGE_BYTES = 8 * 1024 * 1024
END_CALLS_S = 1.0


class EngineServer:
    """`async with EngineServer(engine, tokens) as server`: answers at `server.address` until the block ends."""

    def __init__(self, engine: Engine, tokens: Tokens, listen: str = "127.0.0.1:0") -> None:
        options = [("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", MESSAGE_BYTES)]
        self._server = grpc.aio.server(interceptors=(Gate(tokens),), options=options)
        add_DrillServicer_to_server(DrillService(engine), self._server)
        add_TelemetryServicer_to_server(TelemetryService(engine), self._server)
        add_WorkbenchServicer_to_server(WorkbenchService(engine), self._server)
        self._host = listen.rsplit(":", 1)[0]
        self.address = f"{self._host}:{self._server.add_insecure_port(listen)}"

    async def __aenter__(self) -> Self:
        await self._server.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.stop(END_CALLS_S)
