"""A number with its name and bounds, for forms."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.theme import Token, px
from app.widgets.field import Field
from app.widgets.line import Line
from app.widgets.numbers import BadNumber, bounds_text, number_text, read_number
from app.widgets.paint import RIGHT


class NumberCell(QWidget):
    """A number with its name and bounds (or a remark) above it; what is wrong with it takes their place in red."""

    changed = Signal()

    def __init__(
        self,
        label: str,
        unit: str,
        usual: float,
        bounds: tuple[float, float],
        text: str,
        remark: str | None = None,
    ) -> None:
        super().__init__()
        self._label, self._unit, (self._least, self._most) = label, unit, bounds
        self._bounds = bounds_text(*bounds) if remark is None else remark
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(3))
        head = QHBoxLayout()
        head.setSpacing(px(6))
        self._name = Line(label, 11, ink=Token.TEXT2)
        self._remark = Line(self._bounds, 11, ink=Token.TEXT3, align=RIGHT)
        self._name.set_explanation(text)
        head.addWidget(self._name)
        head.addWidget(self._remark, 1)
        column.addLayout(head)
        spoken = ", ".join(word for word in (label, unit, self._bounds) if word)
        self.field = Field(number_text(usual), name=spoken)
        self.field.setText(number_text(usual))
        self.field.set_remark(unit)
        self.field.keep_on_escape()
        self.field.textChanged.connect(self._check)
        column.addWidget(self.field)

    @property
    def value(self) -> float:
        """The number that was typed. Raises BadNumber."""
        return read_number(self.field.text(), self._least, self._most, self._unit)

    @property
    def problem(self) -> str:
        """What is wrong with what was typed, as a sentence; empty when nothing is."""
        try:
            _ = self.value
        except BadNumber as problem:
            return f"{self._label}: {problem}."
        return ""

    def set_unit(self, unit: str) -> None:
        """Count in another unit."""
        self._unit = unit
        self.field.set_remark(unit)

    def set_value(self, value: float) -> None:
        """Put a number into the field."""
        self.field.setText(number_text(value))

    def _check(self) -> None:
        problem = self.problem
        self.field.set_wrong(problem)
        self._name.set_ink(Token.CRIT_TEXT if problem else Token.TEXT2)
        self._remark.set_ink(Token.CRIT_TEXT if problem else Token.TEXT3)
        self.changed.emit()
