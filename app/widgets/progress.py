"""How far something is: `Stepper` for a few named steps, `ProgressRow` for one bar, `Figure` for a KPI tile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme import REGULAR, SEMIBOLD, Icon, Token, colour, draw_icon, font, px
from app.widgets.paint import CENTRE, RIGHT, draw_box, draw_text, smooth, text_width


class StepState(StrEnum):
    """How a step stands."""

    WAITING = "waiting"
    NOW = "now"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its name, state, one line of fact and one of detail."""

    name: str
    state: StepState = StepState.WAITING
    fact: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _StepLook:
    ink: Token
    fill: Token | None
    line: Token
    icon: Icon | None
    name: Token


_LOOKS = {
    StepState.WAITING: _StepLook(Token.TEXT3, None, Token.LINE2, None, Token.TEXT3),
    StepState.NOW: _StepLook(Token.TEXT1, Token.BG3, Token.TEXT2, None, Token.TEXT1),
    StepState.DONE: _StepLook(Token.OK_TEXT, Token.OK_BG, Token.OK_LINE, Icon.CHECK, Token.TEXT1),
    StepState.FAILED: _StepLook(Token.CRIT_TEXT, Token.CRIT_BG, Token.CRIT, Icon.X, Token.CRIT_TEXT),
    StepState.SKIPPED: _StepLook(Token.TEXT3, None, Token.LINE2, Icon.MINUS, Token.TEXT3),
}


class Stepper(QWidget):
    """Steps from left to right, joined by lines that turn green when a step is done."""

    def __init__(self, steps: Sequence[Step] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[Step, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_steps(steps)

    def set_steps(self, steps: Sequence[Step]) -> None:
        """Show other steps, or others of their states."""
        if tuple(steps) == self._steps:
            return
        self._steps = tuple(steps)
        words = "; ".join(f"{step.name} {step.state.value} {step.fact}".strip() for step in self._steps)
        self.setAccessibleName(words)
        self.setToolTip(
            "\n".join(" · ".join(p for p in (s.name, s.fact, s.detail) if p) for s in self._steps)
        )
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Three lines if any step has a detail, else two."""
        lines = 2 if any(step.detail for step in self._steps) else 1
        if not any(step.fact or step.detail for step in self._steps):
            lines = 0
        return QSize(len(self._steps) * px(150), px(24) + lines * px(17))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint each step in its share of the width."""
        painter = QPainter(self)
        if not self._steps:
            return
        share = self.width() / len(self._steps)
        for number, step in enumerate(self._steps):
            last = number == len(self._steps) - 1
            self._paint_step(painter, number, step, number * share, share, last)

    def _paint_step(
        self, painter: QPainter, number: int, step: Step, left: float, width: float, last: bool
    ) -> None:
        look = _LOOKS[step.state]
        disc = QRectF(left + 1, 1, px(22), px(22))
        draw_box(painter, disc, look.fill, look.line, disc.width() / 2, 1.5)
        if look.icon is not None:
            draw_icon(painter, look.icon, disc.center().x() - px(6), disc.center().y() - px(6), 12, look.ink)
        else:
            draw_text(painter, disc, str(number + 1), font(11, SEMIBOLD), look.ink, CENTRE)
        x = disc.right() + px(9)
        room = width - (x - left) - px(16)
        name = QRectF(x, 0, room, px(24))
        taken = draw_text(painter, name, step.name, font(13, SEMIBOLD), look.name)
        if not last and room - taken > px(24):
            end = left + width - px(8)
            shade = Token.OK if step.state is StepState.DONE else Token.LINE2
            painter.fillRect(QRectF(x + taken + px(14), px(12), end - x - taken - px(14), 2), colour(shade))
        text = QRectF(x, px(24), room, px(17))
        dim = step.state in (StepState.WAITING, StepState.SKIPPED)
        draw_text(painter, text, step.fact, font(12), Token.TEXT3 if dim else Token.TEXT1)
        draw_text(
            painter, text.translated(0, px(17)), step.detail, font(12), Token.TEXT3 if dim else Token.TEXT2
        )


class ProgressRow(QWidget):
    """A label, a bar of 5 px, and a figure at the right; without a share the bar is empty and the words count."""

    def __init__(self, label: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label, self._text, self._share = label, "", 0.0
        self._target: float | None = None
        self._ink = Token.INFO
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(label)

    def show_progress(
        self, share: float | None, text: str = "", ink: Token = Token.INFO, target: float | None = None
    ) -> None:
        """Fill the bar to `share` (0 to 1), write `text` at the right, and mark a target share by a tick."""
        new = (min(max(share or 0.0, 0.0), 1.0), text, ink, target)
        if new != (self._share, self._text, self._ink, self._target):
            self._share, self._text, self._ink, self._target = new
            self.setAccessibleDescription(text or f"{round(self._share * 100)} %")
            self.update()

    def sizeHint(self) -> QSize:
        """One line and a bar."""
        return QSize(px(200), px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint words and bar."""
        painter = QPainter(self)
        line = QRectF(0, 0, self.width(), px(20))
        taken = draw_text(painter, line, self._text, font(12, SEMIBOLD), Token.TEXT1, RIGHT)
        room = line.adjusted(0, 0, -taken - px(12), 0)
        draw_text(painter, room, self._label, font(12, REGULAR), Token.TEXT2)
        bar = QRectF(0, px(23), self.width(), px(5))
        draw_bar(painter, bar, self._share, self._ink, self._target)


def draw_bar(painter: QPainter, bar: QRectF, share: float, ink: Token, target: float | None = None) -> None:
    """A track, filled to a share, with a tick at a target share."""
    radius = bar.height() / 2
    draw_box(painter, bar, Token.BG4, None, radius)
    if share > 0:
        filled = QRectF(bar)
        filled.setWidth(max(bar.width() * min(share, 1.0), bar.height()))
        draw_box(painter, filled, ink, None, radius)
    if target is not None:
        x = bar.left() + bar.width() * min(max(target, 0.0), 1.0)
        tick = QRectF(x - 1, bar.top() - 3, 2, bar.height() + 6)
        painter.fillRect(tick.adjusted(-1, 0, 1, 0), colour(Token.BG1))
        painter.fillRect(tick, colour(Token.TEXT1))


class Ring(QWidget):
    """A share of something as a ring, for a countdown of seconds."""

    def __init__(self, size: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share, self._size = 0.0, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_share(self, share: float) -> None:
        """Fill it from the top, clockwise, to a share of 0 to 1."""
        if share != self._share:
            self._share = share
            self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(px(self._size), px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint track and arc."""
        painter = QPainter(self)
        smooth(painter)
        width = px(self._size) * 0.14
        rect = QRectF(self.rect()).adjusted(width, width, -width, -width)
        painter.setPen(QPen(colour(Token.BG4), width))
        painter.drawEllipse(rect)
        painter.setPen(QPen(colour(Token.INFO), width))
        painter.drawArc(rect, 90 * 16, round(-360 * 16 * min(max(self._share, 0.0), 1.0)))


class Figure(QWidget):
    """A large figure with its name below (and a tone when it is met or missed)."""

    def __init__(self, name: str, size: int = 24, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._size, self._value, self._ink = name, size, "–", Token.TEXT1
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def show_value(self, value: str, ink: Token = Token.TEXT1) -> None:
        """Show a value."""
        if (value, ink) != (self._value, self._ink):
            self._value, self._ink = value, ink
            self.setAccessibleDescription(value)
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """The wider of figure and name."""
        widths = (text_width(self._value, font(self._size, SEMIBOLD)), text_width(self._name, font(12)))
        return QSize(round(max(widths)) + 2, px(self._size * 1.25) + px(18))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint figure, then name."""
        painter = QPainter(self)
        height = px(self._size * 1.25)
        draw_text(
            painter, QRectF(0, 0, self.width(), height), self._value, font(self._size, SEMIBOLD), self._ink
        )
        draw_text(painter, QRectF(0, height, self.width(), px(18)), self._name, font(12), Token.TEXT3)
