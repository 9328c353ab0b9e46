"""Chips: small labels with a shape and a tint; one that closes (a filter) and one that opens a trace."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme import REGULAR, SEMIBOLD, TONES, Icon, Status, Token, colour, draw_icon, font, px, theme
from app.widgets.paint import (
    draw_box,
    draw_focus_ring,
    draw_square,
    draw_status,
    draw_text,
    mixed,
    text_width,
)
from app.widgets.press import Pressable

HEIGHT, LARGE_HEIGHT = 22, 28


@dataclass(frozen=True, slots=True)
class ChipLook:
    """What a chip shows. `service` puts that service's square in front; `outlined` drops tint and shape."""

    text: str
    status: Status | None = None
    service: str = ""
    icon: Icon | None = None
    mono: bool = False
    outlined: bool = False
    large: bool = False

    @property
    def has_mark(self) -> bool:
        """Whether a shape, square or icon stands in front."""
        return self.icon is not None or bool(self.service) or (self.status is not None and not self.mono)


def chip_width(look: ChipLook) -> int:
    """How wide the chip is, in pixels."""
    mark = px(14) + (px(2) if look.icon is not None else 0) if look.has_mark else 0
    return round(text_width(look.text, _face(look))) + 2 * px(10 if look.large else 8) + mark


def chip_height(look: ChipLook) -> int:
    """How high the chip is, in pixels."""
    return px(LARGE_HEIGHT if look.large else HEIGHT)


def _face(look: ChipLook) -> QFont:
    return font(13, SEMIBOLD) if look.large else font(11, REGULAR, look.mono)


def draw_chip(painter: QPainter, rect: QRectF, look: ChipLook, lift: float = 0.0) -> None:
    """Draw a chip into a rectangle; `lift` 0 to 1 lightens it for hover and press."""
    tone = TONES[look.status] if look.status is not None else None
    fill = None if look.outlined else (tone.fill if tone else Token.BG3)
    line = tone.line if tone else (Token.LINE2 if look.outlined else Token.BG3)
    base = colour(fill) if fill is not None else colour(Token.BG1)
    shade: QColor | None = mixed(base, colour(Token.TEXT1), lift) if lift or fill is not None else None
    draw_box(painter, rect, shade, line, 5)
    ink = tone.text if tone and not look.outlined else (Token.TEXT1 if look.outlined else Token.TEXT2)
    x, middle = rect.left() + px(10 if look.large else 8), rect.center().y()
    if look.icon is not None:
        draw_icon(painter, look.icon, x - 1, middle - px(12) / 2, 12, ink)
        x += px(16)
    elif look.service:
        draw_square(painter, theme.service_colour(look.service), x + px(4), middle, px(8))
        x += px(14)
    elif look.status is not None and not look.mono:
        draw_status(painter, look.status, x + px(4), middle, px(9))
        x += px(14)
    area = QRectF(x, rect.top(), rect.right() - px(6) - x, rect.height())
    draw_text(painter, area, look.text, _face(look), ink)


class Chip(QWidget):
    """A label that cannot be pressed."""

    def __init__(
        self,
        text: str = "",
        status: Status | None = None,
        service: str = "",
        icon: Icon | None = None,
        mono: bool = False,
        outlined: bool = False,
        large: bool = False,
        tip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = ChipLook(text, status, service, icon, mono, outlined, large)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(tip)
        self._name()

    @property
    def text(self) -> str:
        """Its words."""
        return self._look.text

    def set_look(self, look: ChipLook) -> None:
        """Show something else."""
        if look != self._look:
            self._look = look
            self._name()
            self.updateGeometry()
            self.update()

    def set_status(self, text: str, status: Status | None) -> None:
        """Show other words in another status."""
        self.set_look(replace(self._look, text=text, status=status))

    def sizeHint(self) -> QSize:
        """Just the chip."""
        return QSize(chip_width(self._look), chip_height(self._look))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chip."""
        draw_chip(QPainter(self), QRectF(self.rect()), self._look)

    def _name(self) -> None:
        status = f", {self._look.status.value}" if self._look.status is not None else ""
        self.setAccessibleName(self._look.text + status)


class _PressableChip(Pressable):
    """What the pressable chips share: size, hover, focus ring."""

    def __init__(self, look: ChipLook, parent: QWidget | None) -> None:
        super().__init__(look.text, parent)
        self._look = look

    def sizeHint(self) -> QSize:
        """Just the chip."""
        return QSize(chip_width(self._look), chip_height(self._look))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chip and its focus."""
        painter = QPainter(self)
        draw_chip(painter, QRectF(self.rect()), self._look, self.lift)
        if self.shows_focus:
            draw_focus_ring(painter, self.rect(), 5)


class ChipButton(_PressableChip):
    """A chip that does something: quick tags, filters that are off."""

    def __init__(
        self,
        text: str,
        status: Status | None = None,
        service: str = "",
        outlined: bool = True,
        tip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(ChipLook(text, status, service, outlined=outlined), parent)
        self.setToolTip(tip)

    def set_look(self, look: ChipLook) -> None:
        """Show something else."""
        if look != self._look:
            self._look = look
            self.setText(look.text)
            self.setAccessibleName(look.text)
            self.updateGeometry()
            self.update()


class TraceChip(_PressableChip):
    """A trace id that opens its trace. `opened` carries the id and whether Ctrl asked to keep the screen."""

    opened = Signal(str, bool)
    SHOWN = 8

    def __init__(self, trace_id: str, parent: QWidget | None = None) -> None:
        super().__init__(ChipLook(trace_id[: self.SHOWN], Status.INFO, mono=True), parent)
        self._trace_id = trace_id
        self._keep_screen = False
        self._describe()
        self.clicked.connect(self._open)

    def set_trace_id(self, trace_id: str) -> None:
        """Stand for another trace."""
        self._trace_id = trace_id
        self._look = ChipLook(trace_id[: self.SHOWN], Status.INFO, mono=True)
        self.setText(self._look.text)
        self._describe()
        self.updateGeometry()
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Remember whether Ctrl was held."""
        self._keep_screen = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        super().mouseReleaseEvent(event)
        self._keep_screen = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl Return keeps the screen."""
        self._keep_screen = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        super().keyPressEvent(event)
        self._keep_screen = False

    def _describe(self) -> None:
        self.setToolTip(f"Open trace {self._trace_id}")
        self.setAccessibleName(f"Trace {self._trace_id}")

    def _open(self) -> None:
        self.opened.emit(self._trace_id, self._keep_screen)


class FilterChip(_PressableChip):
    """A filter in force, `name:value`; pressing it anywhere, or Delete, takes it away (`closed`)."""

    closed = Signal()

    def __init__(self, name: str, value: str, service: str = "", parent: QWidget | None = None) -> None:
        super().__init__(ChipLook(f"{name}:{value}", service=service, mono=True), parent)
        self.setToolTip(f"Remove the filter {name}:{value}")
        self.setAccessibleName(f"Filter {name}:{value}, press to remove")
        self.clicked.connect(self.closed)

    def sizeHint(self) -> QSize:
        """The chip and its cross."""
        return super().sizeHint() + QSize(px(14), 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete and Backspace remove it, as Space does."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the chip and its cross."""
        super().paintEvent(event)
        ink = Token.TEXT1 if self.underMouse() else Token.TEXT3
        place = QPoint(self.width() - px(19), round((self.height() - px(12)) / 2))
        draw_icon(QPainter(self), Icon.X, place.x(), place.y(), 12, ink)
