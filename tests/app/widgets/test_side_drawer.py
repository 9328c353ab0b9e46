"""A side panel stands beside the others, or over them where the window is narrow."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.widgets import SideDrawer

WIDE, NARROW = 1400, 1000


class Place:
    """A window with a field, and a panel with another."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window, self.panel = QWidget(), QWidget()
        qtbot.addWidget(self.window)
        self.field, self.inner = QLineEdit(), QLineEdit()
        row = QHBoxLayout(self.window)
        row.addWidget(self.field, 1)
        QVBoxLayout(self.panel).addWidget(self.inner)
        self.panel.setFixedWidth(300)
        self.drawer = SideDrawer(self.panel, row, self.window)
        self.window.resize(WIDE, 600)
        self.window.show()
        self.window.activateWindow()


@pytest.fixture
def place(qtbot: QtBot) -> Place:
    return Place(qtbot)


def test_that_it_is_beside_the_others_where_there_is_room(place: Place) -> None:
    assert place.panel.isVisible()
    assert place.panel.geometry().left() > place.field.geometry().right()


def test_that_a_narrow_window_shuts_it_and_opens_it_over_the_others(place: Place) -> None:
    floated: list[bool] = []
    place.drawer.floated.connect(floated.append)
    place.window.resize(NARROW, 600)
    assert not place.panel.isVisible()
    QApplication.processEvents()
    whole = place.field.width()

    place.drawer.toggle()
    assert place.panel.isVisible()
    assert place.field.width() == whole, "the others keep their room"
    assert place.panel.geometry().right() == place.field.geometry().right()

    place.window.resize(WIDE, 600)
    assert place.panel.isVisible()
    QApplication.processEvents()
    assert place.field.width() < WIDE - 300
    assert floated == [True, False]


def test_that_escape_shuts_a_drawer_and_gives_the_keyboard_back(place: Place) -> None:
    place.window.resize(NARROW, 600)
    place.field.setFocus()
    place.drawer.show()
    place.inner.setFocus()
    QTest.keyClick(place.inner, Qt.Key.Key_Escape)
    assert not place.panel.isVisible()
    assert place.field.hasFocus()


def test_that_escape_leaves_a_panel_that_is_no_drawer(place: Place) -> None:
    place.inner.setFocus()
    QTest.keyClick(place.inner, Qt.Key.Key_Escape)
    assert place.panel.isVisible()


def test_that_what_was_wanted_holds_until_the_window_turns_narrow_or_wide(place: Place) -> None:
    place.drawer.toggle()
    assert not place.panel.isVisible()
    place.window.resize(WIDE + 50, 600)
    assert not place.panel.isVisible()
    place.window.resize(NARROW, 600)
    place.window.resize(WIDE, 600)
    assert place.panel.isVisible()
