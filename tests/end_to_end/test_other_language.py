"""A service in another language, with the official SDK of that language: the recipe of engine/telemetry/README.md."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.traces.rows import build_rows, shown_rows
from app.traces.tree import build_tree
from engine.clock import SystemClock
from engine.rpc.telemetry_encoding import encode_trace
from engine.telemetry.telemetry import Telemetry
from protos.drill.v1 import records as r
from protos.drill.v1.decoding import decode

ROOT = Path(__file__).resolve().parents[2]
SERVICE = Path(__file__).with_name("node_service")
TRACE, OTHER_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736", "0af7651916cd43dd8448eb211c80319c"
CALLER = "00f067aa0ba902b7"
INSTALL_S = 300


def test_that_the_recipe_says_what_is_run() -> None:
    recipe = (ROOT / "engine/telemetry/README.md").read_text(encoding="utf-8")

    assert (SERVICE / "telemetry.js").read_text(encoding="utf-8") in recipe


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with its packages."""
    folder = tmp_path_factory.mktemp("node") / "tickets"
    shutil.copytree(SERVICE, folder)
    command = ("npm", "install", "--no-package-lock", "--no-fund", "--no-audit", "--ignore-scripts")
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_S, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@asynccontextmanager
async def running(folder: Path, endpoint: str, protocol: str) -> AsyncIterator[str]:
    """The service, sending to `endpoint`; yields its URL. What it has to send is sent when the block ends."""
    told = {
        "OTEL_SERVICE_NAME": "tickets",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{endpoint}",
        "OTEL_EXPORTER_OTLP_PROTOCOL": protocol,
        "OTEL_TRACES_EXPORTER": "otlp",
        "OTEL_LOGS_EXPORTER": "otlp",
        "OTEL_METRICS_EXPORTER": "otlp",
    }
    process = await asyncio.create_subprocess_exec(
        "node",
        "--require",
        "./telemetry.js",
        "service.js",
        cwd=folder,
        env={"PATH": os.environ["PATH"], **told},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        port = await asyncio.wait_for(process.stdout.readline(), 60)
        yield f"http://127.0.0.1:{int(port)}"
        process.terminate()
        await asyncio.wait_for(process.wait(), 30)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def get(url: str, trace: str) -> int:
    """The status of a call whose caller is a span of `trace`."""
    request = urllib.request.Request(url, headers={"traceparent": f"00-{trace}-{CALLER}-01"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.skipif(not shutil.which("npm"), reason="no Node.js on this machine")
@pytest.mark.parametrize("protocol", ["http/protobuf", "grpc"])
def test_that_a_node_service_is_seen_like_any_other(service: Path, tmp_path: Path, protocol: str) -> None:
    async def run() -> None:
        async with Telemetry(tmp_path, SystemClock()) as telemetry:
            endpoint = telemetry.endpoint if protocol == "grpc" else telemetry.http_endpoint
            async with running(service, endpoint, protocol) as url:
                assert await asyncio.to_thread(get, f"{url}/tickets/hamlet", TRACE) == 200
                assert await asyncio.to_thread(get, f"{url}/tickets/closed", OTHER_TRACE) == 500
            await telemetry.settle()

            trace = await telemetry.queries.trace(TRACE)
            assert trace is not None
            opened = decode(r.Trace, encode_trace(trace))
            tree = build_tree(opened.spans)
            request, first, *_ = range(len(tree))
            assert [tree.service(place) for place in range(len(tree))] == ["tickets"] * 13
            assert tree.is_detached(request), "its caller sent no span"
            assert tree.title(first) == "SELECT seats"
            rows = shown_rows(build_rows(tree))
            assert [len(row.places) for row in map(rows.__getitem__, range(len(rows))) if row.is_fold] == [12]
            assert [line.message for line in opened.logs] == ["12 seats for hamlet"]

            details = await telemetry.queries.spans(TRACE, [tree.span_id(first)])
            facts = dict(details[0].attributes)
            assert facts["db.query.text"] == "SELECT state FROM seats WHERE number = $1"
            assert facts["code.line.number"] == 17

            failed = await telemetry.queries.trace(OTHER_TRACE)
            assert failed is not None
            assert failed.summary.errors == 1
            waits = {entry.name: entry for entry in telemetry.metrics()}["tickets.wait"]
            assert waits.kind == "histogram"
            assert waits.sent_unit == "ms"

    asyncio.run(run())
