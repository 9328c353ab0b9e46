"""Panels and cards: the surfaces that everything else lies on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QSizePolicy, QVBoxLayout, QWidget

from app.theme import REGULAR, SEMIBOLD, Status, Token, px
from app.widgets.line import Line
from app.widgets.paint import draw_box, draw_hairline

BODY_PLACE = 1


class _Rows(QVBoxLayout):
    """Header, body, slack, footer. The slack keeps the content on top without making the panel greedy."""

    def __init__(self, panel: QWidget, body: QVBoxLayout) -> None:
        super().__init__(panel)
        self._body = body

    def expandingDirections(self) -> Qt.Orientation:
        """Only what the body wants: the slack takes what is given, but asks for nothing."""
        return self._body.expandingDirections()


class Surface(QWidget):
    """A painted box: `Panel` and `Card` derive from it."""

    def __init__(
        self,
        fill: Token,
        line: Token | None,
        radius: float,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._fill, self._line, self._radius = fill, line, radius

    def set_tint(self, fill: Token, line: Token | None) -> None:
        """Change its fill and border."""
        if (fill, line) != (self._fill, self._line):
            self._fill, self._line = fill, line
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box."""
        draw_box(QPainter(self), QRectF(self.rect()), self._fill, self._line, self._radius)


class Card(Surface):
    """An inner card on a panel. Put widgets into `body`."""

    def __init__(self, parent: QWidget | None = None, padding: int = 12) -> None:
        super().__init__(Token.BG2, Token.LINE1, 6, parent)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(px(padding), px(padding), px(padding), px(padding))
        self.body.setSpacing(px(6))

    def set_status(self, status: Status | None) -> None:
        """Tint it when a person is needed (warning) or something failed (critical)."""
        tints = {
            Status.WARNING: (Token.ACCENT_BG, Token.ACCENT_LINE),
            Status.CRITICAL: (Token.CRIT_BG, Token.CRIT_LINE),
        }
        self.set_tint(*(tints.get(status, (Token.BG2, Token.LINE1)) if status else (Token.BG2, Token.LINE1)))


class Panel(Surface):
    """A surface with an optional header (title, one remark, actions on the right), a body and a footer row.

    `body` is a vertical layout. `padded=False` lets tables and charts reach the edges; the header keeps its padding.
    """

    def __init__(
        self,
        title: str = "",
        remark: str = "",
        padded: bool = True,
        ruled: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Token.BG1, Token.LINE1, 8, parent)
        self._ruled = ruled
        self.body = QVBoxLayout()
        self._rows = _Rows(self, self.body)
        self._rows.setContentsMargins(1, 1, 1, 1)
        self._rows.setSpacing(0)
        self.title = Line(title, 13, SEMIBOLD)
        self.remark = Line(remark, 12, REGULAR, Token.TEXT3)
        self._header = QWidget(self)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(px(8))
        self._lay_header()
        self.body.setSpacing(px(8))
        side = px(14) if padded else 0
        top = (0 if title or remark else px(12)) if padded else 0
        self.body.setContentsMargins(side, top, side, px(14) if padded else 0)
        self._rows.addLayout(self.body)
        self._rows.addStretch(0)
        self._footer: QWidget | None = None
        self._header.setVisible(bool(title or remark))
        self.setAccessibleName(title)

    def set_title(self, title: str, remark: str | None = None) -> None:
        """Change the header's words."""
        self.title.set_text(title)
        if remark is not None:
            self.remark.set_text(remark)
        self._header.setVisible(True)
        self.setAccessibleName(title)

    def set_remark(self, remark: str) -> None:
        """Change the remark beside the title."""
        self.remark.set_text(remark)

    def add_action(self, widget: QWidget) -> None:
        """Put a widget at the right end of the header."""
        self._header.setVisible(True)
        self._actions.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def add_before_title(self, widget: QWidget) -> None:
        """Put a glyph or the like before the title."""
        self._head.insertWidget(0, widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def add_beside_title(self, widget: QWidget) -> None:
        """Put a chip or the like right after the title."""
        self._head.insertWidget(self._head.indexOf(self.title) + 1, widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def add(self, item: QWidget | QLayout, stretch: int = 0) -> None:
        """Append a widget or layout to the body."""
        if isinstance(item, QWidget):
            self.body.addWidget(item, stretch)
        else:
            self.body.addLayout(item, stretch)

    def add_footer(self) -> QHBoxLayout:
        """A ruled row at the bottom for hints, counts or buttons."""
        self._footer = QWidget(self)
        row = QHBoxLayout(self._footer)
        row.setContentsMargins(px(14), px(8), px(14), px(8))
        row.setSpacing(px(8))
        self._rows.addWidget(self._footer)
        return row

    def event(self, event: QEvent) -> bool:
        """Before it lays out: a body that wants height gets all of it, any other stays on top."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show):
            wants = bool(self.body.expandingDirections() & Qt.Orientation.Vertical)
            if self._rows.stretch(BODY_PLACE) != int(wants):
                self._rows.setStretch(BODY_PLACE, int(wants))
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the box and its rules."""
        super().paintEvent(event)
        painter = QPainter(self)
        if self._ruled and not self._header.isHidden():
            draw_hairline(painter, 1, self._header.geometry().bottom(), self.width() - 1)
        if self._footer is not None and not self._footer.isHidden():
            draw_hairline(painter, 1, self._footer.geometry().top(), self.width() - 1)

    def _lay_header(self) -> None:
        row = self._head = QHBoxLayout(self._header)
        row.setContentsMargins(px(14), px(6), px(8), px(6))
        row.setSpacing(px(8))
        self.title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row.addWidget(self.title, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.remark, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(self._actions)
        self._header.setMinimumHeight(px(40))
        self._header.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._rows.addWidget(self._header)
