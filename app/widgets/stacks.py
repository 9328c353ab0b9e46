"""Stacks of threads: a card a group, its own frames open, the libraries' frames folded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.theme import SEMIBOLD, Icon, Status, Token, colour, font, px
from app.widgets.button import Button, ButtonKind
from app.widgets.line import Line, Text, show_tip
from app.widgets.marks import StatusGlyph
from app.widgets.paint import draw_text
from app.widgets.panel import Card

ROW, CODE_ROW = 20, 18


@dataclass(frozen=True, slots=True)
class StackRow:
    """One frame: where it is, in which function, and the line of code; `own` is the service's own."""

    where: str
    function: str
    code: str
    own: bool


@dataclass(frozen=True, slots=True)
class StackGroup:
    """Threads at one place. `rows` begin with the innermost call."""

    headline: str
    threads: str
    rows: tuple[StackRow, ...]
    waits: bool

    @property
    def own_rows(self) -> tuple[StackRow, ...]:
        """The service's own frames."""
        return tuple(row for row in self.rows if row.own)

    @property
    def fold_words(self) -> str:
        """What is folded, in words."""
        count = len(self.rows) - len(self.own_rows)
        return f"{count} frame{'' if count == 1 else 's'} of libraries" if count else ""


class FrameList(QWidget):
    """Painted frames; own ones have a bar, their code, and stronger words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[StackRow, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Frames")

    def show_rows(self, rows: Sequence[StackRow]) -> None:
        """Show these frames."""
        self._rows = tuple(rows)
        self.setAccessibleDescription("; ".join(f"{row.function}, {row.where}" for row in rows))
        self.updateGeometry()
        self.update()

    def restyle(self) -> None:
        """Other sizes of text need other heights."""
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """A line a frame, two for one with code to show."""
        return QSize(px(240), sum(_height(row) for row in self._rows))

    def minimumSizeHint(self) -> QSize:
        """Narrow, but all of them."""
        return QSize(px(120), self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Say a frame in full."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self._row_at(event.pos().y())
            words = f"{row.function}, {row.where}\n{row.code}".strip() if row is not None else ""
            show_tip(self, event.pos(), words)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frames."""
        painter, top = QPainter(self), 0.0
        for row in self._rows:
            height = _height(row)
            self._paint_row(painter, QRectF(0, top, self.width(), height), row)
            top += height

    def _paint_row(self, painter: QPainter, area: QRectF, row: StackRow) -> None:
        if row.own:
            painter.fillRect(QRectF(0, area.top() + 2, 2, area.height() - 4), colour(Token.TEXT2))
        line = QRectF(px(12), area.top(), area.width() - px(12), px(ROW))
        face = font(12, SEMIBOLD) if row.own else font(12)
        taken = draw_text(painter, line, row.function, face, Token.TEXT1 if row.own else Token.TEXT3)
        rest = line.adjusted(taken + px(10), 0, 0, 0)
        draw_text(painter, rest, row.where, font(11, mono=True), Token.INFO_TEXT if row.own else Token.TEXT3)
        if row.own and row.code:
            code = QRectF(px(12), line.bottom() - px(2), area.width() - px(12), px(CODE_ROW))
            draw_text(painter, code, row.code, font(12, mono=True), Token.TEXT2)

    def _row_at(self, y: float) -> StackRow | None:
        top = 0
        for row in self._rows:
            top += _height(row)
            if y < top:
                return row
        return None


class GroupCard(Card):
    """One group of threads; its button opens the frames of the libraries in between."""

    def __init__(self, group: StackGroup, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=12)
        self._group = group
        self._is_open = not group.own_rows
        head = QHBoxLayout()
        head.setSpacing(px(8))
        status = Status.IDLE if group.waits else Status.INFO
        head.addWidget(StatusGlyph(status, 9, "waiting" if group.waits else "at work"))
        head.addWidget(Text(group.headline, 13, SEMIBOLD, Token.TEXT1), 1)
        self.body.addLayout(head)
        self.body.addWidget(Line(group.threads, 11, ink=Token.TEXT3))
        self.frames = FrameList()
        self.body.addWidget(self.frames)
        self.fold = Button("", ButtonKind.GHOST, small=True)
        self.fold.clicked.connect(self._toggle)
        foot = QHBoxLayout()
        foot.addWidget(self.fold)
        foot.addStretch(1)
        self.body.addLayout(foot)
        self.fold.setVisible(bool(group.own_rows and group.fold_words))
        self.setAccessibleName(f"{group.headline}. {group.threads}")
        self._refresh()

    def _toggle(self) -> None:
        self._is_open = not self._is_open
        self._refresh()

    def _refresh(self) -> None:
        self.frames.show_rows(self._group.rows if self._is_open else self._group.own_rows)
        self.fold.set_text(f"Hide {self._group.fold_words}" if self._is_open else self._group.fold_words)
        self.fold.set_icon(Icon.CARET_UP if self._is_open else Icon.CARET_DOWN)


def _height(row: StackRow) -> int:
    return px(ROW) + (px(CODE_ROW) if row.own and row.code else 0)
