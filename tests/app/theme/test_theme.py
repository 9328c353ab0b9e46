"""The theme at work: fonts, icons, the style sheet, and switching while widgets live."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFont, QFontInfo, QImage, QPainter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.theme import MEDIUM, REGULAR, SEMIBOLD, Icon, ThemeName, Token, colour, font, icon_pixmap, px, theme
from app.theme.fonts import DISPLAY, FOLDER, MONO, TEXT, load_fonts
from app.theme.icons import FOLDER as ICONS
from app.theme.stylesheet import stylesheet
from app.theme.tokens import PALETTES
from app.widgets import Field


@pytest.fixture(autouse=True)
def dark(qapp: QApplication) -> Iterator[None]:
    theme.use(ThemeName.DARK, 1.0, False)
    yield
    theme.use(ThemeName.DARK, 1.0, False)


def test_that_the_bundled_typefaces_are_found() -> None:
    for family in (TEXT, DISPLAY, MONO):
        assert family in load_fonts(family)
    licences = {file.name for file in FOLDER.glob("OFL-*.txt")}
    assert licences == {"OFL-Inter.txt", "OFL-JetBrainsMono.txt"}


@pytest.mark.parametrize(
    ("pixels", "weight", "mono", "family"),
    [
        (12, REGULAR, False, TEXT),
        (13, SEMIBOLD, False, TEXT),
        (24, SEMIBOLD, False, DISPLAY),
        (12, REGULAR, True, MONO),
    ],
)
def test_that_a_size_gets_its_typeface(pixels: int, weight: int, mono: bool, family: str) -> None:
    face = font(pixels, weight, mono)
    info = QFontInfo(face)
    assert (info.family(), info.weight(), info.pixelSize()) == (family, weight, pixels)
    assert face.hintingPreference() is QFont.HintingPreference.PreferNoHinting
    assert face.featureValue(QFont.Tag("tnum")) == 1


def test_that_ids_have_no_ligatures() -> None:
    assert font(12, mono=True).featureValue(QFont.Tag("calt")) == 0


def test_that_medium_is_drawn_regular_on_dark_only() -> None:
    assert font(13, MEDIUM).weight() == REGULAR
    theme.use(ThemeName.LIGHT)
    assert font(13, MEDIUM).weight() == MEDIUM


def test_that_the_text_scale_is_kept_within_limits() -> None:
    theme.use(text_scale=3.0)
    assert theme.text_scale == 1.5
    assert font(12).pixelSize() == 18
    assert px(30) == 45
    theme.use(text_scale=0.1)
    assert theme.text_scale == 0.9


def test_that_living_widgets_follow_a_switch(qtbot: QtBot) -> None:
    field = Field("Filter")
    qtbot.addWidget(field)
    with qtbot.waitSignal(theme.changed):
        theme.use(ThemeName.LIGHT, 1.5)
    assert field.font().pixelSize() == 20
    assert field.palette().text().color() == colour(Token.TEXT1) == QColor("#10141A")


@pytest.mark.parametrize("icon", Icon)
def test_that_every_icon_has_an_outline(qapp: QApplication, icon: Icon) -> None:
    image = icon_pixmap(icon, 20, Token.TEXT1).toImage()
    inked = sum(image.pixelColor(x, y).alpha() > 60 for x in range(20) for y in range(20))
    assert inked > 3


def test_that_there_is_no_outline_without_a_name() -> None:
    assert {file.stem for file in ICONS.glob("*.svg")} == {icon.value for icon in Icon}


def test_that_icons_take_the_colour_of_their_token() -> None:
    image = icon_pixmap(Icon.SQUARE, 20, Token.CRIT).toImage()
    pixels = [image.pixelColor(x, y) for x in range(20) for y in range(20)]
    strongest = max(pixels, key=lambda pixel: pixel.alpha())
    wanted = colour(Token.CRIT)
    assert abs(strongest.red() - wanted.red()) <= 3
    assert abs(strongest.green() - wanted.green()) <= 3


@pytest.mark.parametrize("name", ThemeName)
def test_that_the_style_sheet_is_complete_and_names_no_font(name: ThemeName) -> None:
    sheet = stylesheet(PALETTES[name], lambda pixels: round(pixels))
    assert "$" not in sheet
    assert not re.search(r"\bfont\b", sheet)


def test_that_no_colour_is_written_outside_the_theme() -> None:
    root = Path(__file__).resolve().parents[3] / "app"
    written = re.compile(r"#[0-9A-Fa-f]{6}\b")
    files = [file for file in root.rglob("*.py") if (root / "theme") not in file.parents]
    assert files
    assert [str(file) for file in files if written.search(file.read_text(encoding="utf-8"))] == []


def test_that_void_calls_do_not_lose_references_to_none(qapp: QApplication) -> None:
    """PySide 6.12.0 lost one reference a call, and any program that paints died after a while."""
    image = QImage(8, 8, QImage.Format.Format_ARGB32)
    painter, face, shade = QPainter(image), QFont(), QColor("red")
    before = sys.getrefcount(None)
    for _ in range(300):
        painter.fillRect(0, 0, 4, 4, shade)
        face.setPixelSize(12)
    after = sys.getrefcount(None)
    painter.end()
    assert after > before - 150
