"""Details of the chosen span or fold."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.source_place import source_place
from app.theme import Icon, Token, px
from app.traces.call_bars import CallBars
from app.traces.opened import OpenedTrace, fold_figures, lines_of_row
from app.traces.rows import Row
from app.traces.span_facts import attributes_text, events_of, facts_of, failure_of, statement_of
from app.widgets import Button, ButtonKind, EmptyState, Line, caption
from app.widgets.code_block import CodeBlock
from app.widgets.coloured import Language, sql_lines
from app.widgets.details_panel import DetailsPanel
from app.widgets.facts import FactList
from protos.drill.v1.records import Span

WIDTH = 316


class SpanPanel(DetailsPanel):
    """What is known of one row. `logsWanted` asks for its log lines, `sourceWanted` for the source of its call."""

    logsWanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        nothing = EmptyState(Icon.TREE_STRUCTURE, "No span chosen", "Click a bar, or move with J and K.")
        super().__init__("Span", WIDTH, nothing, parent)
        self._build()
        self.show_row(None, None)

    def show_row(self, opened: OpenedTrace | None, row: Row | None, details: Sequence[Span] = ()) -> None:
        """Show a row, or what to do. `details` are those of `asked_spans`; without them the figures come alone."""
        self.show_content(opened is not None and row is not None)
        self._logs.set_disabled_reason("" if row is not None else "Choose a span first.")
        why_not = "The span does not say where it comes from." if row is not None else "Choose a span first."
        self.show_source(source_place(details[0].attributes) if details else None, why_not)
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

    def _show_calls(self, opened: OpenedTrace, row: Row) -> None:
        if row.is_fold:
            place = opened.tree.work_place(row.place)
            self._calls.show_calls(fold_figures(opened, row).durations_ns, place)
        self._calls.setVisible(row.is_fold)
        self._calls_title.setVisible(row.is_fold)

    def _build(self) -> None:
        self.title.set_elide_mode(Qt.TextElideMode.ElideMiddle)
        self._name = Line("", 12, ink=Token.TEXT2)
        self._facts = FactList()
        self._calls_title = caption("Call durations")
        self._calls = CallBars()
        self._failure_title = caption("What went wrong")
        self._failure = CodeBlock(name="What went wrong", most_lines=12)
        self._statement_title = caption("Statement")
        self._statement = CodeBlock(Language.SQL, name="SQL statement", most_lines=14)
        self._events_title = caption("Events")
        self._events = FactList()
        self._attributes_title = caption("Attributes")
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
            self.content.addWidget(first)
            self.content.addWidget(second)
            self.content.addSpacing(px(2))
        self.content.addStretch(1)
        self._logs = Button(
            "Logs", ButtonKind.OUTLINE, Icon.LIST_DASHES, "⇧T", small=True, tip="Open its log lines"
        )
        self._logs.clicked.connect(self.logsWanted)
        self.footer.addWidget(self._logs)
        self.add_source_button()
        self.footer.addStretch(1)


def _fill(title: Line, block: CodeBlock, text: str) -> None:
    title.setVisible(bool(text))
    block.setVisible(bool(text))
    if text:
        block.show_text(text)
