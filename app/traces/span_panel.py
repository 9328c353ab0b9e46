"""Details of the chosen span or fold."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from app.source_place import SourcePlace, source_place
from app.theme import SEMIBOLD, Icon, Token, px
from app.traces.call_bars import CallBars
from app.traces.opened import OpenedTrace, fold_figures, lines_of_row
from app.traces.rows import Row
from app.traces.span_facts import attributes_text, events_of, facts_of, failure_of, statement_of
from app.widgets import Button, ButtonKind, EmptyState, Line, Panel
from app.widgets.code_block import CodeBlock
from app.widgets.coloured import Language, sql_lines
from app.widgets.facts import FactList
from protos.drill.v1.records import Span

WIDTH = 316


class SpanPanel(Panel):
    """What is known of one row. `logsWanted` asks for its log lines, `sourceWanted` for the source of its call."""

    logsWanted = Signal()
    sourceWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Span", "", padded=False, ruled=True, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.source: SourcePlace | None = None
        """where the call of the row is made"""
        self._build()
        self.show_row(None, None)

    def restyle(self) -> None:
        """Wider for larger text."""
        self.setFixedWidth(px(WIDTH))

    def show_row(self, opened: OpenedTrace | None, row: Row | None, details: Sequence[Span] = ()) -> None:
        """Show a row, or what to do. `details` are those of `asked_spans`; without them the figures come alone."""
        self._pages.setCurrentIndex(0 if opened is not None and row is not None else 1)
        self._logs.set_disabled_reason("" if row is not None else "Choose a span first.")
        self.source = source_place(details[0].attributes) if details else None
        why_not = "The span does not say where it comes from." if row is not None else "Choose a span first."
        self._source.set_disabled_reason("" if self.source else why_not)
        if opened is None or row is None:
            self.set_title("Span", "")
            return
        title = opened.tree.title(row.place)
        self.set_title(f"{title} × {len(row.members):,}" if row.is_fold else title, "")
        name = details[0].name if details else title
        remark = f"{len(row.members):,} calls folded, same statement, same parent"
        self._name.set_text(remark if row.is_fold else name)
        self._name.setVisible(row.is_fold or name != title)
        self._facts.show_facts(facts_of(opened, row, details))
        self._show_calls(opened, row)
        _fill(self._failure_title, self._failure, failure_of(details))
        statement = statement_of(details[0]) if details else ""
        _fill(self._statement_title, self._statement, sql_lines(statement) if statement else "")
        events = events_of(details[0]) if details and not row.is_fold else ()
        self._events.show_facts(events)
        self._events_title.setVisible(bool(events))
        _fill(self._attributes_title, self._attributes, attributes_text(details[0]) if details else "")
        lines = len(lines_of_row(opened, row))
        self._logs.set_text(f"Logs ({lines:,})" if lines else "Logs")
        self._area.verticalScrollBar().setValue(0)

    def _show_calls(self, opened: OpenedTrace, row: Row) -> None:
        if row.is_fold:
            place = opened.tree.work_place(row.place)
            self._calls.show_calls(fold_figures(opened, row).durations_ns, place)
        self._calls.setVisible(row.is_fold)
        self._calls_title.setVisible(row.is_fold)

    def _build(self) -> None:
        self.restyle()
        self.title.set_elide_mode(Qt.TextElideMode.ElideMiddle)
        content = QWidget()
        content.setProperty("kind", "content")
        column = QVBoxLayout(content)
        column.setContentsMargins(px(14), px(10), px(14), px(14))
        column.setSpacing(px(6))
        self._name = Line("", 12, ink=Token.TEXT2)
        self._facts = FactList()
        self._calls_title = _caption("Call durations")
        self._calls = CallBars()
        self._failure_title = _caption("What went wrong")
        self._failure = CodeBlock(name="What went wrong", most_lines=12)
        self._statement_title = _caption("Statement")
        self._statement = CodeBlock(Language.SQL, name="SQL statement", most_lines=14)
        self._events_title = _caption("Events")
        self._events = FactList()
        self._attributes_title = _caption("Attributes")
        self._attributes = CodeBlock(Language.JSON, name="Attributes", most_lines=24)
        parts = (
            (self._name, self._facts),
            (self._failure_title, self._failure),
            (self._calls_title, self._calls),
            (self._statement_title, self._statement),
            (self._events_title, self._events),
            (self._attributes_title, self._attributes),
        )
        for first, second in parts:
            column.addWidget(first)
            column.addWidget(second)
            column.addSpacing(px(2))
        column.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(content)
        self._area.viewport().setAutoFillBackground(False)
        inner = QWidget()
        self._pages = QStackedLayout(inner)
        self._pages.addWidget(self._area)
        self._pages.addWidget(
            EmptyState(Icon.TREE_STRUCTURE, "No span chosen", "Click a bar, or move with J and K.")
        )
        self.add(inner, 1)
        footer = self.add_footer()
        self._logs = Button(
            "Logs", ButtonKind.OUTLINE, Icon.LIST_DASHES, "⇧T", small=True, tip="Open its log lines"
        )
        self._logs.clicked.connect(self.logsWanted)
        footer.addWidget(self._logs)
        self._source = Button("Source", ButtonKind.OUTLINE, Icon.CODE, "O", small=True)
        self._source.setToolTip("Open the line of source in the Workbench")
        self._source.clicked.connect(self.sourceWanted)
        footer.addWidget(self._source)
        footer.addStretch(1)


def _caption(text: str) -> Line:
    return Line(text, 11, SEMIBOLD, Token.TEXT3)


def _fill(title: Line, block: CodeBlock, text: str) -> None:
    title.setVisible(bool(text))
    block.setVisible(bool(text))
    if text:
        block.show_text(text)
