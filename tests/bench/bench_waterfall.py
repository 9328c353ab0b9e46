"""A trace of 100,000 spans in the waterfall: how long the GUI thread is kept until the first picture, and memory.

The references are measured in the same process: the waterfall with 100 spans, the same picture as items of a
QGraphicsScene, and as a QTreeView whose delegate paints the bars. Ours gets a trace that a worker thread has worked
out; `opening` counts that work too. `frame_ms` is a wheel's notch of three rows, and a jump anywhere. Prints one
JSON object.
"""

from __future__ import annotations

import gc
import json
import os
import random
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QGraphicsScene,
    QGraphicsView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
)

from app.theme import theme
from app.traces.opened import OpenedTrace, open_trace
from app.traces.row_painter import ROW
from app.traces.time_view import duration_text
from app.traces.waterfall import Waterfall
from protos.drill.v1.records import SpanColumns, Trace

MANY, FEW = 100_000, 100
WIDTH, HEIGHT = 1200, 700
FRAMES = 60
OPENINGS = 7
SERVICES = ("gateway", "orders", "inventory", "postgres")
GOALS = {
    "first_paint_to_100_spans": 1.2,
    "first_paint_to_graphics_scene": 1 / 20,
    "first_paint_to_tree_view": 1 / 10,
    "memory_mb": 20.0,
}


def columns(count: int, alike: int) -> SpanColumns:
    """A request with `count` spans, five deep; siblings repeat one statement in so many (1: all of them fold)."""
    rnd = np.random.default_rng(7)
    place = np.arange(count)
    within = place % 50
    parents = np.where(within == 0, 0, np.where(within < 4, place - 1, place - within + 3))
    parents[0] = -1
    starts = place * 20_000
    durations = np.where(within < 4, (50 - within) * 20_000, rnd.integers(5_000, 19_000, count))
    durations[0] = count * 20_000
    titles = np.where(within < 4, within, 4 + place % max(alike, 1))
    texts = (*SERVICES, *(f"SELECT table_{number}" for number in range(max(alike, 1))))
    return SpanColumns(
        texts=texts,
        ids=(place + 1).astype(np.uint64),
        parents=parents.astype(np.int32),
        start_ns=starts.astype(np.int64) + 1_700_000_000_000_000_000,
        duration_ns=durations.astype(np.int64),
        services=np.minimum(within, 2).astype(np.uint32),
        places=np.minimum(within, 3).astype(np.uint32),
        titles=titles.astype(np.uint32),
        alike=np.where(within < 4, place + alike + 4, titles).astype(np.uint32),
        kinds=np.full(count, 1, np.uint8),
        flags=np.zeros(count, np.uint8),
    )


def opened(count: int, alike: int = 46) -> OpenedTrace:
    """Such a trace, worked out."""
    return open_trace(Trace("7f" * 16, columns(count, alike), (), True))


def timed_ms(act: Callable[[], object]) -> float:
    """How long something takes."""
    began = time.perf_counter_ns()
    act()
    return (time.perf_counter_ns() - began) / 1e6


def frames_ms(area: QAbstractScrollArea, row: int) -> dict[str, float]:
    """The median time of a frame after a wheel's notch (three rows of so many steps), and after a jump anywhere."""
    rnd, bar = random.Random(3), area.verticalScrollBar()

    def move(to: int) -> float:
        began = time.perf_counter_ns()
        bar.setValue(to)
        QApplication.processEvents()
        return (time.perf_counter_ns() - began) / 1e6

    jumps, notches = [], []
    for _ in range(FRAMES):
        place = rnd.randrange(bar.maximum() - 10 * row)
        jumps.append(move(place))
        notches += [move(place + 3 * row), move(place + 6 * row)]
    return {"notch": statistics.median(notches), "jump": statistics.median(jumps)}


def shown(area: QAbstractScrollArea) -> None:
    """Show it and let everything that waits be done."""
    area.resize(WIDTH, HEIGHT)
    area.show()
    settle()


def settle() -> None:
    """Let everything that waits be done."""
    for _ in range(5):
        QApplication.processEvents()


def first_paint_ms(trace: OpenedTrace) -> float:
    """From having a trace to its first picture, in a window that is there."""
    found = []
    waterfall = Waterfall()
    shown(waterfall)
    for _ in range(OPENINGS):
        waterfall.show_trace(None)
        waterfall.viewport().repaint()

        def show() -> None:
            waterfall.show_trace(trace)
            waterfall.viewport().repaint()

        found.append(timed_ms(show))
    waterfall.close()
    return statistics.median(found)


def bar_of(trace: OpenedTrace, node: int, width: float) -> tuple[float, float]:
    """Left end and width of a node's bar on so many pixels."""
    rows, length = trace.rows, trace.tree.length_ns
    left = float(rows.start_ns[node]) / length * width
    return left, max(float(rows.end_ns[node] - rows.start_ns[node]) / length * width, 2.0)


def our_view(trace: OpenedTrace) -> Waterfall:
    """The product's own."""
    waterfall = Waterfall()
    waterfall.show_trace(trace)
    return waterfall


def graphics_scene(trace: OpenedTrace) -> QGraphicsView:
    """The rows as items of a scene."""
    scene = QGraphicsScene()
    brushes = [QBrush(theme.service_colour(name)) for name in SERVICES]
    grey, none, tree, rows = QBrush(QColor("#B1B9C4")), Qt.PenStyle.NoPen, trace.tree, trace.rows
    for number, node in enumerate(trace.first_rows.nodes.tolist()):
        place, depth, top = int(rows.place[node]), int(rows.depth[node]), number * ROW
        brush, (left, width) = brushes[number % 4], bar_of(trace, node, 800)
        for guide in range(depth):
            scene.addRect(QRectF(19 + guide * 16, top, 1, ROW), none, grey)
        scene.addRect(QRectF(30 + depth * 16, top + 9, 8, 8), none, brush)
        scene.addRect(QRectF(340 + left, top + 7, width, 12), none, brush)
        for text, x in (
            (tree.title(place), 44 + depth * 16),
            (duration_text(tree.duration_ns(place)), 350 + left + width),
        ):
            item = scene.addSimpleText(text)
            item.setBrush(grey)
            item.setPos(x, top + 4)
    view = QGraphicsView(scene)
    scene.setParent(view)
    view.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    return view


Index = QModelIndex | QPersistentModelIndex


class TreeModel(QAbstractItemModel):
    """The trace for a QTreeView: name and bar."""

    def __init__(self, trace: OpenedTrace) -> None:
        super().__init__()
        rows = trace.rows
        self.trace = trace
        self._children: dict[int, list[int]] = {}
        self._row = [0] * len(rows)
        for node, parent in enumerate(rows.parent.tolist()):
            family = self._children.setdefault(parent, [])
            self._row[node] = len(family)
            family.append(node)

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        above = parent.internalId() if parent.isValid() else -1
        return self.createIndex(row, column, self._children[above][row])

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        above = int(self.trace.rows.parent[index.internalId()])
        return self.createIndex(self._row[above], 0, above) if above >= 0 else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self._children.get(parent.internalId() if parent.isValid() else -1, ()))

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and index.column() == 0:
            return self.trace.tree.title(int(self.trace.rows.place[index.internalId()]))
        return None


class BarDelegate(QStyledItemDelegate):
    """Paints a bar and its duration."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        trace = index.model().trace  # type: ignore[attr-defined]
        area = option.rect  # type: ignore[attr-defined]
        left, width = bar_of(trace, index.internalId(), area.width())
        bar = QRectF(area.left() + left, area.top() + 7, width, 12)
        painter.fillRect(bar, theme.service_colour(SERVICES[index.row() % 4]))
        duration = trace.tree.duration_ns(int(trace.rows.place[index.internalId()]))
        painter.drawText(bar.right() + 6, area.bottom() - 7, duration_text(duration))


def tree_view(trace: OpenedTrace) -> QTreeView:
    """The rows in Qt's own tree, everything open."""
    view = QTreeView()
    view.setUniformRowHeights(True)
    view.setModel(TreeModel(trace))
    view.setItemDelegateForColumn(1, BarDelegate(view))
    view.setColumnWidth(0, 340)
    view.expandAll()
    return view


def memory_mb() -> float:
    """What an opened trace of many spans keeps, its columns included."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    trace = opened(MANY)
    gc.collect()
    kept = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert len(trace.tree) == MANY
    return kept / 1e6


def measure() -> dict[str, object]:
    """All figures."""
    many, few, folded = opened(MANY), opened(FEW), opened(MANY, alike=1)
    first = {
        name: first_paint_ms(trace) for name, trace in (("many", many), ("few", few), ("folded", folded))
    }
    frames: dict[str, dict[str, float]] = {}
    opening: dict[str, float] = {}
    for name, make in (("ours", our_view), ("tree", tree_view), ("scene", graphics_scene)):
        began = time.perf_counter_ns()
        area = make(opened(MANY) if name == "ours" else many)
        shown(area)
        opening[name] = (time.perf_counter_ns() - began) / 1e6
        frames[name] = frames_ms(area, 1 if name == "tree" else ROW)
        area.close()
    found = {
        "spans": MANY,
        "rows": len(many.first_rows),
        "first_paint_to_100_spans": round(first["many"] / first["few"], 2),
        "first_paint_of_folds_to_100_spans": round(first["folded"] / first["few"], 2),
        "first_paint_to_graphics_scene": round(first["many"] / opening["scene"], 5),
        "first_paint_to_tree_view": round(first["many"] / opening["tree"], 5),
        "opening_to_graphics_scene": round(opening["ours"] / opening["scene"], 4),
        "opening_to_tree_view": round(opening["ours"] / opening["tree"], 4),
        "memory_mb": round(memory_mb(), 1),
        "first_paint_ms": round(first["many"], 2),
        "frame_ms": {name: {kind: round(ms, 2) for kind, ms in row.items()} for name, row in frames.items()},
        "opening_ms": {name: round(ms, 1) for name, ms in opening.items()},
    }
    missed = [name for name, goal in GOALS.items() if float(str(found[name])) > goal]
    return {**found, "goals": {name: round(goal, 3) for name, goal in GOALS.items()}, "missed": missed}


if __name__ == "__main__":
    application = QApplication([])
    print(json.dumps(measure()))
