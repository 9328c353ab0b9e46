"""Numbers as people read them: the same words in the PDF and on the HTML page."""

from __future__ import annotations

import math
import unicodedata
from datetime import datetime

from engine.reports.summary import Unit

NOT_MEASURED = "not measured"
THIN = "\u2009"
WORD_SPACE = "\u00a0"
MINUS = "\u2212"
ARROW = "\u2192"

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_KEPT = {"\n", "\t", "\u200c", "\u200d"}


def visible(text: str) -> str:
    """`text` with its control and direction-changing characters written out.

    XML refuses most of them, and a line of code must not read otherwise than it runs.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character in _KEPT or unicodedata.category(character) not in _HIDDEN:
        return character
    return f"\\u{{{ord(character):04x}}}"


def euros(cents: float) -> str:
    """`cents` in euros with two decimals; four where it is less than a cent."""
    decimals = 4 if 0 < abs(cents) < 1 else 2
    sign = MINUS if cents < 0 and round(cents / 100, decimals) != 0 else ""
    return f"{sign}€{abs(cents) / 100:,.{decimals}f}"


def cents(value: float) -> str:
    """`value` cents: whole where it is whole."""
    rounded = round(value, 2)
    number = f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.2f}"
    return f"{number.replace('-', MINUS)} {'cent' if rounded == 1 else 'cents'}"


def milliseconds(value: float) -> str:
    """Milliseconds below a second, else seconds with two decimals."""
    if abs(value) >= 999.5:
        return f"{value / 1000:,.2f}{THIN}s"
    return f"{value:.1f}{THIN}ms" if abs(value) < 9.95 else f"{value:.0f}{THIN}ms"


def duration(seconds: float) -> str:
    """A time span: "46 s", "4 min 12 s", "1 h 43 min"."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole}{WORD_SPACE}s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}{WORD_SPACE}min {rest}{WORD_SPACE}s" if rest else f"{minutes}{WORD_SPACE}min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}{WORD_SPACE}h {minutes}{WORD_SPACE}min" if minutes else f"{hours}{WORD_SPACE}h"


def clock(seconds_of_day: float, with_seconds: bool = True) -> str:
    """A time of day, wrapped at midnight."""
    whole = math.floor(seconds_of_day + 1e-6) % 86_400
    hours, minutes, seconds = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours:02}:{minutes:02}:{seconds:02}" if with_seconds else f"{hours:02}:{minutes:02}"


def day(moment: datetime) -> str:
    """A date: "23 November 2026"."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def seconds_of_day(moment: datetime) -> float:
    """Seconds since that day's midnight."""
    return moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6


def amount(value: float, unit: Unit) -> str:
    """A value with its unit, as in a sentence."""
    if unit is Unit.MS:
        return milliseconds(value)
    if unit is Unit.CENTS:
        return euros(value)
    if unit is Unit.PERCENT:
        return f"{value:.0f}{THIN}%"
    number = f"{value:,.0f}" if abs(value) >= 10 or value == int(value) else f"{value:.1f}"
    number = number.replace("-", MINUS)
    return f"{number}/s" if unit is Unit.PER_S else number


def tick(value: float, unit: Unit, step: float) -> str:
    """A value on an axis whose values are `step` apart: as short as all of them are exact."""
    if value == 0 and unit is not Unit.CENTS:
        return "0"
    if unit is Unit.MS:
        if abs(value) >= 1000:
            return f"{value / 1000:g}{THIN}s"
        return f"{value:g}{THIN}ms"
    if unit is Unit.CENTS:
        return euros(value).removesuffix(".00") if step % 100 == 0 else euros(value)
    number = f"{value:,.10g}".replace("-", MINUS)
    return f"{number}/s" if unit is Unit.PER_S else f"{number}{THIN}%" if unit is Unit.PERCENT else number
