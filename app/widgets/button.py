"""Buttons: one primary a screen, the rest quieter; a disabled one says why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from app.theme import REGULAR, SEMIBOLD, Icon, Token, colour, draw_icon, font, px
from app.widgets.keycap import draw_keycap, keycap_width
from app.widgets.paint import draw_box, draw_focus_ring, draw_text, mixed, text_width
from app.widgets.press import Pressable


class ButtonKind(StrEnum):
    """How loud a button is."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    OUTLINE = "outline"
    GHOST = "ghost"
    AMBER = "amber"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class _Look:
    ink: Token
    fill: Token | None
    line: Token | None


_LOOKS = {
    ButtonKind.PRIMARY: _Look(Token.ON_ACCENT, Token.ACCENT, None),
    ButtonKind.SECONDARY: _Look(Token.TEXT1, Token.BG3, Token.LINE2),
    ButtonKind.OUTLINE: _Look(Token.TEXT1, None, Token.LINE2),
    ButtonKind.GHOST: _Look(Token.TEXT2, None, None),
    ButtonKind.AMBER: _Look(Token.ACCENT_TEXT, Token.ACCENT_BG, Token.ACCENT_LINE),
    ButtonKind.DANGER: _Look(Token.CRIT_TEXT, Token.CRIT_BG, Token.CRIT_LINE),
}
_CHECKED = _Look(Token.TEXT1, Token.BG3, Token.LINE2)


class Button(Pressable):
    """A push button. Text is verb and object; `keys` shows its shortcut, but does not bind it.

    Without text it is a square with an icon: `tip` is then its name for screen readers, so it is required.
    `set_compact` makes it such a square for as long as there is little room.
    """

    def __init__(
        self,
        text: str = "",
        kind: ButtonKind = ButtonKind.SECONDARY,
        icon: Icon | None = None,
        keys: str = "",
        small: bool = False,
        tip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._kind, self._icon, self._keys, self._small = kind, icon, keys, small
        self._tip, self._reason, self._is_compact = tip, "", False
        self.setToolTip(tip)
        self.setAccessibleName(text or tip)

    @property
    def kind(self) -> ButtonKind:
        """How loud it is."""
        return self._kind

    def set_text(self, text: str) -> None:
        """Change the words, and the name for screen readers with them."""
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text or self._tip)
            self.updateGeometry()

    def set_kind(self, kind: ButtonKind) -> None:
        """Make it louder or quieter."""
        if kind is not self._kind:
            self._kind = kind
            self.update()

    def set_icon(self, icon: Icon | None) -> None:
        """Change the icon."""
        if icon is not self._icon:
            self._icon = icon
            self.updateGeometry()
            self.update()

    def set_disabled_reason(self, reason: str) -> None:
        """Disable it and say why in the tool tip; an empty reason enables it again."""
        if reason != self._reason or self.isEnabled() == bool(reason):
            self._reason = reason
            self.setEnabled(not reason)
            self.setToolTip(reason or self._tip)
            self.setAccessibleDescription(reason)

    def set_compact(self, compact: bool) -> None:
        """Show the icon alone; words and key stay in the tool tip and for screen readers."""
        if compact != self._is_compact and self._icon is not None:
            self._is_compact = compact
            self.updateGeometry()
            self.update()

    def event(self, event: QEvent) -> bool:
        """A compact button says in its tool tip what it does not show."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._is_compact:
            words = f"{self.text()} ({self._keys})" if self._keys else self.text()
            QToolTip.showText(
                event.globalPos(), f"{words}: {tip}" if (tip := self.toolTip()) else words, self
            )
            return True
        return super().event(event)

    def sizeHint(self) -> QSize:
        """Padding, icon, text, key cap."""
        height = px(28 if self._small else 32)
        if self._shows_icon_alone:
            return QSize(height, height)
        return QSize(round(self._content_width()) + 2 * self._padding(), height)

    def minimumSizeHint(self) -> QSize:
        """A button is never narrower than its words."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint box, icon, words, key cap and focus."""
        painter = QPainter(self)
        look = _CHECKED if self.isChecked() and self._kind is not ButtonKind.AMBER else _LOOKS[self._kind]
        rect = QRectF(self.rect())
        ink = look.ink
        if self.isEnabled():
            fill = self._pressed_fill(look)
            if self._kind is ButtonKind.GHOST and (self.underMouse() or self.isChecked()):
                ink = Token.TEXT1
            draw_box(painter, rect, fill, look.line, 6)
        else:
            ink = Token.TEXT_DISABLED
            draw_box(painter, rect, Token.BG2 if look.fill else None, Token.LINE1 if look.line else None, 6)
        self._paint_content(painter, ink)
        if self.shows_focus and self._kind is ButtonKind.PRIMARY:
            draw_box(painter, rect.adjusted(2, 2, -2, -2), None, Token.ON_ACCENT, 4, 1.5)
        elif self.shows_focus:
            draw_focus_ring(painter, rect)

    @property
    def _shows_icon_alone(self) -> bool:
        return self._is_compact or not self.text()

    def _padding(self) -> int:
        return px(10 if self._small else 12)

    def _face_weight(self) -> int:
        return SEMIBOLD if self._kind is ButtonKind.PRIMARY else REGULAR

    def _content_width(self) -> float:
        width = text_width(self.text(), font(12 if self._small else 13, self._face_weight()))
        if self._icon is not None:
            width += px(16) + px(8)
        if self._keys:
            width += px(8) + keycap_width(self._keys) - px(4)
        return width + 1

    def _pressed_fill(self, look: _Look) -> QColor | Token | None:
        if not self.lift:
            return look.fill
        if look.fill is None:
            return Token.BG4 if self.isDown() else Token.BG3
        return mixed(colour(look.fill), colour(Token.TEXT1), self.lift)

    def _paint_content(self, painter: QPainter, ink: Token) -> None:
        middle = self.height() / 2
        side = px(16)
        if self._shows_icon_alone:
            if self._icon is not None:
                draw_icon(painter, self._icon, (self.width() - side) / 2, middle - side / 2, 16, ink)
            return
        x = max(float(self._padding()), (self.width() - self._content_width()) / 2)
        right = x + self._content_width()
        if self._icon is not None:
            draw_icon(painter, self._icon, x, middle - side / 2, 16, ink)
            x += side + px(8)
        if self._keys:
            on = Token.ACCENT if ink is Token.ON_ACCENT else ink
            right = draw_keycap(painter, right + px(4), middle, self._keys, on) - px(8)
        face = font(12 if self._small else 13, self._face_weight())
        draw_text(painter, QRectF(x, 0, right - x + 1, self.height()), self.text(), face, ink)
