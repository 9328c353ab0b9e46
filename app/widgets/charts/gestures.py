"""What mouse, wheel and keys mean on a stack of charts; the stack does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent

from app.theme import px
from app.time_axis import format_clock_seconds, span_between
from app.widgets.charts.columns import RIGHT_MARGIN, plot_left
from app.widgets.line import show_tip
from app.widgets.press import FocusByKey

if TYPE_CHECKING:
    from app.widgets.charts.stack import ChartStack

DRAG_FROM_PX = 4
SLOW_PX, FAST_PX = 4, 20
"""how far an arrow moves the crosshair, and with Shift"""
CLOSER, FARTHER = 0.8, 1.25
NOTCH = 120
PAN_SHARE = 0.1


class Gestures(QObject):
    """Watches the events of a stack. What means nothing here goes on to Qt."""

    def __init__(self, stack: ChartStack) -> None:
        super().__init__(stack)
        self._stack = stack
        self._press: QPointF | None = None
        self._focus = FocusByKey()
        kinds = QEvent.Type
        self._acts: Mapping[QEvent.Type, Callable[..., bool]] = {
            kinds.MouseButtonPress: self._pressed,
            kinds.MouseMove: self._moved,
            kinds.MouseButtonRelease: self._released,
            kinds.MouseButtonDblClick: self._double_clicked,
            kinds.Wheel: self._turned,
            kinds.Leave: self._left,
            kinds.KeyPress: self._typed,
            kinds.FocusIn: self._focused,
        }
        stack.installEventFilter(self)

    @property
    def by_key(self) -> bool:
        """Whether the keyboard was used last: only then a focus ring is of use."""
        return self._focus.by_key

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Do what an event means; True where it needs nothing more."""
        act = self._acts.get(event.type())
        return act(event) if act is not None else False

    def _pressed(self, event: QMouseEvent) -> bool:
        """Choose an event, or begin a click or a drag."""
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        self._focus.by_key = False
        marker = self._stack.event_at(event.position())
        if marker is not None:
            self._stack.choose_event(marker)
        elif event.position().x() >= plot_left() - DRAG_FROM_PX:
            self._press = event.position()
        return False

    def _moved(self, event: QMouseEvent) -> bool:
        """Move the crosshair; while a button is down, the brush."""
        stack, point = self._stack, event.position()
        if self._is_drag(point):
            assert self._press is not None
            scale = stack.scale
            stack.brush(
                span_between(scale.clamped_time_of(self._press.x()), scale.clamped_time_of(point.x()))
            )
            stack.point(scale.clamped_time_of(point.x()))
            return True
        marker = stack.event_at(point) or stack.chart_point_at(point)
        tip = ""
        if marker is not None:
            tip = f"{format_clock_seconds(marker.at_s, stack.clock_offset_s)} {marker.label}"
        stack.setCursor(Qt.CursorShape.PointingHandCursor if marker else Qt.CursorShape.ArrowCursor)
        show_tip(stack, point.toPoint(), tip)
        if not stack.is_held:
            inside = plot_left() <= point.x() <= stack.width() - px(RIGHT_MARGIN)
            stack.point(stack.scale.time_of(point.x()) if inside else None)
        return True

    def _released(self, event: QMouseEvent) -> bool:
        """End a drag by choosing its stretch; a click opens a measurement, or holds the crosshair and lets it go."""
        if self._press is None or event.button() != Qt.MouseButton.LeftButton:
            return False
        was_drag = self._is_drag(event.position())
        self._press = None
        measured = self._stack.chart_point_at(event.position())
        if was_drag:
            self._stack.choose_brush()
        elif measured is not None:
            self._stack.pointOpened.emit(measured.key)
        else:
            self._stack.click(self._stack.scale.clamped_time_of(event.position().x()))
        return True

    def _double_clicked(self, event: QMouseEvent) -> bool:
        """Open what is behind the moment, and hold the crosshair there."""
        if event.button() != Qt.MouseButton.LeftButton or event.position().x() < plot_left() - DRAG_FROM_PX:
            return False
        self._stack.point_at(self._stack.scale.clamped_time_of(event.position().x()))
        self._stack.open_moment(event.position())
        return True

    def _turned(self, event: QWheelEvent) -> bool:
        """Ctrl and the wheel zoom around the pointer; sideways or with Shift it moves. Else the page scrolls."""
        steps, modifiers = event.angleDelta(), event.modifiers()
        turned = (steps.y() or steps.x()) / NOTCH
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self._stack.zoom(CLOSER**turned, self._stack.scale.clamped_time_of(event.position().x()))
        elif modifiers & Qt.KeyboardModifier.ShiftModifier or steps.x():
            self._stack.pan(-(steps.x() or steps.y()) / NOTCH * PAN_SHARE)
        else:
            return False
        return True

    def _left(self, event: QEvent) -> bool:
        """Take the crosshair away unless it is held."""
        if not self._stack.is_held and self._press is None:
            self._stack.point(None)
        return False

    def _typed(self, event: QKeyEvent) -> bool:
        """Arrows move the crosshair, + and - zoom, brackets step from event to event, Return opens, Escape clears."""
        self._focus.by_key = True
        stack, key, keys = self._stack, event.key(), Qt.Key
        fast = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        acts: dict[int, Callable[[], None]] = {
            keys.Key_Left: lambda: self._step(-(FAST_PX if fast else SLOW_PX)),
            keys.Key_Right: lambda: self._step(FAST_PX if fast else SLOW_PX),
            keys.Key_Plus: lambda: stack.zoom(CLOSER, stack.crosshair_s),
            keys.Key_Equal: lambda: stack.zoom(CLOSER, stack.crosshair_s),
            keys.Key_Minus: lambda: stack.zoom(FARTHER, stack.crosshair_s),
            keys.Key_BracketLeft: lambda: stack.step_event(-1),
            keys.Key_BracketRight: lambda: stack.step_event(1),
            keys.Key_Return: lambda: stack.open_moment(),
            keys.Key_Enter: lambda: stack.open_moment(),
            keys.Key_L: lambda: stack.set_live(True),
        }
        if key == keys.Key_Escape and (stack.is_held or stack.is_brushed):
            stack.clear_brush()
            return True
        act = acts.get(key)
        if act is not None:
            act()
        return act is not None

    def _focused(self, event: QFocusEvent) -> bool:
        self._focus.came(event.reason())
        return False

    def _step(self, pixels: int) -> None:
        stack = self._stack
        at = stack.crosshair_s if stack.crosshair_s is not None else stack.span.end_s
        moved = at + pixels * stack.span.length_s / max(stack.scale.width, 1.0)
        stack.hold(min(max(moved, stack.span.start_s), stack.span.end_s))

    def _is_drag(self, point: QPointF) -> bool:
        return self._press is not None and abs(point.x() - self._press.x()) >= DRAG_FROM_PX
