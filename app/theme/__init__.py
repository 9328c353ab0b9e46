"""How the console looks, in one place: tokens, typefaces, icons, the style sheet and the current theme.

`Token` names what a colour is for, `Status` how something stands. `colour(Token)`, `font(px, weight, mono)` and
`px(length)` read the current theme and text scale; `theme` is that theme, and `theme.changed` tells of a change.
Rule: no colour and no font is written anywhere else. A widget that keeps a copy has a method `restyle()`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from app.theme.fonts import MEDIUM, REGULAR, SEMIBOLD
from app.theme.theme import Theme, colour, font, px, theme
from app.theme.tokens import HEAT, TONES, Status, ThemeName, Token, Tone, contrast

if TYPE_CHECKING:
    from app.theme.icons import Icon, draw_icon, icon_pixmap, qt_icon

__all__ = [
    "HEAT",
    "MEDIUM",
    "REGULAR",
    "SEMIBOLD",
    "TONES",
    "Icon",
    "Status",
    "Theme",
    "ThemeName",
    "Token",
    "Tone",
    "colour",
    "contrast",
    "draw_icon",
    "font",
    "icon_pixmap",
    "px",
    "qt_icon",
    "theme",
]

_OF_ICONS = ("Icon", "draw_icon", "icon_pixmap", "qt_icon")


def __getattr__(name: str) -> Any:
    """Icons bring Qt's SVG library, which the first picture does not wait for: they come when they are asked for."""
    if name in _OF_ICONS:
        return getattr(import_module("app.theme.icons"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
