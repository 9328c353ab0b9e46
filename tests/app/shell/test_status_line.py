"""What was lost is counted and shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.client import Engine
from app.shell.status_line import StatusLine, loss_text
from protos.drill.v1.records import Counters

WELL = Counters(spans=10, logs=20, points=30, dropped=0, refused=0, queued=0, not_written=0, not_forwarded=0)


def test_that_loss_is_told_by_its_kind() -> None:
    assert loss_text(WELL) == "No telemetry lost"
    lossy = replace(WELL, dropped=1200, refused=3)
    assert loss_text(lossy) == "Telemetry lost: 1,200 dropped, 3 refused"
    away = replace(WELL, not_written=2, not_forwarded=7)
    assert loss_text(away) == "Telemetry lost: 2 not written to disk, 7 not taken by the collector"


def test_that_counters_are_asked_while_a_run_is_open(qtbot: Any, connect: Any) -> None:
    engine: Engine = connect()
    line = StatusLine(engine)
    qtbot.addWidget(line)
    qtbot.waitUntil(lambda: engine.state == "connected")
    line.show_run("2031-04-30-05")
    qtbot.waitUntil(lambda: line._lost.text == "No telemetry lost")
    assert line._came.text == "184,302 spans, 61,220 log lines, 9,114 points received; 12 in the queue"
