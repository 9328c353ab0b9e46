"""Whatever takes the keyboard says what it is, on every screen with its real panes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.client import EngineState
from app.session import Session
from app.shell.screens import SCREENS
from app.window import Window
from tests.app.engine_stub import EngineStub
from tests.app.test_window import StubProcess


@pytest.fixture
def window(qtbot: Any, engine_stub: EngineStub) -> Iterator[Window]:
    """The product's window on the stub's engine, in a run."""
    session = Session(StubProcess(engine_stub))  # type: ignore[arg-type]
    window = Window().build(session)
    qtbot.addWidget(window, before_close_func=lambda w: setattr(w, "_is_closing", True))
    window.resize(1600, 1000)
    window.show()
    session.begin()
    qtbot.waitUntil(lambda: session.participant.state is EngineState.CONNECTED, timeout=20_000)
    yield window
    session.close()


def nameless(root: QWidget) -> list[str]:
    """The kinds of visible widgets below one that take the keyboard and have no name."""
    return [
        type(widget).__name__
        for widget in root.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.accessibleName()
        and not (isinstance(widget, QAbstractButton) and widget.text())
    ]


def test_that_everything_that_takes_the_keyboard_has_a_name(
    qtbot: Any, engine_stub: EngineStub, window: Window
) -> None:
    assert nameless(window) == []
    engine_stub.open("x")
    qtbot.waitUntil(window.rail.isVisible)
    for screen in SCREENS:
        if not screen.leads:
            window.show_screen(screen.name)
            qtbot.wait(300)
            assert nameless(window) == [], screen.name
    window._toggle_palette()
    assert nameless(window) == []
    window.open_settings()
    assert nameless(window) == []
