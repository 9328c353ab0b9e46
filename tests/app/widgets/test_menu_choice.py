"""One of many from a menu, and rows that wrap."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.widgets import Chip, FlowLayout, MenuChoice, MenuOption

OPTIONS = (
    MenuOption("latency", "Network latency", "Network"),
    MenuOption("loss", "Lost connections", "Network"),
    MenuOption("freeze", "Freeze a service", "Service"),
)


def choice(qtbot: QtBot) -> tuple[MenuChoice, list[str]]:
    """A choice of three, and the keys that it told."""
    widget = MenuChoice("Action")
    qtbot.addWidget(widget)
    widget.set_options(OPTIONS)
    told: list[str] = []
    widget.chosen.connect(told.append)
    return widget, told


def test_that_the_first_is_chosen_until_somebody_chooses(qtbot: QtBot) -> None:
    widget, told = choice(qtbot)
    assert widget.current == "latency"
    assert widget.accessibleName() == "Action: Network latency"
    widget.choose("freeze")
    widget.choose("unknown")
    assert (widget.current, told) == ("freeze", [])


def test_that_up_and_down_step_without_the_menu_and_stop_at_the_ends(qtbot: QtBot) -> None:
    widget, told = choice(qtbot)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(widget, key)
    assert told == ["loss", "freeze"]


def test_that_the_menu_has_a_heading_a_group_and_chooses(qtbot: QtBot) -> None:
    widget, told = choice(qtbot)
    menu = widget.make_menu()
    words = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert words == ["Network", "Network latency", "Lost connections", "Service", "Freeze a service"]
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["Network latency"]
    menu.actions()[-1].trigger()
    assert told == ["freeze"]


def test_that_nothing_to_choose_is_an_empty_key(qtbot: QtBot) -> None:
    widget, told = choice(qtbot)
    widget.set_options(())
    qtbot.keyClick(widget, Qt.Key.Key_Down)
    assert (widget.current, told) == ("", [])


def test_that_rows_wrap_where_there_is_no_room(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(6, holder)
    chips = [Chip(name) for name in ("gateway", "billing", "ledger")]
    for chip in chips:
        flow.addWidget(chip)
    one_row = flow.sizeHint()
    assert flow.heightForWidth(one_row.width()) == one_row.height()
    assert flow.heightForWidth(one_row.width() - 1) == 2 * one_row.height() + 6
    chips[0].hide()
    holder.resize(one_row.width() - 1, 200)
    holder.show()
    assert chips[1].x() == 0
    assert chips[2].y() == chips[1].y()
