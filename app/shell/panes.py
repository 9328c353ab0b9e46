"""The panes of an open run: each made at its first show, one active at a time; Control in a window of its own."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QStackedWidget, QWidget

from app.selection import Selection
from app.session import Session
from app.shell.screens import Pane, Screen


class Panes(QStackedWidget):
    """Give it screens with `enter` and `open_window`; `drop` ends them all with their run."""

    def __init__(self, session: Session, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._selection = session, selection
        self._panes: dict[str, QWidget] = {}
        self.control: QWidget | None = None
        self.name = ""
        """the screen whose pane is shown"""

    @property
    def pane(self) -> QWidget | None:
        """The pane that is shown."""
        return self._panes.get(self.name)

    def enter(self, screen: Screen) -> QWidget:
        """Show a screen's pane; the one before asks the engine nothing more."""
        if screen.name != self.name:
            self._leave()
            self.name = screen.name
            if screen.name not in self._panes:
                self._panes[screen.name] = screen.make()(self._session.participant, self._selection)
                self.addWidget(self._panes[screen.name])
            self.setCurrentWidget(self._panes[screen.name])
            cast(Pane, self.pane).activate()
        return self._panes[screen.name]

    def open_window(self, screen: Screen) -> None:
        """Show what is the facilitator's in a window of its own."""
        if self.control is None:
            self.control = screen.make()(self._session.facilitator)
        self.control.show()
        self.control.raise_()
        self.control.activateWindow()

    def close_window(self) -> None:
        """Shut that window; it is made again when it is asked for."""
        if self.control is not None:
            self.control.close()
            self.control.deleteLater()
            self.control = None

    def drop(self) -> None:
        """The run is over."""
        self._leave()
        self.name = ""
        for pane in self._panes.values():
            self.removeWidget(pane)
            pane.deleteLater()
        self._panes = {}
        self.close_window()

    def _leave(self) -> None:
        if self.pane is not None:
            cast(Pane, self.pane).deactivate()
