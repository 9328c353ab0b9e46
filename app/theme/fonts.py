"""The bundled typefaces: Inter, Inter Display and JetBrains Mono, with the features that the design asks for."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

FOLDER = Path(__file__).resolve().parents[2] / "assets" / "fonts"
TEXT, DISPLAY, MONO = "Inter", "Inter Display", "JetBrains Mono"
DISPLAY_FROM_PX = 16
REGULAR, MEDIUM, SEMIBOLD = 400, 500, 600


@cache
def load_fonts(family: str) -> tuple[str, ...]:
    """Register a family's bundled files with Qt, once a process; what Qt found in them. Needs a QGuiApplication.

    The first picture needs one family; the others are read when something is written in them.
    """
    families: list[str] = []
    for file in sorted(FOLDER.glob(f"{family.replace(' ', '')}-*.?tf")):
        number = QFontDatabase.addApplicationFont(str(file))
        families += QFontDatabase.applicationFontFamilies(number)
    return tuple(dict.fromkeys(families))


@cache
def build_font(pixels: int, weight: int, mono: bool) -> QFont:
    """One font of the design at its final size in pixels. Shared: copy it before changing it."""
    family = MONO if mono else DISPLAY if pixels >= DISPLAY_FROM_PX else TEXT
    load_fonts(family)
    font = QFont(family)
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight(weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    font.setFeature(QFont.Tag("tnum"), 1)
    if mono:
        font.setFeature(QFont.Tag("calt"), 0)
        font.setStyleHint(QFont.StyleHint.Monospace)
    return font
