"""A participant's token gets no call of the facilitator, and nobody gets in without one: over all calls."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import pytest

from engine.drill.audience import Audience
from engine.rpc.gate import RIGHTS, Tokens
from engine.rpc.server import EngineServer
from engine.runner.engine import EngineSettings, build_engine
from protos.drill.v1 import (
    drill_pb2,
    drill_pb2_grpc,
    telemetry_pb2,
    telemetry_pb2_grpc,
    workbench_pb2,
    workbench_pb2_grpc,
)

TOKENS = Tokens.new()
STUBS: dict[str, Any] = {
    "Drill": drill_pb2_grpc.DrillStub,
    "Telemetry": telemetry_pb2_grpc.TelemetryStub,
    "Workbench": workbench_pb2_grpc.WorkbenchStub,
}
MODULES = (drill_pb2, telemetry_pb2, workbench_pb2)
FACILITATOR_CALLS = sorted(call for call, rights in RIGHTS.items() if Audience.PARTICIPANT not in rights)


def request_of(call: str) -> Any:
    """An empty request of that call."""
    service, method = call.split("/")
    for module in MODULES:
        if service in module.DESCRIPTOR.services_by_name:
            name = module.DESCRIPTOR.services_by_name[service].methods_by_name[method].input_type.name
            return getattr(module, name)()
    raise KeyError(call)


def statuses(runs: Path, token: str, calls: list[str]) -> dict[str, grpc.StatusCode]:
    """How an engine without a run answers those calls to the holder of that token."""

    async def ask() -> dict[str, grpc.StatusCode]:
        engine = build_engine(EngineSettings(runs=runs))
        async with EngineServer(engine, TOKENS) as server:
            return await asyncio.to_thread(_ask_all, server.address, token, calls)

    return asyncio.run(ask())


def _ask_all(address: str, token: str, calls: list[str]) -> dict[str, grpc.StatusCode]:
    found = {}
    with grpc.insecure_channel(address) as channel:
        for call in calls:
            service, method = call.split("/")
            behaviour: Callable[..., Any] = getattr(STUBS[service](channel), method)
            try:
                answer = behaviour(
                    request_of(call), timeout=10, metadata=(("authorization", f"Bearer {token}"),)
                )
                if not hasattr(answer, "DESCRIPTOR"):
                    list(answer)
                found[call] = grpc.StatusCode.OK
            except grpc.RpcError as error:
                found[call] = error.code()
    return found


def test_that_a_participant_gets_no_call_of_the_facilitator(tmp_path: Path) -> None:
    found = statuses(tmp_path, TOKENS.participant, FACILITATOR_CALLS)
    assert found == dict.fromkeys(FACILITATOR_CALLS, grpc.StatusCode.PERMISSION_DENIED)


@pytest.mark.parametrize("token", ["", "nonsense", TOKENS.participant[:-1]])
def test_that_nobody_gets_in_without_a_token(tmp_path: Path, token: str) -> None:
    found = statuses(tmp_path, token, sorted(RIGHTS))
    assert found == dict.fromkeys(sorted(RIGHTS), grpc.StatusCode.UNAUTHENTICATED)


def test_that_a_participant_may_ask_what_is_theirs(tmp_path: Path) -> None:
    theirs = sorted(call for call, rights in RIGHTS.items() if Audience.PARTICIPANT in rights)
    found = statuses(tmp_path, TOKENS.participant, theirs)
    assert grpc.StatusCode.PERMISSION_DENIED not in found.values()
    assert found["Drill/Hello"] is grpc.StatusCode.OK
    assert found["Drill/GetSnapshot"] is grpc.StatusCode.FAILED_PRECONDITION


def test_that_the_tokens_of_two_starts_differ() -> None:
    one, other = Tokens.new(), Tokens.new()
    assert len({one.facilitator, one.participant, other.facilitator, other.participant}) == 4
