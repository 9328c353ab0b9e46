"""The window: start screen, or rail, top bar and the panes of an open run. The only file that knows all panes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6 import QtCore  # not `Qt` by name: its enumerations take a tenth of the time to the first picture
from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from app.theme import Status, ThemeName, px, theme

if TYPE_CHECKING:
    from app.kept import Kept
    from app.session import Session
    from app.shell.screens import Screen
    from protos.drill.v1.records import Event, Snapshot

PARTS = ("app.session", "app.start", "app.shell.banner", "app.shell.help", "app.shell.panes", "app.shell.rail",
         "app.shell.status_line", "app.shell.top_bar", "app.shell.screens", "app.shell.announcements",
         "app.shell.palette", "app.shell.lookup", "app.shell.settings", "app.shell.commands")  # fmt: skip
"""What `Window.build` imports; the console imports it on another thread, after the first picture."""
COMPACT_BELOW_PX = 1280
SCALE_STEP = 0.1
EVERYWHERE = (
    ("Alt / 1…5", "Screens in rail order"),
    ("Alt / ←", "Back in what was chosen"),
    ("Alt / →", "Forward again"),
    ("F6", "Next part of the window"),
    ("Ctrl / +", "Larger text"),
    ("Ctrl / −", "Smaller text"),
    ("Ctrl / 0", "Text as designed"),
    ("Ctrl / Shift / L", "Light or dark theme"),
    ("Ctrl / K", "Do anything by its name"),
    ("Ctrl / ,", "Settings"),
    ("?", "This help"),
    ("Ctrl / Q", "Close the program"),
)


class Window(QMainWindow):
    """The participant's window. `painted` fires once, after the first picture; `closed` once it is shut."""

    painted = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("3 A.M. Drill")
        self.setMinimumSize(1100, 700)
        self.resize(1600, 1000)
        self._has_painted = False
        self._is_built = False
        self._is_closing = False

    def build(
        self, session: Session, screens: Sequence[Screen] | None = None, kept: Kept | None = None
    ) -> Window:
        """Fill the window. It is shown before, so that the first picture waits for no import; returns itself."""
        from app.selection import Selection
        from app.shell.banner import Banner
        from app.shell.commands import Commands
        from app.shell.help import HelpOverlay
        from app.shell.palette import Palette
        from app.shell.panes import Panes
        from app.shell.rail import Rail
        from app.shell.screens import SCREENS
        from app.shell.settings import SettingsOverlay
        from app.shell.status_line import StatusLine
        from app.shell.top_bar import TopBar
        from app.start import StartView
        from app.widgets import ToastStack

        screens = SCREENS if screens is None else screens
        self.session = session
        self.selection = Selection(self, kept)
        self._screens = {screen.name: screen for screen in screens}
        self.start = StartView(session.facilitator)
        self.rail = Rail(screens)
        self.top_bar = TopBar()
        self.banner = Banner()
        self.panes = Panes(session, self.selection)
        self.status_line = StatusLine(session.participant)
        self.toasts = ToastStack(self)
        self._pages = QStackedWidget()
        self._lay_out()
        self.help = HelpOverlay(self)
        self.palette_box = Palette(self)
        self.settings = SettingsOverlay(self)
        self.commands = Commands(self)
        self._connect()
        self._bind_keys()
        self._is_built = True
        self._fit()
        self.start.activate()
        return self

    # screens

    @property
    def screens(self) -> Mapping[str, Screen]:
        """The screens in the order of the rail."""
        return self._screens

    def show_screen(self, name: str, from_rail: bool = False) -> None:
        """Show a screen; its pane is made at its first show. Control opens in a window of its own.

        The pane gets the keyboard, unless the rail has it and was used.
        """
        if name not in self._screens or not self.session.run:
            return
        screen = self._screens[name]
        if screen.leads:
            self.panes.open_window(screen)
            return
        if name != self.panes.name:
            self.toasts.dismiss(name)
            self.rail.set_current(name)
        pane = self.panes.enter(screen)
        if not from_rail:
            pane.setFocus(QtCore.Qt.FocusReason.ActiveWindowFocusReason)

    def tell_bug(self, sentence: str) -> None:
        """Say that the console itself has a bug."""
        from app.widgets import ToastNote

        if self._is_built:
            self.toasts.show(ToastNote(Status.CRITICAL, "The console hit a bug", sentence))

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell of the first picture, once it is on the screen."""
        super().paintEvent(event)
        if not self._has_painted:
            self._has_painted = True
            QTimer.singleShot(0, self, lambda: self.painted.emit())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Collapse labels in a narrow window."""
        super().resizeEvent(event)
        self._fit()

    def restyle(self) -> None:
        """Larger text needs more room."""
        self._fit()

    def _fit(self) -> None:
        if self._is_built:
            compact = self.width() < px(COMPACT_BELOW_PX)
            self.rail.set_compact(compact)
            self.top_bar.set_compact(compact)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing ends the engine too; with an open run it asks first."""
        if self._is_closing or not self._is_built:
            event.accept()
            self.closed.emit()
            return
        event.ignore()
        if self.session.run:
            self._ask_to_close()
        else:
            self._close_for_good()

    # building

    def _lay_out(self) -> None:
        self.setCentralWidget(self._pages)
        shell = QWidget()
        across = QHBoxLayout(shell)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.rail)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        margin = QVBoxLayout()
        margin.setContentsMargins(px(20), px(10), px(20), 0)
        margin.addWidget(self.banner)
        self._banner_margin = QWidget()
        self._banner_margin.setLayout(margin)
        self._banner_margin.hide()
        column.addWidget(self._banner_margin)
        column.addWidget(self.panes, 1)
        column.addWidget(self.status_line)
        across.addLayout(column, 1)
        self._shell = shell
        self._pages.addWidget(self.start)
        self._pages.addWidget(shell)

    def _connect(self) -> None:
        session = self.session
        session.runChanged.connect(self._follow_run)
        session.noticeChanged.connect(self._show_notice)
        session.engineFailed.connect(self.start.show_engine_problem)
        session.participant.snapshotChanged.connect(self._show_snapshot)
        session.participant.eventsArrived.connect(self._announce)
        session.participant.askFailed.connect(self._tell_refusal)
        session.facilitator.askFailed.connect(self._tell_refusal)
        self.start.opened.connect(lambda _: session.participant.look_again())
        self.start.abandoned.connect(session.leave_run)
        self.start.engineWanted.connect(session.begin)
        self.start.helpWanted.connect(self.toggle_help)
        self.rail.chosen.connect(lambda name: self.show_screen(name, from_rail=True))
        self.rail.helpWanted.connect(self.toggle_help)
        self.rail.settingsWanted.connect(self.open_settings)
        self.banner.pressed.connect(session.try_again)
        self.toasts.pressed.connect(self.show_screen)
        self.top_bar.menuWanted.connect(self._open_menu)
        self._follow_selection()

    def _follow_selection(self) -> None:
        """What one screen opens is on another."""
        from app.shell.screens import LOGS, TRACES, WORKBENCH

        def open_trace(trace_id: str, keep_screen: bool) -> None:
            if not keep_screen:
                self.show_screen(TRACES)

        self.selection.traceOpened.connect(open_trace)
        self.selection.tracesOpened.connect(lambda _: self.show_screen(TRACES))
        self.selection.logsOpened.connect(lambda _: self.show_screen(LOGS))
        self.selection.sourceOpened.connect(lambda: self.show_screen(WORKBENCH))

    def _bind_keys(self) -> None:
        from app.keys import bind

        numbered = [
            (f"Alt+{number}", partial(self.show_screen, name))
            for number, name in enumerate(self._screens, start=1)
        ]
        bind(
            self,
            (
                *numbered,
                ("Alt+Left", self.selection.back),
                ("Alt+Right", self.selection.forward),
                ("F6", lambda: self._next_part(1)),
                ("Shift+F6", lambda: self._next_part(-1)),
                ("Ctrl++", lambda: self.scale_text(SCALE_STEP)),
                ("Ctrl+=", lambda: self.scale_text(SCALE_STEP)),
                ("Ctrl+-", lambda: self.scale_text(-SCALE_STEP)),
                ("Ctrl+0", lambda: theme.use(text_scale=1.0)),
                ("Ctrl+Shift+L", self.switch_theme),
                ("Ctrl+K", self._toggle_palette),
                ("Ctrl+,", self.open_settings),
                ("?", self.toggle_help),
                ("Ctrl+Q", self.close),
            ),
        )

    # the run

    def _follow_run(self, run: str) -> None:
        self.status_line.show_run(run)
        if run:
            self.start.deactivate()
            self._pages.setCurrentWidget(self._shell)
            if self.session.participant.snapshot is not None:
                self._show_snapshot(self.session.participant.snapshot)
            self.show_screen(next(iter(self._screens)))
        else:
            self.panes.drop()
            self.top_bar.show_nothing()
            self._pages.setCurrentWidget(self.start)
            self.start.activate()

    def _show_snapshot(self, snapshot: Snapshot) -> None:
        if self.session.run == snapshot.run:
            self.top_bar.show_snapshot(snapshot)
            self.setWindowTitle(f"{snapshot.title} · 3 A.M. Drill")

    def _show_notice(self, notice: object) -> None:
        self.banner.show_notice(self.session.notice)
        self._banner_margin.setVisible(notice is not None)

    def _announce(self, events: tuple[Event, ...]) -> None:
        from app.shell.announcements import toast_of

        for event in events:
            note = toast_of(event, self.session.participant.snapshot)
            if note is None:
                continue
            if note.key and note.key == self.panes.name:
                self.toasts.announce(note)
            else:
                self.toasts.show(note)

    def _tell_refusal(self, sentence: str) -> None:
        from app.widgets import ToastNote

        if self.session.notice is None:
            self.toasts.show(ToastNote(Status.WARNING, "Refused", sentence))

    # acts

    def toggle_help(self) -> None:
        """The keys that work here, or what was below them."""
        from app.shell.help import KeyGroup

        if self.help.isVisible():
            self.help.leave()
            return
        groups = [KeyGroup("Everywhere", EVERYWHERE)]
        keys = getattr(self.panes.pane, "KEYS", ())
        if keys:
            groups.append(KeyGroup(self.panes.name, keys))
        self.help.open(groups)

    def _toggle_palette(self) -> None:
        if self.palette_box.isVisible():
            self.palette_box.leave()
        else:
            self.palette_box.open(self.commands.search)

    def open_settings(self) -> None:
        """How the console looks, and where other programs reach the engine."""
        self.settings.open()
        if self.session.run:
            self.session.participant.ask(
                lambda client: client.endpoints(), self.settings.show_endpoints, lambda _: None, owner=self
            )

    def _open_menu(self) -> None:
        from app.theme import Icon, qt_icon

        menu = QMenu(self)
        light = theme.name is ThemeName.LIGHT
        icon = Icon.MOON if light else Icon.SUN
        menu.addAction(qt_icon(icon), "Dark theme" if light else "Light theme", self.switch_theme)
        menu.addAction(qt_icon(Icon.COMMAND), "Do anything by its name…", self._toggle_palette)
        menu.addAction(qt_icon(Icon.KEYBOARD), "Keyboard help", self.toggle_help)
        menu.addAction(qt_icon(Icon.GEAR_SIX), "Settings", self.open_settings)
        menu.addSeparator()
        menu.addAction(qt_icon(Icon.SIGN_OUT), "Close this run…", self.ask_to_leave)
        corner = self.top_bar.team.mapToGlobal(QPoint(0, self.top_bar.team.height() + px(4)))
        menu.popup(corner)

    def ask_to_leave(self) -> None:
        """Close the run, if the user means it."""
        text = "Its services and database end. The run is kept and can be resumed from the start screen."
        question = "Close this run and go to the start screen?"
        self._ask(question, text, "Stay in the drill", "Close the run", self.session.leave_run)

    def _ask_to_close(self) -> None:
        text = "The services, their database and the engine end. The run is kept and can be resumed."
        self._ask(
            "Stop the drill and close?", text, "Stay in the drill", "Stop and close", self._close_for_good
        )

    def _ask(self, question: str, text: str, safe: str, act: str, on_act: Callable[[], None]) -> None:
        from app.widgets import Dialog

        Dialog(question, text, safe, act, on_act, Status.WARNING, self).open()

    def _close_for_good(self) -> None:
        self._is_closing = True
        self.panes.close_window()
        self.hide()
        self.session.end_engine(self._close_now)

    def _close_now(self) -> None:
        self.close()

    def switch_theme(self) -> None:
        """Light instead of dark, or the other way round."""
        theme.use(ThemeName.DARK if theme.name is ThemeName.LIGHT else ThemeName.LIGHT)

    def scale_text(self, step: float) -> None:
        """Larger or smaller text."""
        theme.use(text_scale=round(theme.text_scale + step, 2))

    def _next_part(self, step: int) -> None:
        pane = self.panes.pane
        parts = [self.rail, self.top_bar, self.banner, pane] if pane is not None else [self.start]
        shown = [part for part in parts if part is not None and part.isVisible()]
        focus = self.focusWidget()
        at = next(
            (n for n, part in enumerate(shown) if focus is not None and part.isAncestorOf(focus)), -step
        )
        for offset in range(1, len(shown) + 1):
            if _focus_first(shown[(at + step * offset) % len(shown)]):
                return


def _focus_first(part: QWidget) -> bool:
    for widget in part.findChildren(QWidget):
        wanted = widget.focusPolicy() & QtCore.Qt.FocusPolicy.TabFocus
        if wanted and widget.isEnabled() and widget.isVisible():
            widget.setFocus(QtCore.Qt.FocusReason.ShortcutFocusReason)
            return True
    return False
