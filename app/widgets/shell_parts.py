"""Parts of the window's frame: rail buttons, and the blocks of the top bar."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.theme import (
    MEDIUM,
    REGULAR,
    SEMIBOLD,
    Icon,
    Status,
    ThemeName,
    Token,
    colour,
    draw_icon,
    font,
    px,
    theme,
)
from app.time_axis import format_countdown
from app.widgets.chip import Chip
from app.widgets.line import Line
from app.widgets.marks import draw_avatar
from app.widgets.paint import (
    CENTRE,
    LEFT,
    RIGHT,
    draw_box,
    draw_focus_ring,
    draw_status,
    draw_text,
    text_width,
)
from app.widgets.press import Pressable

RAIL_WIDTH = 76
LAST_MINUTES_S, LAST_SECONDS_S = 300.0, 60.0


class RailButton(Pressable):
    """A screen in the rail: icon over label, an amber bar for the current one, a count badge, a lock.

    `set_compact(True)` drops the label (windows under 1280 px); the tool tip then has it.
    """

    def __init__(self, text: str, icon: Icon, keys: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._icon, self._count, self._is_locked, self._is_compact = icon, 0, False, False
        self.setCheckable(True)
        self.setToolTip(f"{text} ({keys})" if keys else text)

    def set_count(self, count: int) -> None:
        """Show that so many things wait; 0 shows nothing."""
        if count != self._count:
            self._count = count
            self.setAccessibleDescription(f"{count} waiting" if count else "")
            self.update()

    def set_locked(self, locked: bool, reason: str = "") -> None:
        """Show a small lock, with a reason in the tool tip."""
        self._is_locked = locked
        if reason:
            self.setToolTip(reason)
        self.update()

    def set_compact(self, compact: bool) -> None:
        """Icon alone, or icon and label."""
        if compact != self._is_compact:
            self._is_compact = compact
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """As wide as the rail."""
        if self._is_compact:
            return QSize(px(52), px(48))
        return QSize(px(RAIL_WIDTH), px(60))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint tile, bar, icon, label and badge."""
        painter = QPainter(self)
        on, width = self.isChecked(), self.width()
        side = px(44) if self._is_compact else px(62)
        tile = QRectF((width - side) / 2, px(2), side, self.height() - px(4))
        if on or self.lift:
            draw_box(painter, tile, Token.BG3 if on else Token.BG2, None, 8)
        if on:
            draw_box(painter, QRectF(-3, tile.center().y() - px(11), 6, px(22)), Token.ACCENT, None, 3)
        ink = Token.ACCENT_TEXT if on else Token.TEXT1 if self.underMouse() else Token.TEXT2
        if self._is_locked and not on:
            ink = Token.TEXT3
        icon_top = tile.center().y() - px(10) - (0 if self._is_compact else px(9))
        draw_icon(painter, self._icon, width / 2 - px(10), icon_top, 20, ink)
        if not self._is_compact:
            words = QRectF(tile.left(), icon_top + px(23), tile.width(), px(16))
            label_ink = (
                Token.TEXT1 if on or self.underMouse() else Token.TEXT3 if self._is_locked else Token.TEXT2
            )
            draw_text(painter, words, self.text(), font(11, MEDIUM), label_ink, CENTRE)
        if self._is_locked:
            draw_icon(painter, Icon.LOCK_SIMPLE, width / 2 + px(9), icon_top - px(4), 12, Token.TEXT3)
        elif self._count:
            self._paint_badge(painter, width / 2 + px(10), icon_top)
        if self.shows_focus:
            draw_focus_ring(painter, tile, 8)

    def _paint_badge(self, painter: QPainter, x: float, y: float) -> None:
        text, face = str(self._count) if self._count < 100 else "99+", font(10, SEMIBOLD)
        width = max(px(16), round(text_width(text, face)) + px(8))
        badge = QRectF(x - px(4), y - px(7), width, px(16))
        draw_box(
            painter, badge.adjusted(-2, -2, 2, 2), Token.BG3 if self.isChecked() else Token.BG1, None, px(10)
        )
        draw_box(painter, badge, Token.ACCENT, None, px(8))
        draw_text(painter, badge, text, face, Token.ON_ACCENT, CENTRE)


class Countdown(QWidget):
    """Phase name, “time left”, and the minutes in large digits.

    Amber in the dark theme; semibold in the last five minutes; a slow pulse in the last one; red with a minus sign
    afterwards. `show_left` is called once a second or oftener.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._phase, self._left_s, self._is_held, self._opacity = "", 0.0, False, 1.0
        self._pulse = QVariantAnimation(self)
        self._pulse.setStartValue(1.0)
        self._pulse.setKeyValueAt(0.5, 0.6)
        self._pulse.setEndValue(1.0)
        self._pulse.setDuration(1000)
        self._pulse.setLoopCount(-1)
        self._pulse.valueChanged.connect(self._fade)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_left(self, phase: str, seconds: float, is_held: bool = False) -> None:
        """Show a phase's time left in seconds; negative is overtime."""
        before = (self._phase, format_countdown(self._left_s), self._is_held)
        self._phase, self._left_s, self._is_held = phase, seconds, is_held
        now = (phase, format_countdown(seconds), is_held)
        self._set_pulsing(0 < seconds <= LAST_SECONDS_S and not is_held and not theme.reduced_motion)
        if now != before:
            self.setAccessibleName(f"{phase}, {now[1]} left" + (", clock held" if is_held else ""))
            self.updateGeometry()
            self.update()

    @property
    def is_pulsing(self) -> bool:
        """Whether it asks for attention by its opacity."""
        return self._pulse.state() == QVariantAnimation.State.Running

    def sizeHint(self) -> QSize:
        """Words and digits."""
        return QSize(round(self._words_width()) + px(14) + round(self._digits_width()) + 2, px(48))

    def minimumSizeHint(self) -> QSize:
        """The digits are never cut."""
        return QSize(round(self._digits_width()) + 2, px(48))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint words, then digits."""
        painter = QPainter(self)
        digits = self._digits_width()
        room = self.width() - digits - px(14)
        if room > px(50):
            top = QRectF(0, px(5), room, px(20))
            draw_text(painter, top, self._phase, font(14, SEMIBOLD), Token.TEXT1, RIGHT)
            words = "clock held" if self._is_held else "over time" if self._left_s < 0 else "time left"
            draw_text(painter, top.translated(0, px(20)), words, font(12), Token.TEXT3, RIGHT)
        painter.setOpacity(self._opacity)
        area = QRectF(self.width() - digits - 1, 0, digits + 1, self.height())
        text = format_countdown(self._left_s)
        draw_text(painter, area, text, self._face(), self._ink(), LEFT, Qt.TextElideMode.ElideNone)

    def _ink(self) -> Token:
        if self._left_s < 0:
            return Token.CRIT_TEXT
        if self._is_held:
            return Token.TEXT2
        late = self._left_s <= LAST_MINUTES_S
        return Token.ACCENT_TEXT if late or theme.name is ThemeName.DARK else Token.TEXT1

    def _face_weight(self) -> int:
        return SEMIBOLD if self._left_s <= LAST_MINUTES_S else REGULAR

    def _face(self) -> QFont:
        return font(40, self._face_weight())

    def _digits_width(self) -> float:
        return text_width(format_countdown(self._left_s), self._face())

    def _words_width(self) -> float:
        return max(text_width(self._phase, font(14, SEMIBOLD)), text_width("clock held", font(12))) + 1

    def _set_pulsing(self, pulsing: bool) -> None:
        running = self.is_pulsing
        if pulsing and not running:
            self._pulse.start()
        elif running and not pulsing:
            self._pulse.stop()
            self._fade(1.0)

    def _fade(self, opacity: object) -> None:
        self._opacity = float(opacity) if isinstance(opacity, float) else 1.0
        self.update()


class Block(QWidget):
    """Two lines of the top bar, a headline and a detail, behind a status shape or a framed icon."""

    def __init__(
        self,
        headline: str = "",
        detail: str = "",
        status: Status | None = None,
        icon: Icon | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._headline, self._detail, self._status, self._icon = headline, detail, status, icon
        self._is_compact = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._name()

    def show_words(
        self, headline: str, detail: str, status: Status | None = None, icon: Icon | None = None
    ) -> None:
        """Say something else."""
        new = (headline, detail, status, icon)
        if new != (self._headline, self._detail, self._status, self._icon):
            self._headline, self._detail, self._status, self._icon = new
            self._name()
            self.updateGeometry()
            self.update()

    def set_compact(self, compact: bool) -> None:
        """Show the shape or icon alone, with the words in the tool tip."""
        if compact != self._is_compact and self._lead():
            self._is_compact = compact
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """The longer of the two lines."""
        if self._is_compact:
            return QSize(self._lead(), px(40))
        widths = (text_width(self._headline, self._face()), text_width(self._detail, font(12)))
        return QSize(self._lead() + round(max(widths)) + 2, px(40))

    def minimumSizeHint(self) -> QSize:
        """The lead and a few letters."""
        return QSize(min(self.sizeHint().width(), self._lead() + px(48)), px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint lead and lines."""
        painter = QPainter(self)
        middle = self.height() / 2
        if self._icon is not None:
            frame = QRectF(0, middle - px(16), px(32), px(32))
            draw_box(painter, frame, Token.BG2, Token.LINE1, 6)
            draw_icon(painter, self._icon, px(8), middle - px(8), 16, Token.TEXT2)
        elif self._status is not None:
            y = middle if self._is_compact else middle - px(9)
            draw_status(painter, self._status, px(6), y, px(10))
        if self._is_compact:
            return
        area = QRectF(self._lead(), middle - px(19), self.width() - self._lead(), px(20))
        draw_text(painter, area, self._headline, self._face(), Token.TEXT1)
        draw_text(painter, area.translated(0, px(18)), self._detail, font(12), Token.TEXT3)

    def _face(self) -> QFont:
        return font(13, MEDIUM)

    def _lead(self) -> int:
        return px(42) if self._icon is not None else px(18) if self._status is not None else 0

    def _name(self) -> None:
        words = ", ".join(part for part in (self._headline, self._detail) if part)
        status = f", {self._status.value}" if self._status is not None else ""
        self.setAccessibleName(words + status)
        self.setToolTip(words)


class DrillTitle(QWidget):
    """The drill's name over its run, and the severity chip beside them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(16))
        lines = QVBoxLayout()
        lines.setSpacing(px(1))
        self._title = Line("", 15, SEMIBOLD)
        self._run = Line("", 12, ink=Token.TEXT3)
        lines.addWidget(self._title)
        lines.addWidget(self._run)
        row.addLayout(lines)
        self._severity = Chip(large=True)
        row.addWidget(self._severity, 0, Qt.AlignmentFlag.AlignVCenter)
        self._severity.hide()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_drill(self, title: str, run: str) -> None:
        """Name the drill and its run."""
        self._title.set_text(title)
        self._run.set_text(run)

    def show_severity(self, text: str, status: Status | None) -> None:
        """Show the severity; an empty text shows none."""
        self._severity.set_status(text, status)
        self._severity.setVisible(bool(text))


class TeamButton(Pressable):
    """Who is looking: initials, team, role. Pressing it opens the caller's menu."""

    def __init__(self, team: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(team, parent)
        self._role = role
        self.show_team(team, role)

    def show_team(self, team: str, role: str) -> None:
        """Stand for another team or role."""
        self._role = role
        self.setText(team)
        self.setAccessibleName(f"{team}, {role}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Avatar, words, caret."""
        words = max(text_width(self.text(), font(13, SEMIBOLD)), text_width(self._role, font(12)))
        return QSize(px(48) + round(words) + px(34), px(38))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint frame, avatar, words, caret."""
        painter = QPainter(self)
        rect = QRectF(self.rect())
        draw_box(painter, rect, Token.BG3 if self.lift else Token.BG2, Token.LINE1, 8)
        middle = rect.center().y()
        draw_avatar(painter, QRectF(px(10), middle - px(13), px(26), px(26)), self.text())
        area = QRectF(px(46), middle - px(18), self.width() - px(46) - px(28), px(19))
        draw_text(painter, area, self.text(), font(13, SEMIBOLD), Token.TEXT1)
        draw_text(painter, area.translated(0, px(17)), self._role, font(12), Token.TEXT3)
        draw_icon(painter, Icon.CARET_DOWN, self.width() - px(22), middle - px(6), 12, Token.TEXT3)
        if self.shows_focus:
            draw_focus_ring(painter, rect, 8)


class Rule(QWidget):
    """A thin upright line between two blocks; without a height as high as its place."""

    def __init__(self, height: int | None = 26, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(1)
        if height is not None:
            self.setFixedHeight(px(height))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        QPainter(self).fillRect(self.rect(), colour(Token.LINE1))
