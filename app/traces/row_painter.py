"""Paints the rows of a waterfall: names with guides, bars, critical path, log ticks, errors and durations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from app.theme import REGULAR, SEMIBOLD, Icon, Status, Token, colour, draw_icon, font, px, theme
from app.traces.legend import AGAIN
from app.traces.opened import OpenedTrace
from app.traces.rows import Row
from app.traces.time_view import TimeView, duration_text, pixel_runs, tick_text
from app.widgets.paint import LEFT, draw_square, draw_status, draw_text, faded, text_width

ROW, BAR, HEADER, INDENT, SIDE = 26, 12, 28, 16, 14
NAME_LEAST = 150
_TICK_INKS = {"warning": Token.WARN, "error": Token.CRIT, "critical": Token.CRIT}


def deepest_indent(tree_width: int) -> int:
    """How many levels of indentation leave room for a name."""
    return max(1, (tree_width - px(NAME_LEAST)) // px(INDENT))


def stretch_of(opened: OpenedTrace, row: Row) -> tuple[int, int]:
    """From when to when a row's spans last, in nanoseconds from the trace's start."""
    return int(opened.rows.start_ns[row.node]), int(opened.rows.end_ns[row.node])


@dataclass(frozen=True, slots=True)
class RowPainter:
    """One picture's painter and its measures in pixels: names up to `tree_width`, bars from `bars_left` on."""

    painter: QPainter
    opened: OpenedTrace
    view: TimeView
    width: int
    tree_width: int
    bars_left: float
    bars_width: float

    @property
    def deepest(self) -> int:
        """So deep a row is indented; below that the names would have no room."""
        return deepest_indent(self.tree_width)

    def paint_header(self, marks: tuple[float, ...]) -> None:
        """Paint the titles and times."""
        painter, width = self.painter, self.width
        header = px(HEADER)
        area = QRectF(px(SIDE), 0, self.tree_width - px(SIDE), header)
        draw_text(painter, area, "Span", font(11, SEMIBOLD), Token.TEXT3, LEFT)
        step = marks[1] - marks[0] if len(marks) > 1 else (marks[0] if marks else 1.0)
        for at_ns in marks:
            x = self.view.x_of(at_ns, self.bars_left, self.bars_width)
            text = tick_text(at_ns, step)
            half = text_width(text, font(11)) / 2
            left = min(max(x - half, self.bars_left - px(4)), width - 2 * half - px(4))
            draw_text(painter, QRectF(left, 0, 2 * half + 4, header), text, font(11), Token.TEXT3, LEFT)
        painter.fillRect(0, header - 1, width, 1, colour(Token.LINE1))

    def paint_row(self, row: Row, y: int, is_current: bool) -> None:
        """Paint names, bar and marks of a row whose top is at `y`."""
        opened, painter = self.opened, self.painter
        middle = y + px(ROW) / 2
        depth = min(row.depth, self.deepest)
        for above in range(depth):
            x = px(SIDE) + above * px(INDENT) + px(5)
            painter.fillRect(x, y, 1, px(ROW), colour(Token.LINE1))
        left = px(SIDE) + depth * px(INDENT)
        if row.is_open is not None:
            icon = Icon.CARET_DOWN if row.is_open else Icon.CARET_RIGHT
            draw_icon(painter, icon, left, middle - px(5), 10, Token.TEXT3)
        square = theme.service_colour(opened.tree.work_place(row.place))
        draw_square(painter, square, left + px(20), middle, px(8))
        title = opened.tree.title(row.place)
        ink = Token.TEXT1 if is_current or row.place in opened.path else Token.TEXT2
        area = QRectF(left + px(30), y, self.tree_width - left - px(30), px(ROW))
        if opened.again[row.place] and not row.is_fold:
            draw_icon(painter, AGAIN, area.right() - px(14), middle - px(6), 12, Token.TEXT2)
            area.adjust(0, 0, -px(18), 0)
        if row.is_fold:
            count = f" × {len(row.members):,}"
            room = area.width() - text_width(count, font(12, SEMIBOLD))
            taken = draw_text(
                painter, QRectF(area.left(), y, max(room, 0), px(ROW)), title, font(12), Token.TEXT1
            )
            draw_text(painter, area.adjusted(taken, 0, 0, 0), count, font(12, SEMIBOLD), Token.TEXT1)
        else:
            draw_text(painter, area, title, font(12, SEMIBOLD if row.depth == 0 else REGULAR), ink)
        self._paint_bar(row, middle)

    def _paint_bar(self, row: Row, middle: float) -> None:
        start, end = stretch_of(self.opened, row)
        left, width = self.bars_left, self.bars_width
        bar = self.view.bar(start, end, left, width)
        if bar is None:
            self._paint_beyond(start > self.view.high_ns, middle)
            return
        on_path = self.opened.is_on_path(row)
        shade = theme.service_colour(self.opened.tree.work_place(row.place))
        rect = QRectF(bar.left, middle - px(BAR) / 2, bar.width, px(BAR))
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, bar.width > 4)
        self.painter.setPen(Qt.PenStyle.NoPen)
        if row.is_fold:
            self._paint_fold(row, rect)
        else:
            self.painter.setBrush(shade if on_path else faded(shade, 0.5))
            self.painter.drawRoundedRect(rect, *((2.0, 2.0) if bar.width > 4 else (0.0, 0.0)))
        self._paint_path(row, rect)
        self._paint_logs(row, rect)
        self._paint_after(row, bar.left, bar.right, middle)

    def _paint_fold(self, row: Row, rect: QRectF) -> None:
        """Each call as a stroke where there is room, else a hatch; both say: many."""
        tree, view = self.opened.tree, self.view
        shade = theme.service_colour(tree.work_place(row.place))
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self.painter.fillRect(rect, faded(shade, 0.28))
        starts, ends = tree.start_ns[row.members], tree.end_ns[row.members]
        seen = np.flatnonzero((ends >= view.low_ns) & (starts <= view.high_ns))
        if rect.width() >= len(seen) * 5:
            for start, end in zip(starts[seen].tolist(), ends[seen].tolist(), strict=True):
                part = view.bar(start, end, self.bars_left, self.bars_width, 1.0)
                if part is not None:
                    self.painter.fillRect(
                        QRectF(round(part.left), rect.top(), max(round(part.width) - 1, 1), rect.height()),
                        shade,
                    )
            return
        x = rect.left()
        while x < rect.right():
            self.painter.fillRect(
                QRectF(round(x), rect.top(), min(2.0, rect.right() - x), rect.height()), shade
            )
            x += 4

    def _paint_path(self, row: Row, rect: QRectF) -> None:
        path = self.opened.path
        if not row.is_fold:
            low, high = int(path.low_ns[row.place]), int(path.high_ns[row.place])
            part = self.view.bar(low, high, self.bars_left, self.bars_width) if low >= 0 else None
            if part is not None:
                self._underline(rect, part.left, part.width)
            return
        places = row.members[path.low_ns[row.members] >= 0]
        runs = pixel_runs(self.view, path.low_ns[places], path.high_ns[places], int(self.bars_width))
        for first, count in runs:
            self._underline(rect, self.bars_left + first, max(count, 2))

    def _underline(self, rect: QRectF, left: float, width: float) -> None:
        self.painter.fillRect(QRectF(left, rect.bottom() + 1, width, px(2)), colour(Token.TEXT1))

    def _paint_logs(self, row: Row, rect: QRectF) -> None:
        drawn: set[int] = set()
        for tick in self.opened.log_ticks.get(row.node, ()):
            x = round(self.view.x_of(tick.at_ns, self.bars_left, self.bars_width))
            inside = self.bars_left - 1 <= x <= self.bars_left + self.bars_width + 1
            if inside and x not in drawn:
                drawn.add(x)
                ink = _TICK_INKS.get(tick.level, Token.TEXT1)
                self.painter.fillRect(QRectF(x - 1, rect.top() - px(4), 2, px(7)), colour(Token.BG1))
                self.painter.fillRect(QRectF(x - 1, rect.top() - px(4), 2, px(6)), colour(ink))

    def _paint_after(self, row: Row, left: float, right: float, middle: float) -> None:
        """Diamond and duration behind the bar, or before it where there is no room."""
        failed = self.opened.has_failed(row)
        start, end = stretch_of(self.opened, row)
        total = min(int(self.opened.rows.total_ns[row.node]), end - start)
        text, face = duration_text(total), font(11)
        ink = Token.CRIT_TEXT if failed else Token.TEXT1 if row.place in self.opened.path else Token.TEXT2
        mark = px(14) if failed else 0
        needed = float(len(text) * px(8) + px(10) + mark)
        x = right + px(6)
        if x + needed > self.width - px(4):
            needed = text_width(text, face) + px(10) + mark
            x = x if x + needed <= self.width - px(4) else max(left - needed, self.bars_left)
        if failed:
            draw_status(self.painter, Status.CRITICAL, x + px(5), middle, px(9))
            x += px(14)
        draw_text(self.painter, QRectF(x, middle - px(ROW) / 2, needed, px(ROW)), text, face, ink)

    def _paint_beyond(self, after: bool, middle: float) -> None:
        icon = Icon.CARET_RIGHT if after else Icon.CARET_LEFT
        x = self.bars_left + self.bars_width if after else self.bars_left - px(6)
        draw_icon(self.painter, icon, x, middle - px(5), 10, Token.TEXT3)
