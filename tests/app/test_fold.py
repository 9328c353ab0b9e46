"""Parts that give their room away."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.fold import Fold
from app.kept import Kept


def test_that_the_rest_gets_room_and_keyboard_and_that_this_is_kept(qtbot: QtBot, tmp_path: Path) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    part, rest = QLineEdit(), QLineEdit()
    column.addWidget(part)
    column.addWidget(rest)
    fold = Fold(part, rest, Kept(tmp_path), "upper")
    window.show()
    part.setFocus()
    fold.toggle()
    assert part.isHidden()
    assert window.focusWidget() is rest

    other = QLineEdit()
    qtbot.addWidget(other)
    again = Fold(other, rest, Kept(tmp_path), "upper")
    assert other.isHidden()
    again.show()
    again.show()
    assert not other.isHidden()
    assert Kept(tmp_path).get("upper") is False


def test_that_a_part_without_a_parent_is_not_shown_as_a_window(qtbot: QtBot) -> None:
    part, rest = QLineEdit(), QLineEdit()
    for widget in (part, rest):
        qtbot.addWidget(widget)
    Fold(part, rest, Kept(), "upper")
    assert not part.isVisible()
