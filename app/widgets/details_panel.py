"""A panel at the side: what is known of one chosen thing, below each other; it scrolls."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from app.source_place import SourcePlace
from app.theme import Icon, px
from app.widgets.button import Button, ButtonKind
from app.widgets.panel import Panel
from app.widgets.states import EmptyState

CONTENT, EMPTY = range(2)


class DetailsPanel(Panel):
    """Put widgets into `content`, buttons into `footer`. `sourceWanted` asks for the `source` of what is shown."""

    sourceWanted = Signal()

    def __init__(self, title: str, width: int, nothing: EmptyState, parent: QWidget | None = None) -> None:
        super().__init__(title, "", padded=False, ruled=True, parent=parent)
        self._width = width
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.source: SourcePlace | None = None
        """where in the services' source it comes from"""
        inner, content = QWidget(), QWidget()
        content.setProperty("kind", "content")
        self.content = QVBoxLayout(content)
        self.content.setContentsMargins(px(14), px(10), px(14), px(14))
        self.content.setSpacing(px(6))
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(content)
        self._scroll.viewport().setAutoFillBackground(False)
        self._pages = QStackedLayout(inner)
        self._pages.addWidget(self._scroll)
        self._pages.addWidget(nothing)
        self.add(inner, 1)
        self.footer = self.add_footer()
        self._show_source = Button("Source", ButtonKind.OUTLINE, Icon.CODE, "O", small=True)
        self._show_source.setToolTip("Open the line of source in the Workbench")
        self._show_source.clicked.connect(self.sourceWanted)
        self.restyle()

    def restyle(self) -> None:
        """Wider for larger text."""
        self.setFixedWidth(px(self._width))

    def add_source_button(self) -> None:
        """Put it at the end of the footer."""
        self.footer.addWidget(self._show_source)

    def show_content(self, shown: bool) -> None:
        """Show the content from its top, or what to do."""
        self._pages.setCurrentIndex(CONTENT if shown else EMPTY)
        self._scroll.verticalScrollBar().setValue(0)

    def show_source(self, place: SourcePlace | None, why_not: str) -> None:
        """It comes from there, or it is not known why."""
        self.source = place
        self._show_source.set_disabled_reason("" if place is not None else why_not)
