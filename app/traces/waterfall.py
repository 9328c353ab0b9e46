"""The waterfall: a trace's spans over time. It paints the rows that are visible and has no item or widget a span."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from app.theme import Token, colour, px
from app.traces.opened import OpenedTrace
from app.traces.row_painter import HEADER, INDENT, ROW, SIDE, RowPainter, deepest_indent, stretch_of
from app.traces.rows import NO_ROWS, Row, Rows
from app.traces.time_view import TimeView, ticks_ns, whole_view
from app.widgets.paint import draw_focus_ring
from app.widgets.press import FocusByKey

RIGHT_AIR = 84
TREE_SHARE, TREE_LEAST, TREE_MOST = 0.27, 190, 420
ZOOM, PAN = 0.7, 0.15
_MOVES = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_J: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_K: -1,
    Qt.Key.Key_PageDown: 12,
    Qt.Key.Key_PageUp: -12,
    Qt.Key.Key_Home: -1_000_000,
    Qt.Key.Key_End: 1_000_000,
}


class Waterfall(QAbstractScrollArea):
    """`chosen` carries the `Row` that was chosen; `zoomed` tells that time is drawn otherwise.

    `entered`: the details of the chosen row are wanted.
    """

    chosen = Signal(object)
    zoomed = Signal()
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opened: OpenedTrace | None = None
        self._rows = NO_ROWS
        self._view = whole_view(1)
        self._current = -1
        self._hover = -1
        self._focus = FocusByKey()
        self._pan_from: tuple[float, TimeView] | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # It paints its own ground, so that a scroll moves the picture and paints only the rows that come into view.
        self.viewport().setAutoFillBackground(False)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setMouseTracking(True)
        self.setMouseTracking(True)
        self.setAccessibleName("Spans of the trace")
        self.restyle()

    # what it shows

    @property
    def opened(self) -> OpenedTrace | None:
        """The trace that is shown."""
        return self._opened

    @property
    def row(self) -> Row | None:
        """The chosen row."""
        return self._rows[self._current] if 0 <= self._current < len(self._rows) else None

    @property
    def rows(self) -> Rows:
        """The rows from top to bottom."""
        return self._rows

    @property
    def view(self) -> TimeView:
        """The part of the time that is shown."""
        return self._view

    def show_trace(self, opened: OpenedTrace | None, keep: bool = False) -> None:
        """Show a trace; `keep` for the same one with more spans: zoom, folding of spans and place stay."""
        place = self.row
        before = self._opened
        span_id = before.tree.span_id(place.place) if before is not None and place is not None else ""
        self._opened = opened
        if not keep or opened is None or before is None:
            self._current = -1
            self._view = whole_view(opened.tree.length_ns if opened is not None else 1)
            self._rows = opened.first_rows if opened is not None else NO_ROWS
            self.verticalScrollBar().setValue(0)
        else:
            whole = self._view.is_whole
            self._view = whole_view(opened.tree.length_ns) if whole else self._view
            self._rows = opened.first_rows
            if span_id:
                self.choose_span(span_id, tell=False)
        self._fit_scroll()
        self.viewport().update()

    def choose_span(self, span_id: str, tell: bool = True) -> bool:
        """Choose a span and open what hides it. False if the trace has no such span."""
        opened = self._opened
        place = opened.tree.place_of(span_id) if opened is not None else -1
        if opened is None or place < 0:
            return False
        current = self.row
        if current is not None and not current.is_fold and current.place == place:
            return True
        if current is not None and current.is_fold and place == current.place and not tell:
            return True
        node = int(opened.rows.node_of_span[place])
        self._set_rows(self._rows.revealing(node))
        self._choose(self._rows.number_of(node), tell)
        return True

    @property
    def bars(self) -> tuple[float, float]:
        """Where time is drawn: its left end and its width, in pixels."""
        return self._bars_left(), self._bars_width()

    def show_stretch(self, low_ns: float, high_ns: float) -> None:
        """Show a part of the time."""
        self._set_view(self._view.between(low_ns, high_ns))

    def fit(self) -> None:
        """Show the whole time."""
        self._set_view(self._view.fitted())

    def restyle(self) -> None:
        """Take heights from the theme again."""
        self.setViewportMargins(0, 0, 0, 0)
        self._fit_scroll()

    def sizeHint(self) -> QSize:
        """Some rows."""
        return QSize(px(600), px(HEADER + 12 * ROW))

    def minimumSizeHint(self) -> QSize:
        """A few rows."""
        return QSize(px(320), px(HEADER + 4 * ROW))

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another number of rows fits; the chosen one stays in sight."""
        super().resizeEvent(event)
        self._fit_scroll()
        self._reveal()
        self.zoomed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and J K move, Left and Right close and open, Space folds, F W S A D move through time.

        Return folds what can be folded and enters what cannot.
        """
        self._focus.by_key = True
        key = Qt.Key(event.key())
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            super().keyPressEvent(event)
        elif key in _MOVES and len(self._rows):
            self._choose(min(max(self._current + _MOVES[key], 0), len(self._rows) - 1))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            row = self.row
            if key != Qt.Key.Key_Space and row is not None and row.is_open is None:
                self.entered.emit()
            else:
                self._toggle(self._current)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._step_sideways(key == Qt.Key.Key_Right)
        elif not self._move_time(key) or event.modifiers():
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a row, fold it by its caret, or begin to drag the time."""
        self._focus.by_key = False
        at = event.position()
        number = self._row_at(at.y())
        if event.button() != Qt.MouseButton.LeftButton or number < 0:
            return
        row = self._rows[number]
        left, right = self._caret_area(row)
        if left <= at.x() < right and row.is_open is not None:
            self._toggle(number)
            return
        self._choose(number)
        if at.x() > self._bars_left():
            self._pan_from = (at.x(), self._view)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On the name: fold. On the bar: show its time large, or all again."""
        row = self._row_at(event.position().y())
        if row < 0 or self._opened is None:
            return
        if event.position().x() < self._bars_left():
            self._toggle(row)
        elif self._view.is_whole:
            start, end = stretch_of(self._opened, self._rows[row])
            self._set_view(self._view.showing(start, end))
        else:
            self.fit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light the row, or drag the time."""
        at = event.position()
        if self._pan_from is not None and self._bars_width() > 0:
            from_x, view = self._pan_from
            self._set_view(view.panned((from_x - at.x()) / self._bars_width()))
            return
        row = self._row_at(at.y())
        if row != self._hover:
            self._hover = row
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the time."""
        self._pan_from = None

    def leaveEvent(self, event: QEvent) -> None:
        """No row is under the pointer."""
        self._hover = -1
        self.viewport().update()
        super().leaveEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl zooms where the pointer is, Shift pans, else the rows scroll."""
        steps = event.angleDelta().y() / 120
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            around = self._view.time_of(event.position().x(), self._bars_left(), self._bars_width())
            self._set_view(self._view.zoomed(ZOOM**steps, around))
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._set_view(self._view.panned(-steps * PAN))
        else:
            super().wheelEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Choose the first row when the keyboard comes."""
        self._focus.came(event.reason())
        super().focusInEvent(event)
        if self._current < 0 and len(self._rows) and self._focus.by_key:
            self._choose(0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """No outline any more."""
        super().focusOutEvent(event)
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        """Say a name in full that had to be elided."""
        if event.type() == QEvent.Type.ToolTip:
            row = self._row_at(event.pos().y())  # type: ignore[attr-defined]
            tip = self._tip(self._rows[row]) if row >= 0 else ""
            QToolTip.showText(event.globalPos(), tip, self) if tip else QToolTip.hideText()  # type: ignore[attr-defined]
            return True
        return super().viewportEvent(event)

    # geometry

    def _tree_width(self) -> int:
        share = round(self.viewport().width() * TREE_SHARE)
        return min(max(share, px(TREE_LEAST)), px(TREE_MOST))

    def _bars_left(self) -> float:
        return self._tree_width() + px(10)

    def _bars_width(self) -> float:
        return max(self.viewport().width() - self._bars_left() - px(RIGHT_AIR), 1.0)

    def _row_at(self, y: float) -> int:
        if y < px(HEADER):
            return -1
        row = int((y - px(HEADER) + self.verticalScrollBar().value()) // px(ROW))
        return row if 0 <= row < len(self._rows) else -1

    def _caret_area(self, row: Row) -> tuple[float, float]:
        left = px(SIDE) + min(row.depth, deepest_indent(self._tree_width())) * px(INDENT) - px(4)
        return left, left + px(20)

    def _fit_scroll(self) -> None:
        bar = self.verticalScrollBar()
        shown = self.viewport().height() - px(HEADER)
        bar.setRange(0, max(0, len(self._rows) * px(ROW) + px(4) - shown))
        bar.setPageStep(max(shown, 1))
        bar.setSingleStep(px(ROW))

    # acting

    def _choose(self, row: int, tell: bool = True) -> None:
        if not 0 <= row < len(self._rows):
            return
        changed = row != self._current
        self._current = row
        self._reveal()
        self.viewport().update()
        if changed and tell:
            self.chosen.emit(self._rows[row])

    def _reveal(self) -> None:
        if self._current < 0:
            return
        top, bar = self._current * px(ROW), self.verticalScrollBar()
        shown = self.viewport().height() - px(HEADER)
        if top < bar.value():
            bar.setValue(top)
        elif top + px(ROW) > bar.value() + shown:
            bar.setValue(top + px(ROW) - shown)

    def _toggle(self, number: int) -> None:
        if 0 <= number < len(self._rows):
            self._set_rows(self._rows.with_toggled(self._rows[number].node))

    def _set_rows(self, rows: Rows) -> None:
        """Other rows are open; the chosen one stays chosen, or what hides it now."""
        chosen = self.row
        if rows is self._rows:
            return
        self._rows = rows
        self._current = rows.number_of(chosen.node) if chosen is not None else -1
        if chosen is not None and self._current < 0:
            self._choose(rows.nearest(chosen.node))
        self._fit_scroll()
        self.viewport().update()

    def _step_sideways(self, opens: bool) -> None:
        row, rows = self.row, self._rows
        if row is None:
            return
        if row.is_open is not None and row.is_open is not opens:
            self._toggle(self._current)
        elif opens and row.is_open:
            self._choose(self._current + 1)
        elif not opens:
            self._choose(rows.number_of(int(rows.tree.parent[row.node])))

    def _move_time(self, key: Qt.Key) -> bool:
        moves: dict[Qt.Key, Callable[[], TimeView]] = {
            Qt.Key.Key_F: self._view.fitted,
            Qt.Key.Key_W: lambda: self._view.zoomed(ZOOM, self._zoom_centre()),
            Qt.Key.Key_S: lambda: self._view.zoomed(1 / ZOOM, self._zoom_centre()),
            Qt.Key.Key_A: lambda: self._view.panned(-PAN),
            Qt.Key.Key_D: lambda: self._view.panned(PAN),
        }
        move = moves.get(key)
        if move is not None and self._opened is not None:
            self._set_view(move())
        return move is not None

    def _zoom_centre(self) -> float | None:
        """Keyboard zoom aims at the chosen span as long as it is in sight."""
        if self.row is None or self._opened is None:
            return None
        start, end = stretch_of(self._opened, self.row)
        middle = (start + end) / 2
        return middle if self._view.low_ns <= middle <= self._view.high_ns else None

    def _set_view(self, view: TimeView) -> None:
        if view != self._view:
            self._view = view
            self.viewport().update()
            self.zoomed.emit()

    def _tip(self, row: Row) -> str:
        if self._opened is None:
            return ""
        tree = self._opened.tree
        words = f"{tree.work_place(row.place)}: {tree.title(row.place)}"
        if row.is_fold:
            return f"{words}, {len(row.members):,} calls with the same statement"
        if tree.is_detached(row.place):
            return f"{words}. Its parent span was not received."
        if self._opened.again[row.place]:
            return f"{words}. {tree.service(row.place)} is on the path above already: it waits for itself."
        return words

    # painting

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Move the rows below the header, which stays."""
        header, viewport = px(HEADER), self.viewport()
        viewport.scroll(0, dy, QRect(0, header, viewport.width(), viewport.height() - header))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the header and the rows that are visible and not painted yet."""
        painter, area = QPainter(self.viewport()), event.rect()
        painter.fillRect(area, colour(Token.BG1))
        if self._opened is None:
            return
        rows = RowPainter(
            painter,
            self._opened,
            self._view,
            self.viewport().width(),
            self._tree_width(),
            self._bars_left(),
            self._bars_width(),
        )
        marks = ticks_ns(self._view, self._bars_width(), px(110))
        below = area.intersected(self.viewport().rect().adjusted(0, px(HEADER), 0, 0))
        if not below.isEmpty():
            painter.setClipRect(below)
            self._paint_rows(painter, rows, marks, below)
            painter.setClipping(False)
        if area.top() < px(HEADER):
            rows.paint_header(marks)

    def _paint_rows(self, painter: QPainter, rows: RowPainter, marks: tuple[float, ...], area: QRect) -> None:
        height, width = px(ROW), self.viewport().width()
        origin = px(HEADER) - self.verticalScrollBar().value()
        first = max(0, (area.top() - origin) // height)
        last = min(len(self._rows), (area.bottom() - origin) // height + 1)
        for number in range(first, last):
            self._paint_back(painter, number, origin + number * height, width)
        for at_ns in marks:
            x = round(self._view.x_of(at_ns, self._bars_left(), self._bars_width()))
            painter.fillRect(x, area.top(), 1, area.height(), colour(Token.LINE1))
        for number in range(first, last):
            top = origin + number * height
            rows.paint_row(self._rows[number], top, number == self._current)
            if number == self._current and self.hasFocus() and self._focus.by_key:
                draw_focus_ring(painter, QRectF(1, top + 0.5, width - 2, height - 1), 4)

    def _paint_back(self, painter: QPainter, number: int, y: int, width: int) -> None:
        if number == self._current:
            painter.fillRect(0, y, width, px(ROW), colour(Token.ACCENT_BG))
            painter.fillRect(0, y, 2, px(ROW), colour(Token.ACCENT))
        elif number == self._hover:
            painter.fillRect(0, y, width, px(ROW), colour(Token.BG2))
