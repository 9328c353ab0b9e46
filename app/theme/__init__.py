"""How the console looks, in one place: tokens, typefaces, icons, the style sheet and the current theme.

`Token` names what a colour is for, `Status` how something stands. `colour(Token)`, `font(px, weight, mono)` and
`px(length)` read the current theme and text scale; `theme` is that theme, and `theme.changed` tells of a change.
Rule: no colour and no font is written anywhere else. A widget that keeps a copy has a method `restyle()`.
"""

from app.theme.fonts import MEDIUM, REGULAR, SEMIBOLD
from app.theme.icons import Icon, draw_icon, icon_pixmap, qt_icon
from app.theme.theme import Theme, colour, font, px, theme
from app.theme.tokens import HEAT, TONES, Status, ThemeName, Token, Tone, contrast

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
