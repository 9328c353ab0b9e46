"""The start screen's view: brand on the left; choose, check and resume on the right, or the run that is opening."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.client import Engine, EngineState
from app.opening import Opening, OpeningState, Wanted
from app.start.brand import Brand
from app.start.opening_panel import OpeningPanel
from app.start.outside import OutsideFolders
from app.start.preflight_panel import PreflightPanel
from app.start.resume_panel import ResumePanel
from app.start.scenario_panel import ScenarioPanel
from app.theme import SEMIBOLD, ThemeName, Token, colour, px, theme
from app.widgets import Button, ButtonKind, Line, Text, Toggle

if TYPE_CHECKING:
    from protos.drill.v1.records import PackSummary

WIDEST_PX, GAP_PX = 940, 20
QUIET = Qt.FocusReason.ActiveWindowFocusReason
"""Nobody pressed a key: no focus ring."""


class StartView(QWidget):
    """The start screen, asking as the facilitator. `activate` when it is shown, `deactivate` when it is left."""

    opened = Signal(str)
    """Name of the run that is open now."""
    abandoned = Signal()
    """An opening was cancelled: the engine is still busy with it."""
    engineWanted = Signal()
    """The user wants another try at starting the engine."""
    helpWanted = Signal()

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._opening: Opening | None = None
        self._active = False
        self._began_s = time.monotonic()
        self.brand = Brand()
        self.scenario = ScenarioPanel()
        self.outside = OutsideFolders(engine, self)
        self.preflight = PreflightPanel(engine)
        self.resume = ResumePanel()
        self.progress = OpeningPanel()
        self.progress.hide()
        self._lay_out()
        self._wait = QTimer(self)
        self._wait.setInterval(200)
        self._wait.timeout.connect(self._show_waiting)
        self._connect()

    def activate(self) -> None:
        """The screen is shown: ask what there is, as soon as there is an engine."""
        self._active = True
        self._show_opening(None)
        self.setFocus(QUIET)
        if self._engine.state is EngineState.CONNECTED:
            self._load()
        else:
            self._began_s = time.monotonic()
            self._show_waiting()
            self._wait.start()

    def deactivate(self) -> None:
        """The screen is left: ask nothing more."""
        self._active = False
        self._wait.stop()
        self.preflight.halt()
        self.progress.forget()

    def show_engine_problem(self, sentence: str) -> None:
        """There is no engine: say why."""
        self._wait.stop()
        self.preflight.show_no_engine()
        self.scenario.show_problem("The engine is not running.", sentence)

    def open(self, wanted: Wanted) -> None:
        """Open a run and show how it goes."""
        self.preflight.halt()
        opening = Opening(self._engine, wanted, self)
        opening.opened.connect(self.opened)
        self._show_opening(opening)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the desk."""
        QPainter(self).fillRect(self.rect(), colour(Token.BG0))

    def _connect(self) -> None:
        self._engine.stateChanged.connect(self._note_state)
        self.scenario.wanted.connect(self._open_trusted)
        self.scenario.folderWanted.connect(self.outside.choose)
        self.scenario.removed.connect(self.outside.remove)
        self.outside.changed.connect(self._list_packs)
        self.scenario.retried.connect(self._retry_engine)
        self.resume.wanted.connect(self.open)
        self.progress.cancelled.connect(self._cancel)
        self.progress.left.connect(self.activate)
        self.progress.retried.connect(self.open)

    def _note_state(self, state: str) -> None:
        if not self._active:
            return
        if state == EngineState.CONNECTED:
            self._wait.stop()
            if self._opening is None:
                self._load()
        elif not self._wait.isActive():
            self._began_s = time.monotonic()
            self._wait.start()

    def _load(self) -> None:
        hello = self._engine.hello
        self.brand.show_version(hello.version if hello is not None else "")
        self._list_packs()
        self._engine.ask(lambda client: client.list_runs(), self.resume.show_runs, self._complain, owner=self)
        self.preflight.run()

    def _list_packs(self) -> None:
        self._engine.ask(lambda client: client.list_packs(), self._show_packs, self._complain, owner=self)

    def _open_trusted(self, wanted: Wanted, packs: Sequence[PackSummary]) -> None:
        """Open a run as soon as each of its scenarios may run."""
        self.outside.with_trust(packs, lambda: self.open(wanted))

    def _show_packs(self, packs: tuple[PackSummary, ...]) -> None:
        self.scenario.show_packs(packs)
        if self.window().focusWidget() in (None, self, self.window()):
            self.scenario.button.setFocus(QUIET)

    def _complain(self, problem: str) -> None:
        if self._active and self._engine.state is EngineState.CONNECTED:
            self.scenario.show_problem("The engine does not list its scenarios.", problem)

    def _show_waiting(self) -> None:
        seconds = time.monotonic() - self._began_s
        self.scenario.show_waiting(
            f"the engine starts ({seconds:.0f} s)" if seconds >= 1 else "the engine starts"
        )

    def _retry_engine(self) -> None:
        self._began_s = time.monotonic()
        self._show_waiting()
        self._wait.start()
        self.engineWanted.emit()

    def _cancel(self) -> None:
        if self._opening is not None and self._opening.state is OpeningState.RUNNING:
            self._opening.cancel()
            self.abandoned.emit()

    def _show_opening(self, opening: Opening | None) -> None:
        if self._opening is not None:
            self._opening.deleteLater()
        self._opening = opening
        for widget in (self.scenario, self.preflight):
            widget.setVisible(opening is None)
        self.resume.setVisible(opening is None and self.resume.has_runs)
        self.progress.setVisible(opening is not None)
        if opening is None:
            self.progress.forget()
        else:
            self.progress.show_opening(opening)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(px(56), px(24), px(12), px(20))
        row.setSpacing(px(48))
        row.addWidget(self.brand, 10)
        right = QVBoxLayout()
        right.setSpacing(px(12))
        right.addWidget(self._scroll(), 1)
        right.addLayout(self._foot())
        row.addLayout(right, 18)

    def _scroll(self) -> QScrollArea:
        page = QWidget()
        page.setProperty("kind", "content")
        page.setMaximumWidth(px(WIDEST_PX))
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, px(GAP_PX), 0)
        column.setSpacing(px(12))
        column.addStretch(2)
        column.addLayout(self._heading())
        for panel in (self.scenario, self.preflight, self.resume, self.progress):
            panel.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
            column.addWidget(panel)
        column.addStretch(3)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        return scroll

    def _heading(self) -> QVBoxLayout:
        lines = QVBoxLayout()
        lines.setSpacing(px(2))
        lines.addWidget(Line("Solo rehearsal", 22, SEMIBOLD))
        words = "The whole drill on this computer: you investigate here and lead it from the Control window."
        lines.addWidget(Text(words, 13))
        return lines

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, px(GAP_PX), 0)
        row.setSpacing(px(10))
        self._light = Toggle("Light theme for projectors")
        self._light.setChecked(theme.name is ThemeName.LIGHT)
        self._light.toggled.connect(lambda light: theme.use(ThemeName.LIGHT if light else ThemeName.DARK))
        theme.changed.connect(self._follow_theme)
        row.addWidget(self._light)
        row.addStretch(1)
        help_button = Button("Keyboard help", ButtonKind.GHOST, keys="?", small=True)
        help_button.clicked.connect(self.helpWanted)
        row.addWidget(help_button)
        return row

    def _follow_theme(self) -> None:
        self._light.setChecked(theme.name is ThemeName.LIGHT)
