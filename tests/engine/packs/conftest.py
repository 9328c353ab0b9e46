"""A small pack that can be spoilt in one place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

SCENARIO = """\
format = 1
id = "small"
codename = "willow"
title = "A small one"
severity = "SEV-3"
story = "Nothing much."
entry = "front"
warmup_s = 1

[[services]]
name = "front"
editable = true
workers = 4
connections = 0
max_workers = 8
max_connections = 0
memory_mb = 128
role = "Takes requests."

[[services]]
name = "store"
editable = false
database = "store"
workers = 4
connections = 4
max_workers = 8
max_connections = 8
memory_mb = 128
role = "Keeps things."

[[edges]]
source = "clients"
target = "front"
protocol = "http"

[[edges]]
source = "front"
target = "store"
protocol = "http"

[[edges]]
source = "store"
target = "postgres"
protocol = "postgres"

[[profiles]]
name = "base"
rate_per_s = 2
max_in_flight = 8
timeout_s = 5

[[profiles]]
name = "trigger"
rate_per_s = 4.5
max_in_flight = 8
timeout_s = 5

[trigger]
profile = "trigger"

[symptom]
formula = "lost.count >= 1"
within_s = 10
text = "Something is lost."

[[baseline]]
formula = "client.latency.p95_ms <= 100"
for_s = 5

[[alerts]]
id = "lost"
title = "Lost"
detail = "{value} lost"
severity = "warning"
service = "store"
formula = "lost.count > 0"

[[charts]]
id = "latency"
title = "Latency"
unit = "ms"
series = [{ series = "client.latency.p95_ms", label = "P95" }]

[[hints]]
level = "nudge"
cost = 5
text = "Look."

[answer]
component = "store"
mechanism = "It forgets."
evidence = ["Rows are gone."]

[verification]
reference_fix = "remember"
goodput = "stress.good_per_s >= 5"
"""
FIX = 'verdict = "right"\nsummary = "It remembers."\n'


@pytest.fixture
def make_pack(tmp_path: Path) -> Callable[..., Path]:
    """`make_pack((old, new), ...)`: the small pack with these replacements in its scenario.toml."""

    def make(*changes: tuple[str, str]) -> Path:
        folder = tmp_path / "small"
        text = SCENARIO
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        for name in ("front", "store"):
            (folder / "services" / name).mkdir(parents=True)
            (folder / "services" / name / "app.py").write_text("app = None\n")
        for name in ("traffic.py", "meter.py", "probes.py", "contract.md", "runbook.md", "facilitator.md"):
            (folder / name).write_text("")
        (folder / "fixes" / "remember" / "files" / "front").mkdir(parents=True)
        (folder / "fixes" / "remember" / "fix.toml").write_text(FIX)
        (folder / "scenario.toml").write_text(text)
        return folder

    return make
