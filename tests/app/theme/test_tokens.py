"""Colours keep their promises: complete, and readable on the surfaces they are made for."""

from __future__ import annotations

import pytest

from app.theme.services import ServiceColours
from app.theme.tokens import HEAT, PALETTES, TONES, Status, ThemeName, Token, contrast, palette_of

SURFACES = (Token.INSET, Token.BG0, Token.BG1, Token.BG2, Token.BG3)
TEXTS = (Token.TEXT1, Token.TEXT2, Token.TEXT3)
NAMED = ("gateway", "orders", "billing", "inventory", "ledger", "postgres")
themes = pytest.mark.parametrize("theme", ThemeName)


def ratio(theme: ThemeName, ink: Token, surface: Token) -> float:
    return contrast(PALETTES[theme][ink], PALETTES[theme][surface])


@themes
def test_that_every_theme_has_every_token(theme: ThemeName) -> None:
    assert set(PALETTES[theme]) == set(Token)


@themes
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("ink", TEXTS)
def test_that_text_is_readable_on_every_surface_it_may_stand_on(
    theme: ThemeName, ink: Token, surface: Token
) -> None:
    assert ratio(theme, ink, surface) >= 4.5


def test_that_the_quietest_text_may_not_stand_on_tracks() -> None:
    assert ratio(ThemeName.DARK, Token.TEXT3, Token.BG4) < 4.5


@themes
@pytest.mark.parametrize("status", Status)
def test_that_a_status_is_readable_on_its_tint_and_its_mark_is_seen(theme: ThemeName, status: Status) -> None:
    tone = TONES[status]
    assert ratio(theme, tone.text, tone.fill) >= 4.5
    assert ratio(theme, tone.text, Token.BG1) >= 4.5
    for surface in (Token.BG1, Token.BG2, tone.fill):
        assert ratio(theme, tone.mark, surface) >= 3


@themes
def test_that_the_primary_button_is_readable(theme: ThemeName) -> None:
    assert ratio(theme, Token.ON_ACCENT, Token.ACCENT) >= 4.5


@themes
@pytest.mark.parametrize("token", [Token.P50, Token.P95, Token.P99, Token.RATE, Token.CRIT, Token.BASELINE])
def test_that_lines_of_charts_are_seen(theme: ThemeName, token: Token) -> None:
    assert ratio(theme, token, Token.BG1) >= 2.99


@themes
@pytest.mark.parametrize("token", [token for token in Token if token.value.startswith("code_")])
def test_that_code_is_readable_in_the_editor_and_in_a_diff(theme: ThemeName, token: Token) -> None:
    for surface in (Token.INSET, Token.DIFF_ADD, Token.DIFF_DELETE):
        assert ratio(theme, token, surface) >= 4.5


@themes
def test_that_heat_goes_one_way_from_the_panel(theme: ThemeName) -> None:
    steps = [ratio(theme, token, Token.BG1) for token in HEAT]
    assert steps == sorted(steps)
    assert steps[-1] > 9


@themes
def test_that_twelve_services_have_twelve_colours_that_are_seen(theme: ThemeName) -> None:
    colours = ServiceColours()
    names = (*NAMED, "payments", "stock", "catalog", "search", "mailer", "pricing")
    found = [colours.of(name, theme) for name in names]
    assert len(set(found)) == len(names)
    assert all(contrast(value, PALETTES[theme][Token.BG1]) >= 3 for value in found)


def test_that_a_service_keeps_its_colour() -> None:
    colours = ServiceColours()
    first = colours.of("payments", ThemeName.DARK)
    for name in ("a", "b", "c", "d", "e", "f", "g"):
        colours.of(name, ThemeName.DARK)
    assert colours.of("payments", ThemeName.DARK) == first
    assert colours.of("orders", ThemeName.DARK) == "#3F8FE6"


def test_that_contrast_agrees_with_known_values() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@themes
def test_that_high_contrast_shows_every_border_and_caption_better(theme: ThemeName) -> None:
    strong = palette_of(theme, high_contrast=True)
    for token in (Token.LINE2, Token.LINE1):
        assert contrast(strong[token], strong[Token.BG1]) > contrast(
            PALETTES[theme][token], PALETTES[theme][Token.BG1]
        )
    for surface in SURFACES:
        assert contrast(strong[Token.LINE2], strong[surface]) >= 3
        assert contrast(strong[Token.TEXT3], strong[surface]) >= 7
    assert palette_of(theme) is PALETTES[theme]
