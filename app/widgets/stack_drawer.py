"""The drawer with a service's threads: who waits for what, taken when, taken again, copied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.theme import SEMIBOLD, Icon, Token, px
from app.widgets.button import Button, ButtonKind
from app.widgets.line import Line
from app.widgets.menu_choice import MenuChoice, MenuOption
from app.widgets.panel import Surface
from app.widgets.stacks import GroupCard, StackGroup
from app.widgets.states import ErrorState, Skeleton

WIDTH, MARGIN = 560, 12
WIDEST_SHARE = 0.72


@dataclass(frozen=True, slots=True)
class StackWords:
    """A thread dump in words: when it was taken, how much there is, the groups, and all of it as text to copy."""

    remark: str
    groups: tuple[StackGroup, ...]
    text: str


class StackDrawer(Surface):
    """Lies over the right part of its parent. R, Ctrl+C and Escape work while it is open, wherever the keyboard is.

    `wanted` asks for a dump of a service; answer with `show_dump` or `show_problem`.
    """

    wanted = Signal(str)
    closed = Signal()

    def __init__(self, host: QWidget) -> None:
        super().__init__(Token.BG1, Token.LINE2, 10, host)
        self._host = host
        self._before: QWidget | None = None
        self._dump: StackWords | None = None
        self._cards: list[GroupCard] = []
        self._asked = ""
        self._build()
        self._shortcuts = [
            self._shortcut("R", self.refresh),
            self._shortcut("Ctrl+C", self.copy),
            self._shortcut("Esc", self.close_drawer),
        ]
        self.setAccessibleName("Thread dump")
        host.installEventFilter(self)
        self._set_open(False)

    @property
    def service(self) -> str:
        """Whose threads are shown."""
        return self._service.current

    @property
    def cards(self) -> tuple[GroupCard, ...]:
        """The groups that are shown."""
        return tuple(self._cards)

    @property
    def told(self) -> str:
        """What the line below the title says."""
        return self._remark.text

    def open_for(self, service: str, services: Sequence[str]) -> None:
        """Open it and ask for that service's threads; `services` are all that can be looked at."""
        if self.isHidden():
            self._before = self.window().focusWidget()
        self._service.set_options([MenuOption(name, name) for name in services], service)
        self._set_open(True)
        self._area.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
        self.refresh()

    def refresh(self) -> None:
        """Ask again."""
        if self.service:
            if self.service != self._asked:
                self._show(None)
            self._asked = self.service
            self.wanted.emit(self.service)

    def copy(self) -> None:
        """Put the whole dump on the clipboard as text."""
        if self._dump is not None:
            QGuiApplication.clipboard().setText(self._dump.text)
            self._remark.set_text(f"Copied. {self._dump.remark}")

    def close_drawer(self) -> None:
        """Close it and give the keyboard back."""
        self._set_open(False)
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
            self._before = None
        self.closed.emit()

    def show_waiting(self, seconds: float) -> None:
        """Say that the answer is awaited; what was shown of the service stays."""
        waited = f", {seconds:.0f} s" if seconds >= 1 else ""
        self._say(f"Asking {self.service}{waited}…", Token.TEXT2)
        self._problem.hide()
        self._skeleton.setVisible(self._dump is None)

    def show_dump(self, dump: StackWords) -> None:
        """Show a dump."""
        self._show(dump)
        self._say(dump.remark, Token.TEXT2)

    def show_problem(self, fact: str, remedy: str) -> None:
        """Say why there is no answer; an earlier dump of the service stays, with its time."""
        self._skeleton.hide()
        if self._dump is not None:
            self._say(f"{fact} Below: {self._dump.remark}", Token.CRIT_TEXT)
            return
        self._say("", Token.TEXT2)
        self._problem.set_words(fact, remedy)
        self._problem.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the parent's size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def restyle(self) -> None:
        """Larger text needs a wider drawer."""
        self._place()

    def _show(self, dump: StackWords | None) -> None:
        self._dump = dump
        self._problem.hide()
        self._skeleton.setVisible(dump is None)
        self._copy.set_disabled_reason("" if dump is not None else "There is nothing to copy yet.")
        place = self._area.verticalScrollBar().value()
        for card in self._cards:
            self._groups.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = [GroupCard(group) for group in dump.groups] if dump is not None else []
        for card in self._cards:
            self._groups.addWidget(card)
        self._area.verticalScrollBar().setValue(place)

    def _say(self, words: str, ink: Token) -> None:
        self._remark.set_text(words)
        self._remark.set_ink(ink)

    def _set_open(self, is_open: bool) -> None:
        self.setVisible(is_open)
        for shortcut in self._shortcuts:
            shortcut.setEnabled(is_open)
        if is_open:
            self._place()
            self.raise_()

    def _place(self) -> None:
        margin, host = px(MARGIN), self._host.rect()
        width = min(px(WIDTH), round(host.width() * WIDEST_SHARE))
        left = host.width() - width - margin
        self.setGeometry(QRect(left, margin, width, max(host.height() - 2 * margin, px(120))))

    def _shortcut(self, keys: str, act: object) -> QShortcut:
        shortcut = QShortcut(QKeySequence(keys), self._host)
        shortcut.activated.connect(act)
        return shortcut

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(px(14), px(10), px(10), px(4))
        head.setSpacing(px(8))
        head.addWidget(Line("Thread dump", 14, SEMIBOLD))
        self._service = MenuChoice("Service", "No service")
        self._service.chosen.connect(lambda _: self.refresh())
        head.addWidget(self._service, 1)
        again = Button("Refresh", ButtonKind.OUTLINE, Icon.ARROW_CLOCKWISE, "R", small=True)
        again.clicked.connect(self.refresh)
        self._copy = Button(icon=Icon.COPY, kind=ButtonKind.GHOST, small=True, tip="Copy as text (Ctrl+C)")
        self._copy.clicked.connect(self.copy)
        cross = Button(icon=Icon.X, kind=ButtonKind.GHOST, small=True, tip="Close the thread dump (Esc)")
        cross.clicked.connect(self.close_drawer)
        for button in (again, self._copy, cross):
            head.addWidget(button)
        column.addLayout(head)
        self._remark = Line("", 12, ink=Token.TEXT2)
        said = QHBoxLayout()
        said.setContentsMargins(px(14), 0, px(14), px(8))
        said.addWidget(self._remark)
        column.addLayout(said)
        column.addWidget(self._build_area(), 1)

    def _build_area(self) -> QScrollArea:
        content = QWidget()
        content.setProperty("kind", "content")
        rows = QVBoxLayout(content)
        rows.setContentsMargins(px(14), px(2), px(14), px(14))
        rows.setSpacing(px(8))
        self._skeleton = Skeleton(6)
        self._problem = ErrorState(Icon.WIFI_SLASH, "")
        self._problem.hide()
        self._groups = QVBoxLayout()
        self._groups.setSpacing(px(8))
        rows.addWidget(self._skeleton)
        rows.addWidget(self._problem)
        rows.addLayout(self._groups)
        rows.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(content)
        self._area.viewport().setAutoFillBackground(False)
        self._area.setAccessibleName("Threads")
        return self._area
