"""Colours as data: every token in every theme, and the arithmetic of contrast.

No Qt here, so that reports and exports can read the same values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class ThemeName(StrEnum):
    """The themes that can be chosen."""

    DARK = "dark"
    LIGHT = "light"


class Token(StrEnum):
    """What a colour is for. The value of each theme is in `PALETTES`."""

    INSET = "inset"
    BG0 = "bg0"
    BG1 = "bg1"
    BG2 = "bg2"
    BG3 = "bg3"
    BG4 = "bg4"
    LINE0 = "line0"
    LINE1 = "line1"
    LINE2 = "line2"
    TEXT1 = "text1"
    TEXT2 = "text2"
    TEXT3 = "text3"
    TEXT_DISABLED = "text_disabled"
    ACCENT = "accent"
    ON_ACCENT = "on_accent"
    WARN = "warn"
    ACCENT_TEXT = "accent_text"
    ACCENT_BG = "accent_bg"
    ACCENT_LINE = "accent_line"
    OK = "ok"
    OK_TEXT = "ok_text"
    OK_BG = "ok_bg"
    OK_LINE = "ok_line"
    CRIT = "crit"
    CRIT_TEXT = "crit_text"
    CRIT_BG = "crit_bg"
    CRIT_LINE = "crit_line"
    INFO = "info"
    INFO_TEXT = "info_text"
    INFO_BG = "info_bg"
    INFO_LINE = "info_line"
    VIOLET = "violet"
    VIOLET_TEXT = "violet_text"
    VIOLET_BG = "violet_bg"
    VIOLET_LINE = "violet_line"
    P50 = "p50"
    P95 = "p95"
    P99 = "p99"
    RATE = "rate"
    BASELINE = "baseline"
    HEAT0 = "heat0"
    HEAT1 = "heat1"
    HEAT2 = "heat2"
    HEAT3 = "heat3"
    HEAT4 = "heat4"
    HEAT5 = "heat5"
    CODE_KEYWORD = "code_keyword"
    CODE_STRING = "code_string"
    CODE_NUMBER = "code_number"
    CODE_FUNCTION = "code_function"
    CODE_COMMENT = "code_comment"
    CODE_DECORATOR = "code_decorator"
    DIFF_ADD = "diff_add"
    DIFF_ADD_MARK = "diff_add_mark"
    DIFF_DELETE = "diff_delete"
    DIFF_DELETE_MARK = "diff_delete_mark"


HEAT = (Token.HEAT0, Token.HEAT1, Token.HEAT2, Token.HEAT3, Token.HEAT4, Token.HEAT5)

_ROWS = """
inset #0A0C0F #F6F7F8
bg0 #0E1014 #E9ECEF
bg1 #14171C #FFFFFF
bg2 #1A1E24 #F5F6F8
bg3 #232830 #E8EBEF
bg4 #2D343E #DADFE5
line0 #1D2127 #E9ECEF
line1 #262C34 #D9DEE4
line2 #38414D #AEB7C2
text1 #ECEEF1 #10141A
text2 #B1B9C4 #3E4753
text3 #88929F #5A6471
text_disabled #5A6370 #949DA8
accent #F5B03D #F0A92E
on_accent #1C1303 #1C1303
warn #F5B03D #B56A00
accent_text #FFC566 #8A4F00
accent_bg #2A2113 #FFF3DC
accent_line #5C4620 #E4BC72
ok #35B58C #0E8A63
ok_text #5FD3AD #0A6F4F
ok_bg #11261F #E5F5EF
ok_line #21503F #9AD3BF
crit #F0655B #C9352B
crit_text #FF9088 #B0241B
crit_bg #2D1819 #FDECEA
crit_line #66302F #EBABA6
info #5AA9E6 #1F74B8
info_text #8CC6F5 #14609C
info_bg #13222F #E6F1FA
info_line #254A68 #A3CBEA
violet #A597F2 #6350C8
violet_text #C2B8FA #5442B5
violet_bg #201D33 #EFECFB
violet_line #433C70 #C4BBEE
p50 #4B7DA8 #6396C0
p95 #7DB8EA #2A74B0
p99 #DCEEFF #0B3F6E
rate #6FB9B0 #2B8C80
baseline #5C6673 #7D8792
heat0 #15191F #F2F6FA
heat1 #1D2B38 #D8E6F2
heat2 #28506F #A9CBE6
heat3 #4A86B5 #6AA3D0
heat4 #93C4EA #2A74B0
heat5 #E6F3FF #0B3F6E
code_keyword #C2B8FA #5442B5
code_string #8FD3B6 #0A6F4F
code_number #F2C28B #8A4F00
code_function #8CC6F5 #14609C
code_comment #8C96A3 #5A6471
code_decorator #E592BC #A02B67
diff_add #12281F #E5F5EF
diff_add_mark #1E4A38 #A9DFC9
diff_delete #2D191B #FDECEA
diff_delete_mark #582A2B #F4B9B3
"""


def _palette(column: int) -> Mapping[Token, str]:
    rows = (line.split() for line in _ROWS.strip().splitlines())
    return {Token(row[0]): row[column] for row in rows}


PALETTES: Mapping[ThemeName, Mapping[Token, str]] = {
    ThemeName.DARK: _palette(1),
    ThemeName.LIGHT: _palette(2),
}


_STRONGER = """
line1 #4A5564 #8B95A2
line2 #768396 #6F7986
text2 #D7DCE3 #232A33
text3 #B1B9C4 #3E4753
text_disabled #88929F #5A6471
accent_line #C08A2E #8A4F00
ok_line #35B58C #0A6F4F
crit_line #F0655B #B0241B
info_line #5AA9E6 #14609C
violet_line #A597F2 #5442B5
baseline #98A2AF #5A6471
"""
"""What high contrast changes: borders by which a control is known, and captions."""


def palette_of(theme: ThemeName, high_contrast: bool = False) -> Mapping[Token, str]:
    """The colours of a theme, with stronger borders and captions if wanted."""
    if not high_contrast:
        return PALETTES[theme]
    column = 1 if theme is ThemeName.DARK else 2
    rows = (line.split() for line in _STRONGER.strip().splitlines())
    return {**PALETTES[theme], **{Token(row[0]): row[column] for row in rows}}


class Status(StrEnum):
    """How something stands. Each has a shape, a colour and a word; never the colour alone."""

    OK = "ok"
    WARNING = "warning"
    CRITICAL = "critical"
    INFO = "info"
    IDLE = "idle"
    HERRING = "herring"


@dataclass(frozen=True, slots=True)
class Tone:
    """The four tokens of one status: its mark, and the text, tint and border of a chip."""

    mark: Token
    text: Token
    fill: Token
    line: Token


TONES: Mapping[Status, Tone] = {
    Status.OK: Tone(Token.OK, Token.OK_TEXT, Token.OK_BG, Token.OK_LINE),
    Status.WARNING: Tone(Token.WARN, Token.ACCENT_TEXT, Token.ACCENT_BG, Token.ACCENT_LINE),
    Status.CRITICAL: Tone(Token.CRIT, Token.CRIT_TEXT, Token.CRIT_BG, Token.CRIT_LINE),
    Status.INFO: Tone(Token.INFO, Token.INFO_TEXT, Token.INFO_BG, Token.INFO_LINE),
    Status.IDLE: Tone(Token.TEXT3, Token.TEXT2, Token.BG3, Token.BG3),
    Status.HERRING: Tone(Token.VIOLET, Token.VIOLET_TEXT, Token.VIOLET_BG, Token.VIOLET_LINE),
}


def luminance(value: str) -> float:
    """Relative luminance of `#RRGGBB`, 0 to 1 (WCAG 2.2)."""
    channels = (int(value[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two `#RRGGBB` colours, 1 to 21 (WCAG 2.2)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
