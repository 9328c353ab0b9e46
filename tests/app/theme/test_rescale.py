"""Lengths of living widgets follow the text scale, there and back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSplitter, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.theme import px, theme


@pytest.fixture(autouse=True)
def usual_scale() -> Iterator[None]:
    """Each test begins and ends at a scale of 1."""
    theme.use(text_scale=1.0)
    yield
    theme.use(text_scale=1.0)


def lengths(layout: QVBoxLayout | QHBoxLayout) -> tuple[int, ...]:
    margins = layout.contentsMargins()
    return margins.left(), margins.top(), margins.right(), margins.bottom(), layout.spacing()


def test_that_margins_and_gaps_grow_and_come_back_without_a_rest(qtbot: QtBot) -> None:
    host, inner = QWidget(), QHBoxLayout()
    qtbot.addWidget(host)
    outer = QVBoxLayout(host)
    outer.setContentsMargins(px(7), px(3), 1, 0)
    outer.setSpacing(px(5))
    inner.setContentsMargins(0, 0, 0, 0)
    inner.setSpacing(px(9))
    outer.addLayout(inner)
    before = lengths(outer), lengths(inner)

    theme.use(text_scale=1.5)
    assert lengths(outer) == (round(10.5), round(4.5), 1, 0, round(7.5))
    assert lengths(inner)[4] == round(13.5)

    for scale in (1.1, 0.9, 1.3, 1.2, 1.0):
        theme.use(text_scale=scale)
    assert (lengths(outer), lengths(inner)) == before


def test_that_grids_spacers_splitters_and_fixed_sizes_grow_too(qtbot: QtBot) -> None:
    host, fixed, split = QWidget(), QWidget(), QSplitter()
    qtbot.addWidget(host)
    qtbot.addWidget(split)
    grid, row = QGridLayout(), QHBoxLayout()
    column = QVBoxLayout(host)
    column.addLayout(grid)
    column.addLayout(row)
    grid.setHorizontalSpacing(px(12))
    grid.setVerticalSpacing(px(6))
    row.addSpacing(px(40))
    row.addWidget(fixed)
    fixed.setFixedWidth(px(200))
    split.setHandleWidth(px(12))

    theme.use(text_scale=1.5)
    assert (grid.horizontalSpacing(), grid.verticalSpacing()) == (18, 9)
    spacer = row.itemAt(0)
    assert spacer is not None
    assert spacer.sizeHint().width() == 60
    assert (fixed.minimumWidth(), fixed.maximumWidth()) == (300, 300)
    assert split.handleWidth() == 18


def test_that_what_is_set_meanwhile_counts(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    column = QVBoxLayout(host)
    column.setSpacing(px(8))
    theme.use(text_scale=1.5)
    column.setSpacing(px(20))
    theme.use(text_scale=1.0)
    assert column.spacing() == 20


def test_that_a_windows_own_limits_stay(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setMinimumSize(1100, 700)
    theme.use(text_scale=1.5)
    assert (window.minimumWidth(), window.minimumHeight()) == (1100, 700)
