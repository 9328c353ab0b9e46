"""Writing SVG: elements, text and its measured width. All text is escaped here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from engine.reports.axis import Point
from engine.reports.summary import Mark
from engine.reports.texts import visible

FAMILY = "Inter, system-ui, sans-serif"

# Advance widths of Inter Regular for U+0020 to U+007E, in thousandths of the size.
_ADVANCES = (
    *(281, 278, 403, 631, 638, 812, 639, 222, 362, 362, 500, 659, 280, 460, 276, 357, 625, 464, 605, 636),
    *(642, 608, 624, 571, 616, 624, 276, 280, 659, 659, 659, 507, 936, 676, 651, 727, 719, 598, 587, 743),
    *(740, 264, 543, 652, 562, 889, 753, 761, 635, 761, 639, 638, 642, 741, 676, 949, 642, 665, 625, 362),
    *(357, 362, 469, 452, 497, 564, 621, 558, 621, 582, 361, 609, 591, 237, 237, 544, 237, 869, 585, 597),
    *(609, 609, 372, 523, 364, 581, 557, 812, 540, 557, 541, 362, 327, 362, 659),
)
_SPACES = {0x2009: 182, 0x202F: 182, 0xA0: 281}
_OTHER_ADVANCE = 830
_WIDE_ADVANCE = 1050
_SEMIBOLD = 1.05


def text_width(text: str, size: float, semibold: bool = False) -> float:
    """How wide `text` is drawn in Inter at `size`; a little too wide for characters beyond ASCII."""
    advances = (_advance(ord(character)) for character in text)
    return sum(advances) / 1000 * size * (_SEMIBOLD if semibold else 1.0)


def _advance(code: int) -> int:
    if 0x20 <= code <= 0x7E:
        return _ADVANCES[code - 0x20]
    return _SPACES.get(code, _WIDE_ADVANCE if code >= 0x3000 or 0x1100 <= code < 0x1200 else _OTHER_ADVANCE)


def elided(text: str, size: float, room: float) -> str:
    """`text`, shortened with an ellipsis to fit into `room`; empty where not even three letters fit."""
    if text_width(text, size) <= room:
        return text
    for length in range(len(text) - 1, 2, -1):
        short = text[:length].rstrip() + "…"
        if text_width(short, size) <= room:
            return short
    return ""


def element(name: str, content: str = "", /, **attributes: str | float | None) -> str:
    """One element; underscores in attribute names become hyphens, numbers get at most two decimals."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def _attribute(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else number(value)


def number(value: float) -> str:
    """A coordinate with at most two decimals."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def label(
    text: str,
    x: float,
    y: float,
    size: float,
    fill: str,
    anchor: str = "start",
    semibold: bool = False,
    halo: str | None = None,
) -> str:
    """A line of text whose base line starts (or ends, or is centred) at `x`, `y`; `halo` parts it from curves."""
    return element(
        "text",
        escape(visible(text)),
        x=x,
        y=y,
        font_size=size,
        fill=fill,
        text_anchor=None if anchor == "start" else anchor,
        font_weight="600" if semibold else None,
        stroke=halo,
        stroke_width=3 if halo else None,
        stroke_linejoin="round" if halo else None,
        paint_order="stroke" if halo else None,
    )


def path_of(points: Iterable[Point]) -> str:
    """Path data through `points`; a single point becomes a dot under round line caps."""
    written = [f"{number(x)} {number(y)}" for x, y in points]
    if len(written) == 1:
        return f"M{written[0]}h.01"
    return "M" + "L".join(written)


def glyph(mark: Mark, x: float, y: float, size: float, fill: str) -> str:
    """The sign of a mark, `size` wide, centred at `x`, `y`."""
    half = size / 2
    if mark is Mark.OK:
        return element("circle", cx=x, cy=y, r=half * 0.94, fill=fill)
    if mark is Mark.IDLE:
        return element("circle", cx=x, cy=y, r=half * 0.75, fill="none", stroke=fill, stroke_width=1.5)
    if mark is Mark.INFO:
        return element(
            "rect", x=x - half * 0.85, y=y - half * 0.85, width=size * 0.85, height=size * 0.85, fill=fill
        )
    if mark is Mark.HERRING:
        arm = half * 0.8
        data = f"M{number(x - arm)} {number(y - arm)}L{number(x + arm)} {number(y + arm)}"
        data += f"M{number(x - arm)} {number(y + arm)}L{number(x + arm)} {number(y - arm)}"
        return element("path", d=data, stroke=fill, stroke_width=1.8, fill="none")
    corners = [(x, y - half), (x + half * 1.05, y + half * 0.9), (x - half * 1.05, y + half * 0.9)]
    if mark is Mark.CRITICAL:
        corners = [(x, y - half * 1.1), (x + half * 1.1, y), (x, y + half * 1.1), (x - half * 1.1, y)]
    return element("path", d=path_of(corners) + "Z", fill=fill)
