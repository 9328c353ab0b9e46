"""The report's colours: those of the console, and readable."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from engine.reports.palette import DARK, FROM_STYLESHEET, LIGHT, colour

TEXTS = ("text1", "text2", "text3", "okText", "critText", "warnText")
CODE = tuple(name for name in LIGHT if name.startswith("syntax"))


def luminance(value: str) -> float:
    channels = [int(value[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_that_text_has_contrast_on_every_surface_that_it_stands_on(palette: Mapping[str, str]) -> None:
    pairs = [(text, surface) for text in TEXTS for surface in ("bg1", "bg2")]
    pairs += [
        (text, surface) for text in (*CODE, "text1", "text3") for surface in ("bg1", "addBg", "removeBg")
    ]
    pairs += [("text2", f"{tint}Bg") for tint in ("ok", "warn", "crit", "idle")] + [
        ("accentText", "accentBg")
    ]
    weak = {pair: round(contrast(palette[pair[0]], palette[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_that_signs_and_curves_stand_out_from_the_paper(palette: Mapping[str, str]) -> None:
    marks = ("ok", "warn", "crit", "info", "viol", "p50", "p95", "p99", "baseline", "billing")
    assert [name for name in marks if contrast(palette[name], palette["bg1"]) < 3] == []


def test_that_every_theme_has_every_colour() -> None:
    assert LIGHT.keys() == DARK.keys() == FROM_STYLESHEET.keys()


def test_that_a_name_that_is_no_colour_is_drawn_as_the_baseline() -> None:
    assert colour(LIGHT, '"><script>') == LIGHT["baseline"]
