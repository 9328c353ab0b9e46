"""The event lane above a stack: glyphs and labels in two rows, painted where the hairlines begin."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme import REGULAR, SEMIBOLD, Icon, Status, Token, colour, draw_icon, font, px
from app.time_axis import Scale
from app.widgets.charts.columns import RIGHT_MARGIN, SIDE
from app.widgets.charts.placement import Label, place_labels
from app.widgets.charts.specs import ChartEvent, EventKind
from app.widgets.paint import draw_hairline, draw_status, draw_text, mixed, text_width

ROW, TOP = 17, 6


@dataclass(frozen=True, slots=True)
class EventLook:
    """How an event is drawn: glyph, colour of the words, colour and dash of its hairline."""

    status: Status
    ink: Token
    line: Token
    is_dashed: bool


LOOKS = {
    EventKind.ALERT: EventLook(Status.WARNING, Token.ACCENT_TEXT, Token.WARN, True),
    EventKind.PAGE: EventLook(Status.CRITICAL, Token.CRIT_TEXT, Token.CRIT, False),
    EventKind.DEPLOY: EventLook(Status.INFO, Token.INFO_TEXT, Token.INFO, True),
    EventKind.INFRASTRUCTURE: EventLook(Status.IDLE, Token.TEXT2, Token.TEXT3, True),
    EventKind.RECOVERY: EventLook(Status.OK, Token.OK_TEXT, Token.OK, True),
    EventKind.MARK: EventLook(Status.IDLE, Token.TEXT1, Token.TEXT2, False),
}


def hairline_pen(kind: EventKind) -> QPen:
    """The pen of an event's line through all charts."""
    look = LOOKS[kind]
    pen = QPen(mixed(colour(look.line), colour(Token.BG1), 0.25 if look.is_dashed else 0.5), 1)
    if look.is_dashed:
        pen.setDashPattern([3, 3])
    return pen


class EventLane(QWidget):
    """Shows the events that lie in the stack's stretch of time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._events: tuple[ChartEvent, ...] = ()
        self._labels: list[Label] = []
        self._places: list[float] = []
        self._is_floating = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_events(self, events: tuple[ChartEvent, ...], scale: Scale) -> None:
        """Place the events; they come sorted by time and lie in the stretch."""
        self._events = events
        self._places = [scale.x_of(event.at_s) for event in events]
        widths = [px(4) + text_width(event.label, font(11)) for event in events]
        edge = self.width() - px(RIGHT_MARGIN) + px(8)
        self._labels = place_labels(self._places, widths, edge, glyph=px(12), gap=px(8))
        self.update()

    def event_at(self, x: float, y: float) -> ChartEvent | None:
        """The event whose glyph or words are there."""
        for event, label, place in zip(self._events, self._labels, self._places, strict=True):
            words = label.words_px
            area = QRectF(label.left - 2, self._row_top(label.row), px(12) + words + 4, px(ROW))
            if area.contains(QPointF(x, y)) or (
                not label.has_words and abs(x - place) < 5 and y < self.height()
            ):
                return event
        return None

    def set_floating(self, floating: bool) -> None:
        """Over charts that scroll below it, it has a ground and an edge."""
        if floating != self._is_floating:
            self._is_floating = floating
            self.update()

    def sizeHint(self) -> QSize:
        """Two rows."""
        return QSize(px(400), 2 * px(ROW) + px(TOP) + px(3))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint title, glyphs and words."""
        painter = QPainter(self)
        if self._is_floating:
            painter.fillRect(self.rect(), colour(Token.BG1))
            draw_hairline(painter, 0, self.height() - 1, self.width(), Token.LINE1)
        title = QRectF(px(SIDE), px(TOP), px(120), px(ROW))
        draw_text(painter, title, "Events", font(11, SEMIBOLD), Token.TEXT3)
        for marker, label, place in zip(self._events, self._labels, self._places, strict=True):
            self._paint_label(painter, marker, label, place)

    def _paint_label(self, painter: QPainter, marker: ChartEvent, label: Label, place: float) -> None:
        look = LOOKS[marker.kind]
        top = self._row_top(label.row)
        middle = top + px(ROW) / 2
        if marker.kind is EventKind.MARK:
            draw_icon(painter, Icon.PUSH_PIN, place - px(6), middle - px(6), 12, Token.TEXT1)
        else:
            draw_status(painter, look.status, place, middle, px(9))
        if label.has_words:
            width = label.words_px
            x = label.left if label.is_flipped else place + px(12) / 2 + px(3)
            draw_text(painter, QRectF(x, top, width, px(ROW)), marker.label, font(11, REGULAR), look.ink)

    def _row_top(self, row: int) -> float:
        return px(TOP) + row * px(ROW)
