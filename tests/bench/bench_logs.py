"""A million log lines: the first page of a filter, and what 2,000 lines a second cost the table.

The reference is a QSortFilterProxyModel over the same lines in a plain model, in the same run. Ours is the engine's
answer (ring, match, page of 500 lines as records); the proxy's is the time until its rows are known. Appending is a
batch of 200 lines ten times a second into the shown table. Prints one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QApplication

from app.logs.book import LogBook
from app.logs.table_model import COLUMNS, LogTableModel
from app.theme import theme
from app.widgets import Table
from engine.clock import SystemClock
from engine.telemetry.doors.entrance import Kind
from engine.telemetry.records import LogFilter
from engine.telemetry.settings import TelemetrySettings
from engine.telemetry.telemetry import Telemetry
from protos.drill.v1.records import LogLine

LINES, EXPORT = 1_000_000, 1_000
PAGE = 500
COMMON, RARE = "charged", "mismatch"
RARE_EVERY = 50_000
ROUNDS = 5
A_TICK, TICKS, TICK_S = 200, 50, 0.1
GOALS = {"common_word_to_proxy": 1 / 100, "rare_word_to_proxy": 1 / 20, "repaints_a_tick": 1.0}


def message(number: int) -> str:
    """One line; one in so many has the rare word."""
    what = RARE if number % RARE_EVERY == 7 else COMMON
    return f"customer {number % 977} {what} order {number} in {number % 83} ms"


def export(first: int, now_ns: int) -> bytes:
    """A thousand lines as an exporter sends them."""
    request = ExportLogsServiceRequest()
    resource = request.resource_logs.add()
    name = resource.resource.attributes.add(key="service.name")
    name.value.string_value = "billing"
    scope = resource.scope_logs.add()
    for number in range(first, first + EXPORT):
        record = scope.log_records.add(time_unix_nano=now_ns + number * 1000, severity_number=9)
        record.body.string_value = message(number)
    return request.SerializeToString()


async def ours(folder: Path) -> dict[str, float]:
    """Milliseconds until the first page, by the word asked for."""
    clock = SystemClock()
    settings = TelemetrySettings(ring_log_lines=1 << 20, ring_log_bytes=1 << 27)
    async with Telemetry(folder, clock, settings) as telemetry:
        now_ns = clock.wall_ns() - 3_600_000_000_000
        for first in range(0, LINES, EXPORT):
            await telemetry._entrance.offer(Kind.LOGS, export(first, now_ns))
        await telemetry.settle()
        found: dict[str, float] = {}
        for word in (COMMON, RARE):
            spent = []
            for _ in range(ROUNDS):
                began = time.perf_counter_ns()
                page = await telemetry.queries.logs(LogFilter(word), 0, 1 << 62, PAGE)
                spent.append((time.perf_counter_ns() - began) / 1e6)
                assert len(page.lines) == (PAGE if word == COMMON else LINES // RARE_EVERY)
            found[word] = statistics.median(spent)
        return found


class PlainModel(QAbstractTableModel):
    """The lines as they are, for the proxy."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__()
        self._lines = lines

    def rowCount(self, parent: Any = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Any = QModelIndex()) -> int:  # noqa: B008
        return 1

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self._lines[index.row()] if role == Qt.ItemDataRole.DisplayRole else None


def theirs() -> dict[str, float]:
    """Milliseconds until the proxy knows its rows."""
    model = PlainModel([message(number) for number in range(LINES)])
    proxy = QSortFilterProxyModel()
    proxy.setSourceModel(model)
    found: dict[str, float] = {}
    for word in (COMMON, RARE):
        proxy.setFilterFixedString("")
        proxy.rowCount()
        began = time.perf_counter_ns()
        proxy.setFilterFixedString(word)
        assert proxy.rowCount() > 0
        found[word] = (time.perf_counter_ns() - began) / 1e6
    return found


class Paints(QObject):
    """Counts the paint events of a widget."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def appending() -> tuple[float, float]:
    """Milliseconds of the GUI thread for a batch of new lines in a full, shown table, and repaints a batch."""
    book = LogBook()
    now_ns = time.time_ns()

    def lines(first: int, count: int) -> list[LogLine]:
        return [
            LogLine(number, now_ns + number * 500_000, "info", "billing", "", "", message(number), {})
            for number in range(first, first + count)
        ]

    book.start(lines(1, 20_000))
    model = LogTableModel(book)
    table = Table(COLUMNS, 28, name="Log lines")
    table.setModel(model)
    table.resize(1100, 700)
    table.show()
    QApplication.processEvents()
    paints = Paints()
    table.viewport().installEventFilter(paints)
    spent, next_id = [], 20_001
    for _ in range(TICKS):
        fresh = lines(next_id, A_TICK)
        next_id += A_TICK
        end = time.monotonic() + TICK_S
        began = time.perf_counter_ns()
        model.tell(book.take_new(fresh))
        QApplication.processEvents()
        spent.append((time.perf_counter_ns() - began) / 1e6)
        while time.monotonic() < end:
            QApplication.processEvents()
            time.sleep(0.005)
    table.close()
    return statistics.median(spent), paints.count / TICKS


def main() -> None:
    """Print one JSON object."""
    application = QApplication([])
    theme.install(application)
    with tempfile.TemporaryDirectory() as folder:
        mine = asyncio.run(ours(Path(folder)))
    proxy = theirs()
    batch_ms, repaints = appending()
    found = {
        "common_word_to_proxy": round(mine[COMMON] / proxy[COMMON], 6),
        "rare_word_to_proxy": round(mine[RARE] / proxy[RARE], 5),
        "repaints_a_tick": round(repaints, 2),
        "append_200_lines_ms": round(batch_ms, 2),
        "first_page_ms": {word: round(ms, 2) for word, ms in mine.items()},
        "proxy_ms": {word: round(ms, 1) for word, ms in proxy.items()},
        "lines": LINES,
    }
    missed = [name for name, goal in GOALS.items() if float(str(found[name])) > goal]
    print(json.dumps({**found, "goals": GOALS, "missed": missed}))


if __name__ == "__main__":
    main()
