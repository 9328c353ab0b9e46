"""The service map: cards from the clients to the databases, and the calls between them, as measured."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.signals.map_facts import CLIENTS, EdgeLabel, MapFacts, NodeCard
from app.signals.map_layout import CardPlace, MapPlan, Way, layers, most_rows, plan_map
from app.theme import MEDIUM, SEMIBOLD, Icon, Status, Token, colour, draw_icon, font, px, theme
from app.widgets.line import show_tip
from app.widgets.paint import (
    CENTRE,
    LEFT,
    RIGHT,
    draw_box,
    draw_focus_ring,
    draw_status,
    draw_text,
    smooth,
    text_width,
)

CARD_H, PITCH, MARGIN = 44, 56, 14
DENSE_H, DENSE_PITCH, DENSE_FROM = 26, 32, 4
"""With that many rows a card is one line, or the map would take the charts' room."""
THREADS_SIDE = 20
WIDEST, NARROWEST, LEAST_GAP = 168, 112, 58
STALE_OPACITY = 0.4
_TINTS = {
    Status.WARNING: (Token.BG2, Token.ACCENT_LINE),
    Status.CRITICAL: (Token.BG2, Token.CRIT_LINE),
}


class ServiceMapView(QWidget):
    """Paints the map; a click on a card, or Return, chooses its service (`chosen`, again: an empty name).

    The card under the pointer and the chosen one offer the service's threads (`threadsAsked`).
    """

    chosen = Signal(str)
    threadsAsked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts = MapFacts()
        self._plan = MapPlan((), ())
        self._selected = ""
        self._focused = 0
        self._hovered = ""
        self._stale = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Service map")

    def show_facts(self, facts: MapFacts) -> None:
        """Show other figures; places change only when nodes or edges do."""
        if facts == self._facts:
            return
        rows = self._rows()
        self._facts = facts
        self.setAccessibleDescription(" ".join(node.spoken for node in facts.nodes if node.name != CLIENTS))
        self._arrange()
        if self._rows() != rows:
            self.updateGeometry()
        self.update()

    def show_selected(self, service: str) -> None:
        """Outline the chosen service."""
        if service != self._selected:
            self._selected = service
            self.update()

    def set_stale(self, stale: bool) -> None:
        """Fade what is no longer measured."""
        if stale != self._stale:
            self._stale = stale
            self.update()

    def restyle(self) -> None:
        """Place the cards for other sizes of text."""
        self._arrange()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """A slot for each row of the fullest layer."""
        return QSize(px(600), max(2, self._rows()) * px(self._pitch()) + 2 * px(5))

    def minimumSizeHint(self) -> QSize:
        """Narrow maps drop figures, not cards."""
        return QSize(px(400), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the cards for the new width."""
        super().resizeEvent(event)
        self._arrange()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what lies under the pointer."""
        at = event.position()
        node = self._node_at(at)
        edge = None if node is not None else self._edge_at(at)
        self.setCursor(Qt.CursorShape.PointingHandCursor if node else Qt.CursorShape.ArrowCursor)
        words = node.spoken if node is not None else edge.spoken if edge is not None else ""
        self._hover(node.name if node is not None else "")
        if node is not None and self.threads_area(node.name).contains(at):
            words = f"Thread dump of {node.name} (D)"
        show_tip(self, at.toPoint(), words)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the service under the pointer, or let go of it."""
        node = self._node_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or node is None:
            return
        if self.threads_area(node.name).contains(event.position()):
            self.threadsAsked.emit(node.name)
        else:
            self._choose(node.name)

    def leaveEvent(self, event: QEvent) -> None:
        """Take the tool tip away."""
        super().leaveEvent(event)
        self._hover("")
        show_tip(self, self.rect().center(), "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right walk over the cards, Return chooses."""
        names = self._walk()
        key = event.key()
        if names and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if key == Qt.Key.Key_Right else -1
            self._focused = (self._focused + step) % len(names)
            self.update()
        elif names and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(names[self._focused % len(names)])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keyboard is."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Stop showing it."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ways, labels, cards."""
        painter = QPainter(self)
        smooth(painter)
        if self._stale:
            painter.setOpacity(STALE_OPACITY)
        painter.translate(px(MARGIN), px(5))
        labels = {(edge.source, edge.target): edge for edge in self._facts.edges}
        ways = sorted(self._plan.ways, key=lambda way: labels[way.source, way.target].notable)
        for way in ways:
            _paint_way(painter, way, labels[way.source, way.target].notable)
        for way in ways:
            _paint_label(painter, way, labels[way.source, way.target])
        names = self._walk()
        for place in self._plan.cards:
            node = self._facts.node(place.name)
            if node is None:
                continue
            if node.name == CLIENTS:
                _paint_clients(painter, place)
                continue
            offers = self._offers_threads(node)
            _paint_card(painter, place, node, node.name == self._selected, offers)
            if self.hasFocus() and names and names[self._focused % len(names)] == node.name:
                draw_focus_ring(painter, QRectF(place.left, place.top, place.width, place.height), 6)

    def threads_area(self, name: str) -> QRectF:
        """Where a card's way to the service's threads is; empty where it has none."""
        node = self._facts.node(name)
        place = next((one for one in self._plan.cards if one.name == name), None)
        if node is None or place is None or not self._offers_threads(node):
            return QRectF()
        area = _threads_area(QRectF(place.left, place.top, place.width, place.height))
        return area.translated(px(MARGIN), px(5))

    def _offers_threads(self, node: NodeCard) -> bool:
        return node.is_service and node.name in (self._hovered, self._selected)

    def _hover(self, name: str) -> None:
        if name != self._hovered:
            self._hovered = name
            self.update()

    def _choose(self, name: str) -> None:
        self.chosen.emit("" if name == self._selected else name)

    def _walk(self) -> list[str]:
        places = sorted(self._plan.cards, key=lambda place: (place.left, place.top))
        return [place.name for place in places if place.name != CLIENTS]

    def _node_at(self, at: QPointF) -> NodeCard | None:
        x, y = at.x() - px(MARGIN), at.y() - px(5)
        for place in self._plan.cards:
            if place.name != CLIENTS and place.contains(x, y):
                return self._facts.node(place.name)
        return None

    def _edge_at(self, at: QPointF) -> EdgeLabel | None:
        x, y = at.x() - px(MARGIN), at.y() - px(5)
        for way, edge in zip(self._plan.ways, self._facts.edges, strict=False):
            near = abs(y - way.label_at[1]) < px(11) and abs(x - way.label_at[0]) < way.label_room / 2
            if near:
                return edge
        return None

    def _card_height(self) -> int:
        return DENSE_H if self._rows() >= DENSE_FROM else CARD_H

    def _pitch(self) -> int:
        return DENSE_PITCH if self._rows() >= DENSE_FROM else PITCH

    def _rows(self) -> int:
        facts = self._facts
        return most_rows(_names(facts), _pairs(facts), facts.databases)

    def _arrange(self) -> None:
        facts = self._facts
        names, pairs = _names(facts), _pairs(facts)
        width, height = self.width() - 2 * px(MARGIN), self.height() - 2 * px(5)
        clients = px(16) + px(6) + ceil(text_width("clients", font(12))) + px(10) if CLIENTS in names else 0
        columns = max(2, _layer_count(facts)) - bool(clients)
        gaps = columns - 1 + bool(clients)
        card = min(px(WIDEST), max(px(NARROWEST), (width - clients - gaps * px(LEAST_GAP)) / columns))
        self._plan = plan_map(
            names,
            pairs,
            facts.databases,
            (width, height),
            (card, px(self._card_height())),
            {CLIENTS: clients},
        )


def _names(facts: MapFacts) -> tuple[str, ...]:
    return tuple(node.name for node in facts.nodes)


def _pairs(facts: MapFacts) -> tuple[tuple[str, str], ...]:
    return tuple((edge.source, edge.target) for edge in facts.edges)


def _layer_count(facts: MapFacts) -> int:
    return len(set(layers(_names(facts), _pairs(facts), facts.databases).values()))


def _path(way: Way) -> QPainterPath:
    path = QPainterPath(QPointF(*way.points[0]))
    for one, other in zip(way.points, way.points[1:], strict=False):
        if one[1] == other[1]:
            path.lineTo(QPointF(*other))
        else:
            bend = (other[0] - one[0]) / 2
            path.cubicTo(QPointF(one[0] + bend, one[1]), QPointF(other[0] - bend, other[1]), QPointF(*other))
    return path


def _paint_way(painter: QPainter, way: Way, notable: bool) -> None:
    shade = colour(Token.TEXT2 if notable else Token.LINE2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(shade, 1.8 if notable else 1.3))
    painter.drawPath(_path(way))
    x, y = way.points[-1]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shade)
    side = px(4)
    painter.drawPolygon(
        QPolygonF([QPointF(x, y), QPointF(x - 1.7 * side, y - side), QPointF(x - 1.7 * side, y + side)])
    )


def _paint_label(painter: QPainter, way: Way, label: EdgeLabel) -> None:
    face = font(11, MEDIUM if label.notable else 400)
    room = way.label_room - px(20)
    words = next(
        (words for words in (label.long, label.short) if text_width(words, face) + px(8) <= room), ""
    )
    if not words and label.notable:
        words = label.short
    if not words:
        return
    width, height = text_width(words, face) + px(10), px(17)
    x, y = way.label_at
    plate = QRectF(x - width / 2, y - height / 2, width, height)
    if label.notable:
        draw_box(painter, plate, Token.BG3, Token.LINE2, 5)
    else:
        painter.fillRect(plate.adjusted(0, 2, 0, -2), colour(Token.BG1))
    draw_text(painter, plate, words, face, Token.TEXT1 if label.notable else Token.TEXT3, CENTRE)


def _paint_clients(painter: QPainter, place: CardPlace) -> None:
    draw_icon(painter, Icon.USERS_THREE, place.left, place.middle - px(16) / 2, 16, Token.TEXT3)
    area = QRectF(place.left + px(21), place.top, place.width - px(21), place.height)
    draw_text(painter, area, "clients", font(12), Token.TEXT2, LEFT)


def _threads_area(card: QRectF) -> QRectF:
    side = px(THREADS_SIDE)
    middle = card.center().y() if card.height() < px(CARD_H) else card.top() + px(2) + side / 2
    return QRectF(card.right() - px(22) - side, middle - side / 2, side, side)


def _paint_card(painter: QPainter, place: CardPlace, node: NodeCard, selected: bool, offers: bool) -> None:
    box = QRectF(place.left, place.top, place.width, place.height)
    fill, line = _TINTS.get(node.status, (Token.BG2, Token.LINE1))
    draw_box(painter, box, Token.BG3 if selected else fill, Token.TEXT2 if selected else line, 6)
    bar = QRectF(box.left() + 1, box.top() + 6, 3, box.height() - 12)
    draw_box(painter, bar, theme.service_colour(node.name), None, 1.5)
    inner = box.adjusted(px(12), px(4), -px(10), -px(5))
    dense = box.height() < px(CARD_H)
    top = QRectF(inner.left(), inner.top(), inner.width(), inner.height() / (1 if dense else 2))
    room = px(18) + (px(THREADS_SIDE) if offers else 0)
    words = top.adjusted(0, 0, -room, 0)
    taken = draw_text(painter, words, node.name, font(12, SEMIBOLD), Token.TEXT1)
    draw_status(painter, node.status, inner.right() - px(5), top.center().y(), px(9))
    if offers:
        _paint_threads(painter, _threads_area(box))
    if dense:
        _paint_figure(painter, words.adjusted(taken + px(8), 0, 0, 0), node)
    else:
        _paint_figures(painter, QRectF(inner.left(), top.bottom(), inner.width(), top.height()), node)


def _paint_threads(painter: QPainter, button: QRectF) -> None:
    draw_box(painter, button, Token.BG4, None, 4)
    inset = (button.width() - px(14)) / 2
    draw_icon(painter, Icon.STACK, button.left() + inset, button.top() + inset, 14, Token.TEXT1)


def _paint_figure(painter: QPainter, area: QRectF, node: NodeCard) -> None:
    """The one figure of a card that is one line: errors if there are any, else P95; nothing where it does not fit."""
    words = node.errors if node.has_errors else node.p95
    if text_width(words, font(11)) <= area.width():
        ink = Token.CRIT_TEXT if node.has_errors else Token.TEXT2
        draw_text(painter, area, words, font(11), ink, RIGHT)


def _paint_figures(painter: QPainter, area: QRectF, node: NodeCard) -> None:
    """Rate left, P95 and errors right; where they do not fit, errors go if there are none, else the rate."""
    face, gap = font(11), px(6)
    error_w, p95_w = text_width(node.errors, face), text_width(node.p95, face)
    fits = text_width(node.rate, face) + p95_w + error_w + 2 * gap <= area.width()
    right = area
    if fits or node.has_errors:
        draw_text(
            painter, area, node.errors, face, Token.CRIT_TEXT if node.has_errors else Token.TEXT3, RIGHT
        )
        right = area.adjusted(0, 0, -error_w - gap, 0)
    if fits or not node.has_errors:
        draw_text(painter, area, node.rate, face, Token.TEXT2, LEFT)
        draw_text(painter, right, node.p95, face, Token.TEXT2, RIGHT)
    else:
        draw_text(painter, area, node.p95, face, Token.TEXT2, LEFT)
