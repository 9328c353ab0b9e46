"""The gate in front of every call: token, right, and one table from refusals to statuses."""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import grpc
import grpc.aio

from engine.drill.audience import Audience
from engine.drill.errors import DrillError, Refusal
from engine.telemetry.questions.language import QueryError

LOG = logging.getLogger(__name__)

_EVERYONE = frozenset(Audience)
_FACILITATOR = frozenset({Audience.FACILITATOR})

RIGHTS: dict[str, frozenset[Audience]] = {
    "Drill/Hello": _EVERYONE,
    "Drill/ListPacks": _FACILITATOR,
    "Drill/AddPack": _FACILITATOR,
    "Drill/TrustPack": _FACILITATOR,
    "Drill/RemovePack": _FACILITATOR,
    "Drill/ListRuns": _FACILITATOR,
    "Drill/Preflight": _FACILITATOR,
    "Drill/OpenRun": _FACILITATOR,
    "Drill/GetSnapshot": _EVERYONE,
    "Drill/Watch": _EVERYONE,
    "Drill/StartPhase": _FACILITATOR,
    "Drill/EndPhase": _FACILITATOR,
    "Drill/HoldClock": _FACILITATOR,
    "Drill/ReleaseClock": _FACILITATOR,
    "Drill/ExtendPhase": _FACILITATOR,
    "Drill/TriggerScenario": _FACILITATOR,
    "Drill/StopScenario": _FACILITATOR,
    "Drill/ReleaseHint": _FACILITATOR,
    "Drill/GetFacilitatorPage": _FACILITATOR,
    "Drill/StartStress": _FACILITATOR,
    "Drill/ListChaos": _FACILITATOR,
    "Drill/StartChaos": _FACILITATOR,
    "Drill/StopChaos": _FACILITATOR,
    "Drill/WriteReport": _FACILITATOR,
    "Drill/Shutdown": _FACILITATOR,
    "Drill/AcknowledgeAlert": _EVERYONE,
    "Drill/MarkMoment": _EVERYONE,
    "Drill/SaveAlertRule": _EVERYONE,
    "Drill/RemoveAlertRule": _EVERYONE,
    "Drill/TryAlertRule": _EVERYONE,
    "Drill/ExportMonitoring": _EVERYONE,
    "Telemetry/ReadSeries": _EVERYONE,
    "Telemetry/WatchSeries": _EVERYONE,
    "Telemetry/ListMetrics": _EVERYONE,
    "Telemetry/GetEndpoints": _EVERYONE,
    "Telemetry/ReadExemplars": _EVERYONE,
    "Telemetry/ListTraces": _EVERYONE,
    "Telemetry/GetTrace": _EVERYONE,
    "Telemetry/ReadSpans": _EVERYONE,
    "Telemetry/ExportTrace": _EVERYONE,
    "Telemetry/ListLogs": _EVERYONE,
    "Telemetry/GetServiceMap": _EVERYONE,
    "Telemetry/GetCounters": _EVERYONE,
    "Workbench/ListFiles": _EVERYONE,
    "Workbench/ReadFile": _EVERYONE,
    "Workbench/WriteFile": _EVERYONE,
    "Workbench/RevertFile": _EVERYONE,
    "Workbench/GetDiff": _EVERYONE,
    "Workbench/Propose": _EVERYONE,
    "Workbench/Deploy": _EVERYONE,
    "Workbench/Verify": _EVERYONE,
    "Workbench/CancelVerification": _EVERYONE,
    "Workbench/GetStacks": _EVERYONE,
}
"""Who may call what; a call without a row is refused to all."""

STATUSES: dict[Refusal, grpc.StatusCode] = {
    Refusal.INVALID: grpc.StatusCode.INVALID_ARGUMENT,
    Refusal.NOT_FOUND: grpc.StatusCode.NOT_FOUND,
    Refusal.NOT_NOW: grpc.StatusCode.FAILED_PRECONDITION,
    Refusal.NOT_ALLOWED: grpc.StatusCode.PERMISSION_DENIED,
    Refusal.MACHINE: grpc.StatusCode.RESOURCE_EXHAUSTED,
}

caller: ContextVar[Audience] = ContextVar("caller")
"""on whose behalf the call at hand runs"""


def who() -> tuple[str, str]:
    """Actor and role of the call at hand; people with names come with the workshop."""
    audience = str(caller.get())
    return audience, audience


@dataclass(frozen=True, slots=True)
class Tokens:
    """The two secrets of one start of the engine."""

    facilitator: str
    participant: str

    @classmethod
    def new(cls) -> Tokens:
        """Two fresh tokens of 256 bits each."""
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32))

    def audience(self, token: str) -> Audience | None:
        """Who holds that token; compared in constant time."""
        if hmac.compare_digest(token, self.facilitator):
            return Audience.FACILITATOR
        if hmac.compare_digest(token, self.participant):
            return Audience.PARTICIPANT
        return None


class Gate(grpc.aio.ServerInterceptor):  # type: ignore[type-arg]
    """Lets a call through when its token has the right to it, and turns refusals into statuses."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    async def intercept_service(
        self, continuation: Callable[[Any], Awaitable[Any]], handler_call_details: Any
    ) -> Any:
        """Wrap the handler that `continuation` finds."""
        handler = await continuation(handler_call_details)
        if handler is None:
            return None
        name = handler_call_details.method.removeprefix("/drill.v1.")
        metadata = dict(handler_call_details.invocation_metadata or ())
        token = str(metadata.get("authorization", "")).removeprefix("Bearer ")
        audience = self._tokens.audience(token)
        codec = (handler.request_deserializer, handler.response_serializer)
        if handler.response_streaming:
            stream = _guard_stream(handler.unary_stream, name, audience)
            return grpc.unary_stream_rpc_method_handler(stream, *codec)
        return grpc.unary_unary_rpc_method_handler(_guard(handler.unary_unary, name, audience), *codec)


async def _let_in(name: str, audience: Audience | None, context: Any) -> None:
    if audience is None:
        text = "This connection has no valid token. Start the console again."
        await context.abort(grpc.StatusCode.UNAUTHENTICATED, text)
    if audience not in RIGHTS.get(name, frozenset()):
        await context.abort(grpc.StatusCode.PERMISSION_DENIED, "Only the facilitator may do this.")


def _guard(
    behaviour: Callable[[Any, Any], Awaitable[Any]], name: str, audience: Audience | None
) -> Callable[[Any, Any], Awaitable[Any]]:
    async def guarded(request: Any, context: Any) -> Any:
        await _let_in(name, audience, context)
        assert audience is not None
        caller.set(audience)
        try:
            return await behaviour(request, context)
        except (DrillError, QueryError) as error:
            await context.abort(*_refused(error))

    return guarded


def _guard_stream(
    behaviour: Callable[[Any, Any], AsyncIterator[Any]], name: str, audience: Audience | None
) -> Callable[[Any, Any], AsyncIterator[Any]]:
    async def guarded(request: Any, context: Any) -> AsyncIterator[Any]:
        await _let_in(name, audience, context)
        assert audience is not None
        caller.set(audience)
        try:
            async for answer in behaviour(request, context):
                yield answer
        except (DrillError, QueryError) as error:
            await context.abort(*_refused(error))

    return guarded


def _refused(error: Exception) -> tuple[grpc.StatusCode, str]:
    if isinstance(error, DrillError):
        return STATUSES[error.refusal], str(error)
    return grpc.StatusCode.INVALID_ARGUMENT, str(error)
