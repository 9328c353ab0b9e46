"""Settings: how the console looks and is used, and where other programs reach the engine."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.keys import letters
from app.shell.overlay import Overlay
from app.theme import Icon, ThemeName, Token, px, theme
from app.widgets import Button, ButtonKind, Line, Segmented, Slider, Text, Toggle, caption
from protos.drill.v1.records import Endpoints

WIDTH = 560
THEMES = (ThemeName.DARK, ThemeName.LIGHT)
SMALLEST, LARGEST = 90, 150
STEP = 5


class SettingsOverlay(Overlay):
    """What is changed holds at once."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Settings", parent)
        self._addresses: QGridLayout | None = None
        self._no_addresses: Text | None = None

    def open(self) -> None:
        """Show them."""
        card, column = self.titled_card("Settings")
        card.setFixedWidth(min(px(WIDTH), self.window().width() - px(80)))
        column.addLayout(self._build_looks())
        column.addWidget(caption("Other programs"))
        self._no_addresses = Text("Open a run: then exporters and Prometheus have an address here.", 12)
        column.addWidget(self._no_addresses)
        self._addresses = QGridLayout()
        self._addresses.setHorizontalSpacing(px(12))
        self._addresses.setVerticalSpacing(px(6))
        self._addresses.setColumnStretch(1, 1)
        column.addLayout(self._addresses)
        self.show_card(card)

    def show_endpoints(self, endpoints: Endpoints) -> None:
        """Where an open run is reached."""
        if self._addresses is None or self._no_addresses is None or not self.isVisible():
            return
        self._no_addresses.hide()
        rows = (
            ("OTLP over gRPC", endpoints.otlp_grpc),
            ("OTLP over HTTP", endpoints.otlp_http),
            ("Prometheus scrapes", endpoints.metrics),
        )
        for row, (name, address) in enumerate(rows):
            copy = Button(kind=ButtonKind.GHOST, icon=Icon.COPY, small=True, tip=f"Copy {address}")
            copy.clicked.connect(lambda _=False, text=address: QGuiApplication.clipboard().setText(text))
            self._addresses.addWidget(Line(name, 12, ink=Token.TEXT2), row, 0)
            self._addresses.addWidget(Line(address, 12, ink=Token.TEXT1, mono=True), row, 1)
            self._addresses.addWidget(copy, row, 2)

    def _build_looks(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(20))
        grid.setVerticalSpacing(px(14))
        grid.setColumnStretch(1, 1)
        names = Segmented([name.value.capitalize() for name in THEMES], THEMES.index(theme.name), "Theme")
        names.chosen.connect(lambda place: theme.use(THEMES[place]))
        scale, size = self._build_scale()
        contrast = Toggle("", "High contrast")
        contrast.setChecked(theme.high_contrast)
        contrast.toggled.connect(lambda on: theme.use(high_contrast=on))
        motion = Toggle("", "Little motion")
        motion.setChecked(theme.reduced_motion)
        motion.toggled.connect(lambda on: theme.use(reduced_motion=on))
        single = Toggle("", "Single letters as shortcuts")
        single.setChecked(letters.are_on)
        single.toggled.connect(letters.use)
        rows: tuple[tuple[str, str, QWidget], ...] = (
            ("Theme", "Light for projectors", names),
            ("Text", "Ctrl + and Ctrl − anywhere", scale),
            ("High contrast", "Stronger borders and captions", contrast),
            ("Little motion", "Nothing pulses or slides", motion),
            ("Single letters", "L, M, A and so on as shortcuts", single),
        )
        for row, (title, remark, widget) in enumerate(rows):
            words = QVBoxLayout()
            words.setSpacing(px(1))
            words.addWidget(Line(title, 13))
            words.addWidget(Line(remark, 11, ink=Token.TEXT3))
            grid.addLayout(words, row, 0)
            grid.addWidget(widget, row, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._size = size
        return grid

    def _build_scale(self) -> tuple[QWidget, Line]:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(10))
        percent = round(theme.text_scale * 100)
        slider = Slider(SMALLEST // STEP, LARGEST // STEP, percent // STEP, "Size of text in percent")
        slider.setFixedWidth(px(180))
        size = Line(f"{percent} %", 12, ink=Token.TEXT2)
        slider.valueChanged.connect(lambda value: size.set_text(f"{value * STEP} %"))
        # While the knob is dragged the layout would move away from under it.
        slider.sliderReleased.connect(lambda: theme.use(text_scale=slider.value() * STEP / 100))
        slider.valueChanged.connect(
            lambda value: None if slider.isSliderDown() else theme.use(text_scale=value * STEP / 100)
        )
        row.addWidget(slider)
        row.addWidget(size)
        return part, size
