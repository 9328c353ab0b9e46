"""What stands beside the charts: the alert feed and the moments that people marked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from app.signals.alert_list import AlertList
from app.signals.model import AlertRow, MarkRow
from app.theme import Icon, Status, Token, draw_icon, font, px
from app.widgets import Chip, EmptyState, Field, KeyCap, Line, Panel, Pressable
from app.widgets.paint import RIGHT, draw_box, draw_focus_ring, draw_text, text_width

WIDTH = 312
SHOWN_MARKS = 6
MARK_LIMIT = 120


class SidePanel(QWidget):
    """Alerts above, marks below. `marked` carries the words for the moment that `ask_for_mark` was given."""

    acknowledged = Signal(str)
    pointed = Signal(float)
    marked = Signal(str, float)
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark_s = 0.0
        self._floating = False
        self._shown_marks: tuple[MarkRow, ...] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        column.addWidget(self._build_alerts(), 1)
        column.addWidget(self._build_marks())
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        """A column of fixed width."""
        return QSize(px(WIDTH) + (2 * px(8) if self._floating else 0), px(400))

    def minimumSizeHint(self) -> QSize:
        """It keeps its width."""
        return QSize(px(WIDTH), px(160))

    def set_floating(self, floating: bool) -> None:
        """As a drawer it lies over the charts and has a ground of its own."""
        if floating != self._floating:
            self._floating = floating
            edge = px(8) if floating else 0
            layout = self.layout()
            assert layout is not None
            layout.setContentsMargins(edge, edge, edge, edge)
            self.updateGeometry()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the drawer's ground."""
        if self._floating:
            draw_box(QPainter(self), QRectF(self.rect()), Token.BG0, Token.LINE2, 8)

    def acknowledge(self) -> None:
        """Acknowledge the alert that needs somebody most."""
        self._list.acknowledge()

    def show_alerts(self, rows: Sequence[AlertRow]) -> None:
        """Show these alerts."""
        waiting = sum(row.is_open for row in rows)
        unseen = any(row.needs_somebody for row in rows)
        self._open.setVisible(bool(rows))
        self._open.set_status(
            f"{waiting} open" if waiting else "all over",
            Status.WARNING if unseen else None if waiting else Status.OK,
        )
        self._list.show_rows(rows)
        self._alert_pages.setCurrentIndex(0 if rows else 1)

    def show_marks(self, rows: Sequence[MarkRow]) -> None:
        """Show these marks."""
        fresh = tuple(rows)
        if fresh == self._shown_marks:
            return
        self._shown_marks = fresh
        while self._mark_rows.count():
            item = self._mark_rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        for row in fresh:
            line = MarkLine(row)
            line.clicked.connect(lambda _=False, at=row.at_s: self.pointed.emit(at))
            self._mark_rows.addWidget(line)
        self._no_marks.setVisible(not fresh)
        self._mark_area.setVisible(bool(fresh))
        height = min(len(fresh), SHOWN_MARKS) * px(28)
        self._mark_area.setFixedHeight(max(height, 1))

    def ask_for_mark(self, at_s: float, clock: str) -> None:
        """Open the field for words about a moment."""
        self._mark_s = at_s
        self._field.setPlaceholderText(f"What happens at {clock}?")
        self._field.show()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def restyle(self) -> None:
        """Make the rows of marks anew for other sizes."""
        marks, self._shown_marks = self._shown_marks, None
        if marks is not None:
            self.show_marks(marks)

    def _build_alerts(self) -> Panel:
        panel = Panel("Alerts", "", padded=False, ruled=True)
        self._open = Chip("", Status.WARNING)
        self._open.hide()
        panel.add_beside_title(self._open)
        self._list = AlertList()
        self._list.acknowledged.connect(self.acknowledged)
        self._list.pointed.connect(self.pointed)
        inner = QWidget()
        self._alert_pages = QStackedLayout(inner)
        self._alert_pages.addWidget(self._list)
        self._alert_pages.addWidget(
            EmptyState(Icon.BELL, "No alert has fired", "Monitoring watches the series of these charts.")
        )
        self._alert_pages.setCurrentIndex(1)
        panel.add(inner, 1)
        return panel

    def _build_marks(self) -> Panel:
        panel = Panel("Your marks", " ")
        panel.body.setContentsMargins(px(14), 0, px(14), px(10))
        panel.body.setSpacing(px(6))
        panel.add_action(KeyCap("M"))
        self._field = Field("What happens now?", Icon.PUSH_PIN, name="Words for the marked moment")
        self._field.setMaxLength(MARK_LIMIT)
        self._field.hide()
        self._field.returnPressed.connect(self._finish)
        self._field.escaped.connect(self._leave)
        self._no_marks = Line("M marks a moment for everybody.", 12, ink=Token.TEXT3)
        content = QWidget()
        content.setProperty("kind", "content")
        self._mark_rows = QVBoxLayout(content)
        self._mark_rows.setContentsMargins(0, 0, 0, 0)
        self._mark_rows.setSpacing(0)
        self._mark_rows.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._mark_area = QScrollArea()
        self._mark_area.setWidgetResizable(True)
        self._mark_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._mark_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._mark_area.setWidget(content)
        self._mark_area.viewport().setAutoFillBackground(False)
        self._mark_area.hide()
        panel.add(self._field)
        panel.add(self._no_marks)
        panel.add(self._mark_area)
        return panel

    def _finish(self) -> None:
        words = self._field.text().strip()
        if words:
            self.marked.emit(words, self._mark_s)
        self._leave()

    def _leave(self) -> None:
        self._field.clear()
        self._field.hide()
        self.dismissed.emit()


class MarkLine(Pressable):
    """One mark; pressing it moves the crosshair there."""

    def __init__(self, row: MarkRow, parent: QWidget | None = None) -> None:
        super().__init__(row.text, parent)
        self._row = row
        self.setToolTip(f"{row.clock} {row.text}" + (f", {row.actor}" if row.actor else ""))
        self.setAccessibleName(f"Mark at {row.clock}: {row.text}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """A table row."""
        return QSize(px(120), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint pin, words, who and when."""
        painter = QPainter(self)
        area = QRectF(self.rect()).adjusted(0, 0, -px(8), 0)
        if self.underMouse():
            draw_box(painter, QRectF(self.rect()).adjusted(-2, 1, 0, -1), Token.BG2, None, 5)
        draw_icon(painter, Icon.PUSH_PIN, 0, (self.height() - px(14)) / 2, 14, Token.TEXT3)
        taken = draw_text(painter, area, self._row.clock, font(11, mono=True), Token.TEXT3, RIGHT)
        area.setRight(area.right() - taken - px(8))
        if self._row.actor and text_width(self._row.text, font(12)) < area.width() - px(90):
            who = area.adjusted(area.width() - px(80), 0, 0, 0)
            draw_text(painter, who, self._row.actor, font(11), Token.TEXT3, RIGHT)
            area.setRight(who.left())
        draw_text(painter, area.adjusted(px(22), 0, 0, 0), self._row.text, font(12), Token.TEXT1)
        if self.hasFocus():
            draw_focus_ring(painter, QRectF(self.rect()), 5)
