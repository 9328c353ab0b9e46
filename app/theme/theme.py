"""The current theme: one object that everything painted asks, and that tells when it changes.

Widgets read colours and fonts at paint time. A widget that copies a font or colour into a Qt object gives itself a
method `restyle()`: `Theme.use` calls it on every living widget, then repaints all.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QToolTip

from app.theme.fonts import MEDIUM, REGULAR, build_font
from app.theme.rescale import rescale
from app.theme.services import ServiceColours
from app.theme.stylesheet import stylesheet
from app.theme.tokens import ThemeName, Token, palette_of

SMALLEST_SCALE, LARGEST_SCALE = 0.9, 1.5


@runtime_checkable
class Restyles(Protocol):
    """A widget that keeps copies of fonts or colours, and can renew them."""

    def restyle(self) -> None:
        """Take fonts and colours from the theme again."""
        ...


class Theme(QObject):
    """Theme, text scale, and the wishes for contrast and little motion. `changed` fires once all is restyled."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name = ThemeName.DARK
        self.text_scale = 1.0
        self.reduced_motion = False
        self.high_contrast = False
        self._lengths: dict[float, int] = {}
        self._services = ServiceColours()
        self._colours: dict[Token, QColor] = {}
        self._read_palette()

    def use(
        self,
        name: ThemeName | None = None,
        text_scale: float | None = None,
        reduced_motion: bool | None = None,
        high_contrast: bool | None = None,
    ) -> None:
        """Change what is given and restyle every living widget. The text scale is kept between 0.9 and 1.5."""
        self.name = name or self.name
        scale_before = self.text_scale
        if text_scale is not None:
            self.text_scale = min(max(text_scale, SMALLEST_SCALE), LARGEST_SCALE)
            self._lengths.clear()
        if reduced_motion is not None:
            self.reduced_motion = reduced_motion
        if high_contrast is not None:
            self.high_contrast = high_contrast
        self._read_palette()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            if self.text_scale != scale_before:
                for widget in application.allWidgets():
                    rescale(widget, scale_before, self.text_scale)
            self.install(application)
        self.changed.emit()

    def install(self, application: QApplication) -> None:
        """Give the application the theme's palette, font and style sheet, and repaint every widget."""
        if application.style().objectName() != "fusion":
            application.setStyle("fusion")
        application.setPalette(self._qt_palette())
        application.setFont(self.font(13))
        QToolTip.setFont(self.font(12))
        application.setStyleSheet(stylesheet(self._values, self.px))
        for widget in application.allWidgets():
            if isinstance(widget, Restyles):
                widget.restyle()
            widget.updateGeometry()
            widget.update()

    def value(self, token: Token) -> str:
        """The token's `#RRGGBB` in this theme."""
        return self._values[token]

    def colour(self, token: Token) -> QColor:
        """The token's colour in this theme. Shared: copy it before changing it."""
        return self._colours[token]

    def service_colour(self, service: str) -> QColor:
        """The colour of a service in this theme."""
        return QColor(self._services.of(service, self.name))

    def font(self, pixels: float, weight: int = REGULAR, mono: bool = False) -> QFont:
        """The design's font of that size at a text scale of 1. Medium is drawn regular on dark: it blooms there."""
        if weight == MEDIUM and (mono or self.name is ThemeName.DARK):
            weight = REGULAR
        return build_font(self.px(pixels), weight, mono)

    def px(self, pixels: float) -> int:
        """A length that grows with the text, in whole pixels."""
        found = self._lengths.get(pixels)
        if found is None:
            found = self._lengths[pixels] = max(1, round(pixels * self.text_scale))
        return found

    def _read_palette(self) -> None:
        self._values = palette_of(self.name, self.high_contrast)
        self._colours = {token: QColor(value) for token, value in self._values.items()}

    def _qt_palette(self) -> QPalette:
        palette = QPalette()
        roles = QPalette.ColorRole
        for role, token in (
            (roles.Window, Token.BG0),
            (roles.Base, Token.INSET),
            (roles.AlternateBase, Token.BG1),
            (roles.Button, Token.BG3),
            (roles.WindowText, Token.TEXT1),
            (roles.Text, Token.TEXT1),
            (roles.ButtonText, Token.TEXT1),
            (roles.BrightText, Token.CRIT_TEXT),
            (roles.PlaceholderText, Token.TEXT3),
            (roles.ToolTipBase, Token.BG2),
            (roles.ToolTipText, Token.TEXT1),
            (roles.Highlight, Token.ACCENT_LINE),
            (roles.HighlightedText, Token.TEXT1),
            (roles.Link, Token.INFO_TEXT),
            (roles.LinkVisited, Token.INFO_TEXT),
            (roles.Accent, Token.ACCENT),
            (roles.Light, Token.BG4),
            (roles.Midlight, Token.BG3),
            (roles.Mid, Token.LINE2),
            (roles.Dark, Token.LINE1),
            (roles.Shadow, Token.LINE0),
        ):
            palette.setColor(role, self._colours[token])
        for role in (roles.WindowText, roles.Text, roles.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self._colours[Token.TEXT_DISABLED])
        return palette


theme = Theme()


def colour(token: Token) -> QColor:
    """The token's colour in the current theme. Shared: copy it before changing it."""
    return theme.colour(token)


def font(pixels: float, weight: int = REGULAR, mono: bool = False) -> QFont:
    """The design's font at the current text scale. Shared: copy it before changing it."""
    return theme.font(pixels, weight, mono)


def px(pixels: float) -> int:
    """A length that grows with the text, in whole pixels."""
    return theme.px(pixels)
