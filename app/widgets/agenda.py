"""The agenda drawn: `Ribbon` as segments with a playhead, `Dial` as the clock of the start screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import cos, pi, sin

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme import REGULAR, SEMIBOLD, Token, colour, font, px
from app.widgets.line import show_tip
from app.widgets.paint import (
    CENTRE,
    RIGHT,
    draw_box,
    draw_focus_ring,
    draw_text,
    faded,
    mixed,
    smooth,
    text_width,
)


@dataclass(frozen=True, slots=True)
class AgendaPart:
    """One segment: its key, name, length, and what it is for (the tool tip)."""

    key: str
    name: str
    minutes: float
    is_break: bool = False
    purpose: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The name, and shorter ones for narrow places."""
        if self.is_break:
            return tuple(dict.fromkeys((self.name, self.name.split()[-1])))
        head, _, tail = self.name.partition(": ")
        words = tail.split()
        cuts = (" ".join(words[:count]).rstrip(" &,") for count in range(len(words), 0, -1))
        long = tuple(f"{head} · {cut}" for cut in cuts)
        return tuple(dict.fromkeys((*long, head, head.split()[0])))


STANDARD = tuple(
    AgendaPart(str(number), name, minutes, name in ("Setup", "Break"))
    for number, (name, minutes) in enumerate(
        (
            ("Orientation", 10),
            ("Setup", 5),
            ("Dark Room", 45),
            ("Break", 10),
            ("Deep Dive", 40),
            ("Break", 10),
            ("AI-assisted Fix", 30),
            ("Post-Mortem", 20),
            ("Wrap-up", 10),
        )
    )
)


class Ribbon(QWidget):
    """The agenda as a row. Past parts are filled, the present is amber up to the playhead, the future is outlined.

    `partChosen` carries a key when a part is clicked. With `set_adjustable(True)` right edges can be dragged, and
    `lengthDragged` carries key and whole minutes.
    """

    partChosen = Signal(str)
    lengthDragged = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[AgendaPart, ...] = ()
        self._current, self._share = -1, 0.0
        self._is_adjustable = False
        self._cursor = 0
        self._drag: tuple[int, float] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Agenda")

    def set_parts(self, parts: Sequence[AgendaPart]) -> None:
        """Show an agenda."""
        if tuple(parts) != self._parts and self._drag is None:
            self._parts = tuple(parts)
            self.update()

    def set_place(self, key: str, share: float) -> None:
        """Say which part is on, and how much of it has passed (0 to 1). An unknown key is before the start."""
        keys = [part.key for part in self._parts]
        current = keys.index(key) if key in keys else -1
        if current != self._current or abs(share - self._share) * max(self.width(), 1) > 0.5:
            self._current, self._share = current, min(max(share, 0.0), 1.0)
            if current >= 0:
                self.setAccessibleDescription(
                    f"Now {self._parts[current].name}, {round(share * 100)} % passed"
                )
            self.update()

    def set_adjustable(self, adjustable: bool) -> None:
        """Let right edges be dragged (facilitator)."""
        self._is_adjustable = adjustable

    def sizeHint(self) -> QSize:
        """22 px segments, and the playhead's tip above."""
        return QSize(px(600), px(22) + px(6))

    def event(self, event: QEvent) -> bool:
        """The tool tip says what a part is for."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self._part_at(event.pos().x())
            show_tip(self, event.pos(), self._tip(number) if number >= 0 else "")
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the segments, then the playhead."""
        painter = QPainter(self)
        boxes = self._boxes()
        for number, (part, box) in enumerate(zip(self._parts, boxes, strict=True)):
            self._paint_part(painter, number, part, box)
        if 0 <= self._current < len(boxes):
            box = boxes[self._current]
            self._paint_playhead(painter, box.left() + box.width() * self._share, box)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag an edge, or choose a part."""
        edge = self._edge_at(event.position().x())
        if edge >= 0:
            self._drag = (edge, event.position().x())
            return
        number = self._part_at(event.position().x())
        if number >= 0:
            self._cursor = number
            show_tip(self, event.position().toPoint(), self._tip(number))
            self.partChosen.emit(self._parts[number].key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag an edge by whole minutes."""
        x = event.position().x()
        if self._drag is None:
            over = self._edge_at(x) >= 0
            self.setCursor(Qt.CursorShape.SizeHorCursor if over else Qt.CursorShape.PointingHandCursor)
            return
        number, from_x = self._drag
        total = sum(part.minutes for part in self._parts)
        minutes = round((x - from_x) / max(self.width(), 1) * total)
        part = self._parts[number]
        if minutes and part.minutes + minutes >= 1:
            changed = replace(part, minutes=part.minutes + minutes)
            self._parts = (*self._parts[:number], changed, *self._parts[number + 1 :])
            self._drag = (number, x)
            show_tip(self, event.position().toPoint(), f"{changed.name}: {changed.minutes:.0f} min")
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell the new length."""
        if self._drag is not None:
            part = self._parts[self._drag[0]]
            self._drag = None
            self.lengthDragged.emit(part.key, round(part.minutes))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move from part to part, Return chooses one."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self._parts:
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            self._cursor = (self._cursor + step) % len(self._parts)
            box = self._boxes()[self._cursor]
            show_tip(self, box.center().toPoint(), self._tip(self._cursor))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._parts:
            self.partChosen.emit(self._parts[self._cursor].key)
        else:
            super().keyPressEvent(event)

    def _boxes(self) -> list[QRectF]:
        gap, top, x, boxes = px(3), px(6), 0.0, []
        for width in self._widths(self.width() - gap * (len(self._parts) - 1)):
            boxes.append(QRectF(round(x), top, round(x + width) - round(x), px(22)))
            x += width + gap
        return boxes

    def _widths(self, room: float) -> list[float]:
        """Widths by length, but short parts get enough for their shortest name if the others can spare it."""
        face = font(11)
        least = [text_width(part.names[-1], face) + px(17) for part in self._parts]
        total = sum(part.minutes for part in self._parts) or 1.0
        plain = [part.minutes / total * room for part in self._parts]
        lacking = sum(max(want - have, 0.0) for want, have in zip(least, plain, strict=True))
        spare = sum(max(have - want, 0.0) for want, have in zip(least, plain, strict=True))
        if lacking > spare:
            return plain
        taken = lacking / spare if spare else 0.0
        return [max(w, h - max(h - w, 0.0) * taken) for w, h in zip(least, plain, strict=True)]

    def _paint_part(self, painter: QPainter, number: int, part: AgendaPart, box: QRectF) -> None:
        now = number == self._current
        if now:
            draw_box(painter, box, Token.ACCENT_BG, None, 4)
            painter.save()
            painter.setClipRect(QRectF(box.left(), box.top(), box.width() * self._share, box.height()))
            draw_box(painter, box, mixed(colour(Token.ACCENT_BG), colour(Token.ACCENT), 0.32), None, 4)
            painter.restore()
            draw_box(painter, box, None, Token.ACCENT_LINE, 4)
            ink = Token.ACCENT_TEXT
        elif number < self._current:
            draw_box(painter, box, Token.BG2, Token.BG2, 4)
            ink = Token.TEXT3
        else:
            draw_box(painter, box, None, Token.LINE1, 4)
            ink = Token.TEXT3 if part.is_break else Token.TEXT2
        self._paint_words(painter, part, box, ink, SEMIBOLD if now else REGULAR)
        if self.hasFocus() and number == self._cursor:
            draw_focus_ring(painter, box, 4)

    def _paint_words(self, painter: QPainter, part: AgendaPart, box: QRectF, ink: Token, weight: int) -> None:
        face, length = font(11, weight), f"{part.minutes:.0f}m"
        tight = box.width() < px(56)
        inner = box.adjusted(px(3 if tight else 8), 0, -px(3 if tight else 8), 0)
        room = inner.width()
        with_length = next(
            (
                name
                for name in part.names
                if text_width(name, face) + text_width(length, face) + px(12) <= room
            ),
            None,
        )
        if with_length is not None and not part.is_break and room > px(150):
            draw_text(painter, inner, with_length, face, ink)
            draw_text(painter, inner, length, face, ink, RIGHT)
            return
        name = next((name for name in part.names if text_width(name, face) <= room), "")
        draw_text(painter, inner, name, face, ink, CENTRE if tight else Qt.AlignmentFlag.AlignVCenter)

    def _paint_playhead(self, painter: QPainter, x: float, box: QRectF) -> None:
        smooth(painter)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(Token.ACCENT))
        x, half, top = min(max(x, box.left()), box.right()), px(4), box.top() - px(5)
        points = [QPointF(x - half, top), QPointF(x + half, top), QPointF(x, top + px(6))]
        painter.drawPolygon(QPolygonF(points))

    def _tip(self, number: int) -> str:
        part = self._parts[number]
        words = f"{part.name}, {part.minutes:.0f} min"
        return f"{words}\n{part.purpose}" if part.purpose else words

    def _part_at(self, x: float) -> int:
        found = (n for n, box in enumerate(self._boxes()) if box.left() <= x <= box.right())
        return next(found, -1)

    def _edge_at(self, x: float) -> int:
        if not self._is_adjustable:
            return -1
        first = max(self._current, 0)
        boxes = list(enumerate(self._boxes()))[first:]
        return next((number for number, box in boxes if abs(box.right() + px(1) - x) <= px(3)), -1)


class Dial(QWidget):
    """The agenda around a clock face at three: the sign of the product, drawn large."""

    def __init__(
        self, parts: Sequence[AgendaPart] = STANDARD, at_minute: float = 45.0, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._parts, self._at = tuple(parts), at_minute
        self.setAccessibleName("Agenda of 180 minutes, drawn as a clock at three")

    def set_parts(self, parts: Sequence[AgendaPart], at_minute: float) -> None:
        """Show another agenda, with the lamp at a minute."""
        self._parts, self._at = tuple(parts), at_minute
        self.update()

    def sizeHint(self) -> QSize:
        """As large as in the design."""
        return QSize(px(460), px(460))

    def minimumSizeHint(self) -> QSize:
        """Small, but still a clock."""
        return QSize(px(180), px(180))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ticks, ring, hands and words."""
        painter = QPainter(self)
        smooth(painter)
        radius = min(self.width(), self.height()) / 2 - 2
        painter.translate(self.width() / 2, self.height() / 2)
        total = sum(part.minutes for part in self._parts) or 1.0
        self._paint_ticks(painter, radius, total)
        self._paint_ring(painter, radius * 0.84, total)
        self._paint_words(painter, radius, total)
        self._paint_hands(painter, radius * 0.84, total)

    def _paint_ticks(self, painter: QPainter, radius: float, total: float) -> None:
        for minute in range(round(total)):
            angle = minute / total * 2 * pi
            major = minute % 15 == 0
            ink = Token.ACCENT if minute <= self._at and minute < total else Token.LINE2
            painter.setPen(QPen(colour(ink), 1.6 if major else 1.0))
            inner = radius * (0.925 if major else 0.955)
            outer = radius if major else radius * 0.985
            painter.drawLine(_on_circle(angle, inner), _on_circle(angle, outer))

    def _paint_ring(self, painter: QPainter, radius: float, total: float) -> None:
        start, gap = 0.0, 1.1
        square = QRectF(-radius, -radius, 2 * radius, 2 * radius)
        for part in self._parts:
            now = start <= self._at < start + part.minutes
            width = radius * (0.012 if part.is_break and not now else 0.032)
            shade = colour(Token.ACCENT if now else Token.LINE2)
            painter.setPen(QPen(shade, width, c=Qt.PenCapStyle.FlatCap))
            first = 90 - start / total * 360 - gap / 2
            painter.drawArc(square, round(first * 16), round((-part.minutes / total * 360 + gap) * 16))
            start += part.minutes

    def _paint_hands(self, painter: QPainter, radius: float, total: float) -> None:
        cap, thick = Qt.PenCapStyle.RoundCap, max(radius * 0.027, 2.0)
        painter.setPen(QPen(colour(Token.ACCENT), thick, c=cap))
        painter.drawLine(QPointF(0, 0), QPointF(radius * 0.44, 0))
        painter.setPen(QPen(colour(Token.TEXT1), thick, c=cap))
        painter.drawLine(QPointF(0, 0), QPointF(0, -radius * 0.66))
        painter.setPen(QPen(colour(Token.BG0), thick))
        painter.setBrush(colour(Token.TEXT1))
        painter.drawEllipse(QPointF(0, 0), radius * 0.045, radius * 0.045)
        painter.setBrush(colour(Token.ACCENT))
        painter.setPen(Qt.PenStyle.NoPen)
        lamp = _on_circle(self._at / total * 2 * pi, radius)
        painter.drawEllipse(lamp, radius * 0.038, radius * 0.038)
        painter.setBrush(faded(colour(Token.ACCENT), 0.18))
        painter.drawEllipse(lamp, radius * 0.075, radius * 0.075)

    def _paint_words(self, painter: QPainter, radius: float, total: float) -> None:
        if radius < px(140):
            return
        box = QRectF(-radius * 0.7, radius * 0.2, radius * 1.4, px(24))
        draw_text(painter, box, f"{total:.0f} minutes", font(16, SEMIBOLD), Token.TEXT1, CENTRE)
        box.translate(0, px(24))
        draw_text(painter, box, "one page, one team, no blame", font(13), Token.TEXT3, CENTRE)


def _on_circle(angle: float, radius: float) -> QPointF:
    return QPointF(sin(angle) * radius, -cos(angle) * radius)
