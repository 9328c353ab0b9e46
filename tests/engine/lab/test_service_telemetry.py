"""What services export: one trace a request from the gateway to the statement, and logs that carry it."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from engine.lab.environment import Environment, EnvironmentSettings
from engine.packs.records import Pack


def _value(point: Any) -> float:
    return point.as_double if point.HasField("as_double") else point.as_int


def _origin(span: Any, sources: Mapping[str, Path]) -> str:
    """The line of source that a span says it comes from."""
    facts = {one.key: one.value for one in span.attributes}
    if "code.file.path" not in facts:
        return ""
    service, _, file = facts["code.file.path"].string_value.partition("/")
    lines = (sources[service] / file).read_text().splitlines()
    return lines[facts["code.line.number"].int_value - 1]


def test_that_one_request_is_one_trace_down_to_its_statements_and_its_log_lines(
    tmp_path: Path,
    run_id: str,
    make_pack: Callable[[Mapping[str, Path]], Pack],
    small_sources: dict[str, Path],
    collector: Any,
    eventually: Any,
) -> None:
    def names(kind: str) -> set[tuple[str, str]]:
        return {(service, getattr(item, kind)) for service, item in collector.spans}

    def pool_metrics() -> dict[str, float]:
        return {metric: _value(point) for service, metric, point in collector.points if service == "billing"}

    async def scenario() -> None:
        settings = EnvironmentSettings(run_id, tmp_path / "live", collector.endpoint)
        async with Environment(settings) as environment:
            await environment.start(make_pack(small_sources).topology, small_sources, lambda text: None)
            async with httpx.AsyncClient(base_url=environment.url("gateway"), trust_env=False) as client:
                assert (await client.get("/rows")).json() == {"version": 1, "rows": 1}
                assert (await client.get("/failing")).status_code == 500
            await eventually(lambda: {("gateway", "GET /rows"), ("gateway", "GET /failing")} <= names("name"))
            await eventually(lambda: ("billing", "INSERT billing") in names("name"))
            await eventually(lambda: len(collector.logs) >= 3)
            await eventually(
                lambda: {"db.client.connection.max", "service.workers.usage"} <= pool_metrics().keys()
            )
            hops = await environment.hops("gateway->billing")
            assert [hop.traceparent.split("-")[1] for hop in hops] == [_trace_of("gateway", "GET /rows")]

    def _trace_of(service: str, name: str) -> str:
        found = next(s for owner, s in collector.spans if owner == service and s.name == name)
        return found.trace_id.hex()

    asyncio.run(scenario())
    request = _trace_of("gateway", "GET /rows")
    spans = [(service, span) for service, span in collector.spans if span.trace_id.hex() == request]
    assert {("gateway", "GET /rows"), ("billing", "GET /rows"), ("billing", "INSERT billing")} <= {
        (service, span.name) for service, span in spans
    }
    assert len([span for _, span in spans if not span.parent_span_id]) == 1
    origins = {(service, span.name): _origin(span, small_sources) for service, span in spans}
    assert "INSERT INTO seen" in origins["billing", "INSERT billing"]
    assert 'client.get("/rows")' in origins["gateway", "GET"]
    assert origins["billing", "GET /rows"] == "", "nobody calls a request that comes in"
    assert not [
        span for _, span in collector.spans if "http send" in span.name or "http receive" in span.name
    ]
    logs = {record.body.string_value: record for _, record in collector.logs}
    assert logs["asked for rows"].trace_id.hex() == request
    assert logs["counting rows"].trace_id.hex() == request
    failure = logs["GET /failing failed: nobody expected this"]
    assert failure.trace_id.hex() == _trace_of("gateway", "GET /failing")
    assert failure.severity_text == "ERROR"
    assert pool_metrics()["db.client.connection.max"] == 2
    assert pool_metrics()["service.workers.usage"] == 0
    assert pool_metrics()["db.client.connection.usage"] <= 100
