"""Shortcuts of the screens, and single letters that can be switched off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.keys import bind, is_letter, letters


@pytest.fixture(autouse=True)
def on_again() -> Iterator[None]:
    yield
    letters.use(True)


def shown(qtbot: Any, host: QWidget) -> None:
    """Shown and with the keyboard: shortcuts do nothing elsewhere."""
    with qtbot.waitActive(host):
        host.show()
        host.activateWindow()
    host.setFocus()


def test_that_single_letters_can_be_switched_off_and_others_stay(qtbot: Any) -> None:
    host, told = QWidget(), []
    qtbot.addWidget(host)
    bind(host, (("L", lambda: told.append("L")), ("Ctrl+K", lambda: told.append("K"))))
    shown(qtbot, host)
    qtbot.keyClick(host, Qt.Key.Key_L)
    letters.use(False)
    qtbot.keyClick(host, Qt.Key.Key_L)
    qtbot.keyClick(host, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert told == ["L", "K"]


def test_that_one_made_while_they_are_off_is_off(qtbot: Any) -> None:
    letters.use(False)
    host, told = QWidget(), []
    qtbot.addWidget(host)
    bind(host, (("M", lambda: told.append("M")),))
    shown(qtbot, host)
    qtbot.keyClick(host, Qt.Key.Key_M)
    letters.use(True)
    qtbot.keyClick(host, Qt.Key.Key_M)
    assert told == ["M"]


def test_that_help_stays_whatever_is_switched_off() -> None:
    assert [is_letter(keys) for keys in ("L", "/", "Shift+T", "?", "F8", "Ctrl+K")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
