"""A real Prometheus scrapes the engine: what it has is what was sent, and it loads the exported alert rules.

Two services send spans for some seconds; Prometheus (Debian's) scrapes them each second, and its own page
beside them. Then its answers are compared with what was sent, a rule that must fire is looked for among its
alerts, and the queries of an exported dashboard are asked. Grafana's own model of a dashboard reads those of all
packs. Prints one JSON object; ends with an error where something differs.
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import grpc.aio  # noqa: E402
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest  # noqa: E402

from engine.clock import SystemClock  # noqa: E402
from engine.packs.find import read_packs  # noqa: E402
from engine.packs.records import Chart, ChartSeries, Condition, Pack  # noqa: E402
from engine.reports.monitoring import GROUP, AlertRule, grafana_dashboard, prometheus_rules  # noqa: E402
from engine.telemetry.doors.entrance import Kind  # noqa: E402
from engine.telemetry.doors.receiver import METHODS  # noqa: E402
from engine.telemetry.telemetry import Telemetry  # noqa: E402
from tests.bench.needs import debian, peers  # noqa: E402

EXPORTS = 60
REQUESTS = 50
EVERY_S = 0.2
WITHIN_S = 30.0
SERVICES = ("billing", "ledger")
GOALS = {"quantile_error_percent": 25}
"""Prometheus interpolates within a bucket, whose bounds are up to 2.5 times apart."""
RULE = AlertRule(
    title='Slow "billing": {not a value}',
    detail="P95 is {value} ms",
    severity="critical",
    service="billing",
    condition=Condition("service.billing.p95_ms", ">", 1.0, 1.0),
)
CHARTS = [
    Chart(
        f"{service}.{figure}",
        f"{figure} of {service}",
        "",
        unit,
        (ChartSeries(f"service.{service}.{figure}", figure, "", ""),),
        None,
        "",
    )
    for service in SERVICES
    for figure, unit in (("p95_ms", "ms"), ("requests_per_s", "per_s"), ("errors_per_s", "per_s"))
]
NOT_IN_GRAFANAS_MODEL = [".annotations.list[0].titleFormat"]
"""What a data source adds to a dashboard is not part of Grafana's own model; this one is Prometheus'."""


@dataclass
class Sent:
    """What the services did, by name."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in SERVICES})
    errors: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SERVICES, 0))


def export_of(rnd: random.Random, service: str, sent: Sent) -> bytes:
    """Some requests, a tenth of them failed."""
    request = ExportTraceServiceRequest()
    resource = request.resource_spans.add()
    resource.resource.attributes.add(key="service.name").value.string_value = service
    spans = resource.scope_spans.add().spans
    now_ns = time.time_ns()
    for _ in range(REQUESTS):
        seconds = rnd.lognormvariate(-4, 1)
        span = spans.add(trace_id=rnd.randbytes(16), span_id=rnd.randbytes(8), name="POST /charges", kind=2)
        span.start_time_unix_nano, span.end_time_unix_nano = now_ns - round(seconds * 1e9), now_ns
        sent.seconds[service].append(seconds)
        if rnd.random() < 0.1:
            span.status.code = 2
            sent.errors[service] += 1
    return request.SerializeToString()


def free_port() -> int:
    """A port that nobody has just now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def write_rules(folder: Path) -> Path:
    """The exported rules as a file that `promtool` accepts."""
    rules = folder / "rules.yml"
    rules.write_text(prometheus_rules([RULE]), encoding="utf-8")
    checked = subprocess.run(
        ["promtool", "check", "rules", str(rules)], capture_output=True, text=True, check=False
    )
    if checked.returncode:
        raise SystemExit(f"promtool refuses the exported rules: {checked.stdout}{checked.stderr}")
    return rules


@asynccontextmanager
async def prometheus(folder: Path, target: str) -> AsyncIterator[str]:
    """A Prometheus that scrapes `target` and itself each second, with the rules; yields its URL."""
    port = free_port()
    rules = write_rules(folder)
    config = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(rules)],
        "scrape_configs": [
            {"job_name": "drill", "static_configs": [{"targets": [target]}]},
            {"job_name": "itself", "static_configs": [{"targets": [f"127.0.0.1:{port}"]}]},
        ],
    }
    file = folder / "prometheus.yml"
    file.write_text(json.dumps(config), encoding="utf-8")  # JSON is YAML
    process = await asyncio.create_subprocess_exec(
        "prometheus",
        f"--config.file={file}",
        f"--storage.tsdb.path={folder / 'tsdb'}",
        f"--web.listen-address=127.0.0.1:{port}",
        stderr=(folder / "prometheus.log").open("wb"),
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


def ask(url: str, path: str, **words: str) -> Any:
    """What Prometheus answers; None while it does not."""
    try:
        with urllib.request.urlopen(
            f"{url}/api/v1/{path}?{urllib.parse.urlencode(words)}", timeout=5
        ) as answer:
            return json.load(answer)["data"]
    except OSError:
        return None


def by_label(url: str, query: str, label: str) -> dict[str, float]:
    """The values of an instant query, by one of its labels."""
    found = ask(url, "query", query=query)
    return {row["metric"].get(label, ""): float(row["value"][1]) for row in found["result"]} if found else {}


async def until(url: str, query: str, label: str, wanted: dict[str, float]) -> dict[str, float]:
    """The answer once it is `wanted`, or the last one."""
    end_s = time.monotonic() + WITHIN_S
    while True:
        found = await asyncio.to_thread(by_label, url, query, label)
        if found == wanted or time.monotonic() > end_s:
            return found
        await asyncio.sleep(0.3)


async def send(telemetry: Telemetry, sent: Sent) -> None:
    """Some seconds of two services."""
    rnd = random.Random(3)
    async with grpc.aio.insecure_channel(telemetry.endpoint) as channel:
        call = channel.unary_unary(METHODS[Kind.TRACES])
        for _ in range(EXPORTS):
            for service in SERVICES:
                await call(export_of(rnd, service, sent))
            await asyncio.sleep(EVERY_S)
    await telemetry.settle()


async def firing(url: str) -> list[str]:
    """The alerts that fire, by name, once there are some."""
    end_s = time.monotonic() + WITHIN_S
    while time.monotonic() < end_s:
        alerts = (await asyncio.to_thread(ask, url, "alerts") or {"alerts": []})["alerts"]
        found = [alert["labels"]["alertname"] for alert in alerts if alert["state"] == "firing"]
        if found:
            return found
        await asyncio.sleep(0.3)
    return []


def answered(url: str) -> list[str]:
    """The series of an exported dashboard for which Prometheus has a value, asked as Grafana asks."""
    board = json.loads(grafana_dashboard("benchmark", CHARTS))
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    return [name for expression in asked for name in by_label(url, expression, "name")]


def lost_by_grafana() -> dict[str, list[str]]:
    """For each pack's dashboard the paths that Grafana's own model does not keep."""
    python, script = peers(), ROOT / "tests" / "bench" / "prometheus" / "grafana_peer.py"
    lost = {}
    for name, pack in read_packs():
        if isinstance(pack, Pack):
            board = grafana_dashboard(pack.title, pack.charts)
            done = subprocess.run(
                [python, script], input=board, stdout=subprocess.PIPE, text=True, check=True
            )
            lost[name] = json.loads(done.stdout)
    return lost


async def measure(folder: Path) -> dict[str, Any]:
    """What differs, and what a scrape costs."""
    sent = Sent()
    async with (
        Telemetry(folder / "run", SystemClock()) as telemetry,
        prometheus(folder, telemetry.http_endpoint) as url,
    ):
        alerts = asyncio.ensure_future(firing(url))
        await send(telemetry, sent)
        counts = {name: float(len(seconds)) for name, seconds in sent.seconds.items()}
        errors = {name: float(count) for name, count in sent.errors.items()}
        counted = await until(url, "drill_request_duration_seconds_count", "service", counts)
        failed = await until(url, "drill_request_errors_total", "service", errors)
        spans = sum(counts.values())
        received = await until(
            url, 'drill_telemetry_received_total{signal="spans"}', "signal", {"spans": spans}
        )
        p95 = "histogram_quantile(0.95, sum by (service, le) (drill_request_duration_seconds_bucket))"
        estimates = await asyncio.to_thread(by_label, url, p95, "service")
        charted = await asyncio.to_thread(by_label, url, "count(drill_series)", "")
        cost = await asyncio.to_thread(by_label, url, "avg_over_time(scrape_duration_seconds[20s])", "job")
        samples = await asyncio.to_thread(by_label, url, "scrape_samples_scraped", "job")
        rules = await asyncio.to_thread(ask, url, "rules")
        shown = await asyncio.to_thread(answered, url)
        fired = await alerts
    return {
        "requests": {"sent": counts, "in_prometheus": counted},
        "errors": {"sent": errors, "in_prometheus": failed},
        "spans_received": {"sent": spans, "in_prometheus": received.get("spans")},
        "p95_s": {
            name: {
                "exact": round(statistics.quantiles(seconds, n=20)[-1], 4),
                "by_prometheus": round(estimates.get(name, 0.0), 4),
            }
            for name, seconds in sent.seconds.items()
        },
        "series": charted.get("", 0),
        "rule_groups": [group["name"] for group in rules["groups"]],
        "rules_health": [rule["health"] for group in rules["groups"] for rule in group["rules"]],
        "fired": fired,
        "dashboard": {"asked": [chart.series[0].series for chart in CHARTS], "answered": shown},
        "lost_by_grafana": lost_by_grafana(),
        "scrape_ms": round(1000 * cost["drill"], 2),
        "scrape_ms_of_prometheus_itself": round(1000 * cost["itself"], 2),
        "samples": samples,
    }


def differences(found: dict[str, Any]) -> list[str]:
    """What Prometheus has otherwise than it was sent."""
    wrong = [
        f"{what}: sent {found[what]['sent']}, Prometheus has {found[what]['in_prometheus']}"
        for what in ("requests", "errors", "spans_received")
        if found[what]["sent"] != found[what]["in_prometheus"]
    ]
    for service, row in found["p95_s"].items():
        if abs(row["by_prometheus"] / row["exact"] - 1) > GOALS["quantile_error_percent"] / 100:
            wrong.append(f"P95 of {service}: {row}")
    if found["fired"] != [RULE.title]:
        wrong.append(f"alerts: {found['fired']} instead of {RULE.title}")
    if found["rule_groups"] != [GROUP] or found["rules_health"] != ["ok"]:
        wrong.append(f"rules: {found['rule_groups']} {found['rules_health']}")
    if found["dashboard"]["asked"] != found["dashboard"]["answered"]:
        wrong.append(f"dashboard: {found['dashboard']}")
    wrong += [
        f"Grafana reads otherwise of the dashboard of {name}: {paths}"
        for name, paths in found["lost_by_grafana"].items()
        if paths != NOT_IN_GRAFANAS_MODEL
    ]
    if not found["series"]:
        wrong.append("no series is charted")
    return wrong


def main() -> None:
    """Run it and print."""
    debian("prometheus")
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measure(Path(folder)))
    wrong = differences(found)
    print(json.dumps({"goals": GOALS, **found, "differs": wrong}))
    if wrong:
        sys.exit("; ".join(wrong))


if __name__ == "__main__":
    main()
