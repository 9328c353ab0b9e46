"""Control's first row: the clock, the next segment, and the incidents all at once."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.control.incidents import ready_packs
from app.control.model import next_segment
from app.theme import SEMIBOLD, Icon, Token, px
from app.widgets import Button, ButtonKind, Line
from protos.drill.v1.records import Snapshot

EXTENSION_MIN = 5
UNSEEN = "Participants never see this window."


class Header(QWidget):
    """Shows which of its buttons fit; `extensionAsked` carries minutes."""

    blankAsked = Signal()
    clockAsked = Signal()
    extensionAsked = Signal(int)
    nextAsked = Signal()
    allAsked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        row.addWidget(Line("Control", 16, SEMIBOLD))
        self._remark = Line(UNSEEN, 12, ink=Token.TEXT3)
        row.addWidget(self._remark, 1)
        self._blank = Button("Blank", ButtonKind.GHOST, Icon.EYE_SLASH, "B")
        self._blank.setToolTip("Hide everything, for a projector")
        self.hold = Button("Hold clock", ButtonKind.OUTLINE, Icon.PAUSE, "P")
        self.extend = Button(f"+{EXTENSION_MIN} min", ButtonKind.OUTLINE)
        self.next = Button("Start", ButtonKind.SECONDARY, Icon.SKIP_FORWARD, "Ctrl ↵")
        self.all = Button("Trigger all", ButtonKind.PRIMARY, Icon.LIGHTNING)
        self.all.hide()
        self._blank.clicked.connect(self.blankAsked)
        self.hold.clicked.connect(self.clockAsked)
        self.extend.clicked.connect(lambda: self.extensionAsked.emit(EXTENSION_MIN))
        self.next.clicked.connect(self.nextAsked)
        self.all.clicked.connect(self.allAsked)
        for button in (self._blank, self.hold, self.extend, self.next, self.all):
            row.addWidget(button)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show what fits the drill as it is."""
        started = bool(snapshot.clock.phase)
        held = snapshot.clock.held and started
        self.hold.set_text("Release clock" if held else "Hold clock")
        self.hold.set_icon(Icon.PLAY if held else Icon.PAUSE)
        self.hold.set_disabled_reason("" if started else "The clock starts with the first segment.")
        self.extend.set_disabled_reason("" if started else "No segment is running.")
        following = next_segment(snapshot)
        self.next.set_text(f"Start {following.split(':', 1)[0]}" if following else "End workshop")
        ready = ready_packs(snapshot)
        self.all.setVisible(len(ready) > 1)
        self._remark.set_text(f"Level {snapshot.level}. {UNSEEN}" if snapshot.level else UNSEEN)
