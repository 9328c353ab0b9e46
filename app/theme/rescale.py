"""What was laid out for one text scale, laid out for another: margins, gaps and fixed sizes of living widgets.

They are given once, in pixels of the scale of that moment. Each keeps what it is at a scale of 1 beside it, so that
going back and forth between scales leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLayout, QScrollBar, QSpacerItem, QSplitter, QWidget

_KEPT = "lengths_at_1"
_HAIRLINE = 1
"""lines, and what is as thin as a line, do not grow"""
_NO_LIMIT = 16_777_215


def rescale(widget: QWidget, before: float, after: float) -> None:
    """Bring the lengths of one widget and its layouts from one scale to another."""
    layout = widget.layout()
    if layout is not None:
        for one in _layouts(layout):
            _rescale_layout(one, before, after)
    if isinstance(widget, QSplitter):
        (handle,) = _lengths(widget, (widget.handleWidth(),), before, after)
        widget.setHandleWidth(handle)
    elif not widget.isWindow() and not isinstance(widget, QScrollBar):
        _rescale_limits(widget, before, after)


def _layouts(layout: QLayout) -> Iterator[QLayout]:
    yield layout
    for place in range(layout.count()):
        item = layout.itemAt(place)
        inner = item.layout() if item is not None else None
        if inner is not None:
            yield from _layouts(inner)


def _rescale_layout(layout: QLayout, before: float, after: float) -> None:
    margins = layout.contentsMargins()
    sides = (margins.left(), margins.top(), margins.right(), margins.bottom())
    gaps = _gaps(layout)
    found = _lengths(layout, (*sides, *gaps), before, after)
    layout.setContentsMargins(*found[:4])
    if isinstance(layout, QGridLayout):
        layout.setHorizontalSpacing(found[4])
        layout.setVerticalSpacing(found[5])
    elif isinstance(layout, QBoxLayout):
        layout.setSpacing(found[4])
        for place in range(layout.count()):
            item = layout.itemAt(place)
            if isinstance(item, QSpacerItem):
                _rescale_spacer(item, before, after)
    layout.invalidate()


def _gaps(layout: QLayout) -> tuple[int, ...]:
    if isinstance(layout, QGridLayout):
        return layout.horizontalSpacing(), layout.verticalSpacing()
    return (layout.spacing(),) if isinstance(layout, QBoxLayout) else ()


def _rescale_spacer(spacer: QSpacerItem, before: float, after: float) -> None:
    size, policy = spacer.sizeHint(), spacer.sizePolicy()
    width, height = (round(length / before * after) for length in (size.width(), size.height()))
    spacer.changeSize(width, height, policy.horizontalPolicy(), policy.verticalPolicy())


def _rescale_limits(widget: QWidget, before: float, after: float) -> None:
    limits = (widget.minimumWidth(), widget.minimumHeight(), widget.maximumWidth(), widget.maximumHeight())
    if limits == (0, 0, _NO_LIMIT, _NO_LIMIT):
        return
    found = _lengths(widget, limits, before, after)
    widget.setMinimumSize(found[0], found[1])
    widget.setMaximumSize(found[2], found[3])


def _lengths(owner: QObject, now: Sequence[int], before: float, after: float) -> list[int]:
    """The lengths at the new scale; what somebody has set since the last time counts from now on."""
    kept = owner.property(_KEPT)
    if not isinstance(kept, list) or [_at(length, before) for length in kept] != list(now):
        kept = [length if length <= _HAIRLINE or length >= _NO_LIMIT else length / before for length in now]
        owner.setProperty(_KEPT, kept)
    return [_at(length, after) for length in kept]


def _at(length: float, scale: float) -> int:
    if length <= _HAIRLINE or length >= _NO_LIMIT:
        return int(length)
    return max(_HAIRLINE, round(length * scale))
