"""Strokes that several widgets share: crisp boxes, the focus ring, status shapes, one-line text."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from app.theme import TONES, Status, Token, colour

Alignment = Qt.AlignmentFlag
LEFT = Alignment.AlignLeft | Alignment.AlignVCenter
RIGHT = Alignment.AlignRight | Alignment.AlignVCenter
CENTRE = Alignment.AlignCenter
MOST_MEASURED = 2_000
"""characters of one line that a window could have room for, by far"""


def smooth(painter: QPainter) -> None:
    """Turn antialiasing on."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def draw_box(
    painter: QPainter,
    rect: QRectF | QRect,
    fill: Token | QColor | None,
    line: Token | QColor | None = None,
    radius: float = 6.0,
    width: float = 1.0,
) -> None:
    """A rounded box whose border lies inside `rect`, so that it stays one crisp pixel."""
    smooth(painter)
    inset = width / 2 if line is not None else 0.0
    painter.setPen(QPen(_shade(line), width) if line is not None else Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(_shade(fill)) if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), radius, radius)


def draw_focus_ring(painter: QPainter, rect: QRectF | QRect, radius: float = 6.0) -> None:
    """The amber outline of what has the keyboard."""
    draw_box(painter, rect, None, Token.ACCENT, radius, 1.5)


def draw_hairline(painter: QPainter, x1: float, y: float, x2: float, ink: Token = Token.LINE1) -> None:
    """A horizontal line, one pixel high."""
    painter.fillRect(QRectF(x1, y, x2 - x1, 1), colour(ink))


def draw_status(painter: QPainter, status: Status, x: float, y: float, size: float = 9.0) -> None:
    """The status's shape in its colour, centred on (x, y)."""
    smooth(painter)
    half = size / 2
    shade = colour(TONES[status].mark)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shade)
    match status:
        case Status.OK:
            painter.drawEllipse(QPointF(x, y), half * 0.86, half * 0.86)
        case Status.WARNING:
            top, base = y - half * 0.98, y + half * 0.86
            points = [QPointF(x, top), QPointF(x + half * 1.12, base), QPointF(x - half * 1.12, base)]
            painter.drawPolygon(QPolygonF(points))
        case Status.CRITICAL:
            reach = half * 1.16
            corners = [(0.0, -reach), (reach, 0.0), (0.0, reach), (-reach, 0.0)]
            painter.drawPolygon(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in corners]))
        case Status.INFO:
            painter.drawRoundedRect(QRectF(x - half * 0.82, y - half * 0.82, half * 1.64, half * 1.64), 1, 1)
        case Status.IDLE:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(shade, max(1.3, size * 0.15)))
            painter.drawEllipse(QPointF(x, y), half * 0.74, half * 0.74)
        case Status.HERRING:
            painter.setPen(QPen(shade, max(1.6, size * 0.2), c=Qt.PenCapStyle.RoundCap))
            reach = half * 0.72
            painter.drawLine(QPointF(x - reach, y - reach), QPointF(x + reach, y + reach))
            painter.drawLine(QPointF(x - reach, y + reach), QPointF(x + reach, y - reach))


def draw_square(painter: QPainter, shade: QColor, x: float, y: float, side: float = 8.0) -> None:
    """A service's square, centred on (x, y)."""
    smooth(painter)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shade)
    painter.drawRoundedRect(QRectF(x - side / 2, y - side / 2, side, side), 2, 2)


def draw_text(
    painter: QPainter,
    rect: QRectF | QRect,
    text: str,
    typeface: QFont,
    ink: Token | QColor,
    align: Alignment = LEFT,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> float:
    """One line of text, elided where it does not fit; the width that it took."""
    area = QRectF(rect)
    metrics = QFontMetricsF(typeface)
    text = measurable(text)
    width = metrics.horizontalAdvance(text)
    if width > area.width() + 0.5:
        text = metrics.elidedText(text, mode, area.width())
        width = metrics.horizontalAdvance(text)
    painter.setFont(typeface)
    painter.setPen(_shade(ink))
    painter.drawText(area, _one_line(align), text)
    return min(width, area.width())


@cache
def _one_line(align: Alignment) -> int:
    """Joining two flags costs as much as drawing a short text: it is done once."""
    return int(align | Qt.TextFlag.TextSingleLine)


def text_width(text: str, typeface: QFont) -> float:
    """How wide one line is, in pixels."""
    return QFontMetricsF(typeface).horizontalAdvance(measurable(text))


def measurable(text: str) -> str:
    """A text without the middle that no line has room for, so that to measure it takes no time."""
    return text if len(text) <= MOST_MEASURED else text[: MOST_MEASURED // 2] + text[-MOST_MEASURED // 2 :]


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """A colour between two: `share` 0 is the one, 1 the other."""
    pairs = (
        (one.redF(), other.redF()),
        (one.greenF(), other.greenF()),
        (one.blueF(), other.blueF()),
        (one.alphaF(), other.alphaF()),
    )
    return QColor.fromRgbF(*(first + (second - first) * share for first, second in pairs))


def faded(shade: QColor, opacity: float) -> QColor:
    """The colour with another opacity, 0 to 1."""
    result = QColor(shade)
    result.setAlphaF(opacity)
    return result


def _shade(ink: Token | QColor) -> QColor:
    return colour(ink) if isinstance(ink, Token) else ink
