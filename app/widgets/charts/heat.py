"""A chart of strips: one row a service, one cell a bucket of time, lighter (in light theme darker) is more."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.theme import HEAT, Token, colour, font, px, theme
from app.time_axis import Span
from app.widgets.charts.columns import GUTTER, HEAD, RIGHT_MARGIN, SIDE, plot_left
from app.widgets.charts.head import draw_head
from app.widgets.charts.reduction import Floats, bucket_means, round_up_step, value_at, visible_slice
from app.widgets.charts.row import Data, Dot
from app.widgets.charts.specs import HeatRowSpec, HeatSpec
from app.widgets.charts.units import value_label
from app.widgets.paint import RIGHT, draw_text, mixed

CELL_PX, STRIP, TOP = 5.0, 20, 9
STEPS = 256


@lru_cache(maxsize=8)
def heat_table(shades: tuple[str, ...]) -> npt.NDArray[np.uint32]:
    """256 colours between the given ones, as 0xAARRGGBB."""
    table = np.zeros(STEPS, dtype=np.uint32)
    for step in range(STEPS):
        place = step / (STEPS - 1) * (len(shades) - 1)
        first = min(int(place), len(shades) - 2)
        table[step] = mixed(QColor(shades[first]), QColor(shades[first + 1]), place - first).rgba()
    return table


class HeatRow(QWidget):
    """The strips of a `HeatSpec`."""

    def __init__(self, spec: HeatSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.spec = spec
        self._strips: list[tuple[QImage, QRectF] | None] = [None] * len(spec.rows)
        self._values: dict[str, float] = {}
        self._data: Data = {}
        self._span = Span(0.0, 1.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    @property
    def keys(self) -> tuple[str, ...]:
        """The data it needs."""
        return tuple(row.key for row in self.spec.rows)

    def refresh(self, data: Data, span: Span) -> None:
        """Draw the data of a stretch of time."""
        self._data, self._span = data, span
        self._strips = [self._strip(number, row) for number, row in enumerate(self.spec.rows)]
        self.update()

    def show_values(self, data: Data, at_s: float | None) -> None:
        """Keep the values at a moment, for `value_texts`."""
        self._values = {}
        for row in self.spec.rows:
            if row.key in data:
                x, y = data[row.key]
                self._values[row.key] = (
                    value_at(x, y, at_s) if at_s is not None else float(y[-1]) if len(y) else np.nan
                )

    def value_texts(self) -> list[tuple[str, str]]:
        """Each strip's name and value at the crosshair."""
        return [
            (row.name, value_label(self.spec.unit, self._values.get(row.key, np.nan)))
            for row in self.spec.rows
        ]

    def dots(self, data: Data, at_s: float) -> list[Dot]:
        """Strips have no dots."""
        return []

    def key_at(self, data: Data, at_s: float, y: float) -> str:
        """The series of the strip at a height; empty beside the strips."""
        number = int((y - px(TOP)) // px(STRIP))
        return self.spec.rows[number].key if 0 <= number < len(self.spec.rows) else ""

    def restyle(self) -> None:
        """Colour the strips again."""
        self.refresh(self._data, self._span)

    def sizeHint(self) -> QSize:
        """20 px a strip."""
        return QSize(plot_left() + px(200), px(TOP) * 2 + len(self.spec.rows) * px(STRIP))

    def minimumSizeHint(self) -> QSize:
        """Strips do not shrink."""
        return QSize(plot_left() + px(200), max(self.sizeHint().height(), px(84)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint head, names and strips."""
        painter = QPainter(self)
        if event.rect().left() < plot_left():
            y = draw_head(painter, self.spec.title, self.spec.caption, px(HEAD) - px(SIDE) - px(56))
            self._paint_scale(painter, y + px(4))
            self._paint_names(painter)
        self._paint_strips(painter)

    def _paint_names(self, painter: QPainter) -> None:
        for number, row in enumerate(self.spec.rows):
            top = px(TOP) + number * px(STRIP)
            area = QRectF(px(HEAD) - px(60), top, px(GUTTER) + px(52), px(STRIP))
            draw_text(painter, area, row.name, font(11), Token.TEXT2, RIGHT)

    def _paint_strips(self, painter: QPainter) -> None:
        left, right = plot_left(), self.width() - px(RIGHT_MARGIN)
        for number, drawn in enumerate(self._strips):
            strip = QRectF(left, px(TOP) + number * px(STRIP) + 1, right - left, px(STRIP) - 2)
            painter.fillRect(strip, colour(Token.INSET))
            if drawn is not None:
                image, target = drawn
                painter.save()
                painter.setClipRect(strip, Qt.ClipOperation.IntersectClip)
                painter.drawImage(target, image)
                painter.restore()

    def _paint_scale(self, painter: QPainter, y: float) -> None:
        width, steps = px(96), len(HEAT)
        for number, token in enumerate(HEAT):
            box = QRectF(px(SIDE) + number * width / steps, y, width / steps, px(9))
            painter.fillRect(box, colour(token))
        ends = QRectF(px(SIDE), y + px(11), width, px(14))
        draw_text(painter, ends, f"{self.spec.low:g}", font(11), Token.TEXT3)
        draw_text(painter, ends, f"{self.spec.high:g}", font(11), Token.TEXT3, RIGHT)

    def _strip(self, number: int, row: HeatRowSpec) -> tuple[QImage, QRectF] | None:
        width = self.width() - plot_left() - px(RIGHT_MARGIN)
        if row.key not in self._data or width < 10 or self._span.length_s <= 0:
            return None
        x, y = self._data[row.key]
        part = visible_slice(x, self._span.start_s, self._span.end_s)
        step = round_up_step(CELL_PX * self._span.length_s / width)
        starts, means = bucket_means(x[part], y[part], step)
        if not len(starts):
            return None
        image = self._image(starts, means, step)
        scale = width / self._span.length_s
        left = plot_left() + (float(starts[0]) - self._span.start_s) * scale
        top = px(TOP) + number * px(STRIP) + 1
        return image, QRectF(left, top, image.width() * step * scale, px(STRIP) - 2)

    def _image(self, starts: Floats, means: Floats, step: float) -> QImage:
        places = np.round((starts - starts[0]) / step).astype(np.int64)
        shares = np.clip((means - self.spec.low) / (self.spec.high - self.spec.low), 0.0, 1.0)
        table = heat_table(tuple(theme.value(token) for token in HEAT))
        cells = np.zeros(int(places[-1]) + 1, dtype=np.uint32)
        cells[places] = table[(shares * (STEPS - 1)).astype(np.int64)]
        image = QImage(cells.tobytes(), len(cells), 1, len(cells) * 4, QImage.Format.Format_ARGB32)
        return image.copy()
