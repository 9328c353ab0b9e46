"""Details of the chosen log line."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.logs.around_list import AroundList
from app.logs.line_words import copied_text
from app.logs.trace_facts import trace_facts
from app.logs.words import around, fields_text, level_status, level_word
from app.source_place import source_place
from app.theme import Icon, Status, Token, px
from app.time_axis import format_clock_millis
from app.widgets import Button, ButtonKind, EmptyState, Line, ServiceMark, StatusGlyph, TraceChip, caption
from app.widgets.code_block import CodeBlock
from app.widgets.coloured import Language
from app.widgets.details_panel import DetailsPanel
from app.widgets.facts import Fact, FactList
from protos.drill.v1.records import LogLine, Trace

WIDTH = 326


class LinePanel(DetailsPanel):
    """What is known of one line. `traceWanted` carries whether to keep the screen; `lineWanted` a LogLine."""

    traceWanted = Signal(bool)
    lineWanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        nothing = EmptyState(Icon.ARTICLE, "No line chosen", "Click a line, or move with Up and Down.")
        super().__init__("Line", WIDTH, nothing, parent)
        self._shown: LogLine | None = None
        self._offset_s = 0.0
        self._trace: Trace | None = None
        self._build()
        self.show_line(None, 0.0)

    @property
    def line(self) -> LogLine | None:
        """The line that is shown."""
        return self._shown

    def show_line(self, line: LogLine | None, offset_s: float) -> None:
        """Show a line, or what to do."""
        self._shown, self._offset_s = line, offset_s
        self.show_content(line is not None)
        self._glyph.setVisible(line is not None)
        self._copy.set_disabled_reason("" if line is not None else "Choose a line.")
        has_trace = line is not None and bool(line.trace_id)
        self._open.set_disabled_reason(
            "" if has_trace else "The line belongs to no trace." if line else "Choose a line."
        )
        if line is None:
            self.show_source(None, "Choose a line.")
            self.set_title("Line", "")
            return
        self.set_title(level_word(line.level), format_clock_millis(line.time_ns / 1e9, offset_s))
        self._glyph.set_status(level_status(line.level), level_word(line.level))
        self._service.set_service(line.service)
        self.show_source(source_place(line.fields), "The line does not say where it comes from.")
        self._origin.set_text(str(self.source or ""))
        self._message.show_text(line.message)
        fields = fields_text(line)
        self._fields.show_text(fields)
        for part in (self._fields, self._fields_title):
            part.setVisible(bool(fields))
        self._trace_row.setVisible(has_trace)
        self._figures.setVisible(has_trace)
        self._chip.set_trace_id(line.trace_id)
        self._figures.show_facts((Fact("Entry", "…", Token.TEXT3),))
        for around_part in (self._around_title, self._around, self._context_title, self._context):
            around_part.hide()
        if has_trace and self._trace is not None:
            self.show_trace(self._trace)

    def show_trace(self, trace: Trace | None) -> None:
        """What is known of the line's trace."""
        line = self._shown
        if line is None or trace is None or not trace.found or not len(trace.spans):
            self._figures.show_facts((Fact("Entry", "not kept", Token.TEXT3),))
            return
        if trace.trace_id != line.trace_id:
            return
        self._trace = trace
        self._figures.show_facts(trace_facts(trace, line.span_id))
        self._show_around(self._around_title, self._around, around(trace.logs, line.id), line)

    def show_context(self, lines: tuple[LogLine, ...]) -> None:
        """What the service wrote before and after the line that is shown."""
        line = self._shown
        if line is not None and any(one.id == line.id for one in lines):
            self._show_around(self._context_title, self._context, lines, line)

    def _show_around(
        self, title: Line, around_list: AroundList, lines: tuple[LogLine, ...], line: LogLine
    ) -> None:
        shown = len(lines) > 1
        around_list.show_lines(lines if shown else (), line)
        around_list.setVisible(shown)
        title.setVisible(shown)

    def copy_line(self) -> None:
        """Put the line on the clipboard, as a person would write it."""
        if self._shown is not None:
            QGuiApplication.clipboard().setText(copied_text(self._shown, self._offset_s))

    def _build(self) -> None:
        self._glyph = StatusGlyph(Status.INFO, 10)
        self.add_before_title(self._glyph)
        column = self.content
        column.addLayout(self._build_origin())
        column.addSpacing(px(4))
        self._message = CodeBlock(name="Message", most_lines=12)
        self._fields_title = caption("Fields")
        self._fields = CodeBlock(Language.JSON, name="Fields", most_lines=18)
        self._trace_row = self._build_trace_row()
        self._figures = FactList()
        self._around_title = caption("Around this line, same trace")
        self._around = AroundList("Lines around this one, same trace")
        self._context_title = caption("Before and after, same service")
        self._context = AroundList("Lines before and after, same service")
        for around_list in (self._around, self._context):
            around_list.chosen.connect(self.lineWanted)
        column.addWidget(caption("Message"))
        for part in (
            self._message,
            self._fields_title,
            self._fields,
            self._trace_row,
            self._figures,
            self._around_title,
            self._around,
            self._context_title,
            self._context,
        ):
            column.addWidget(part)
        column.addStretch(1)
        self._open = Button(
            "Trace", ButtonKind.OUTLINE, Icon.TREE_STRUCTURE, "T", small=True, tip="Open the trace"
        )
        self._open.clicked.connect(lambda: self.traceWanted.emit(False))
        self.footer.addWidget(self._open)
        self.add_source_button()
        self._copy = Button(kind=ButtonKind.OUTLINE, icon=Icon.COPY, small=True, tip="Copy the line (C)")
        self._copy.clicked.connect(self.copy_line)
        self.footer.addWidget(self._copy)
        self.footer.addStretch(1)

    def _build_origin(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(10))
        self._service = ServiceMark("", 12, Token.TEXT1)
        self._origin = Line("", 12, ink=Token.TEXT3, mono=True)
        self._origin.set_elide_mode(Qt.TextElideMode.ElideMiddle)
        row.addWidget(self._service)
        row.addWidget(self._origin, 1)
        return row

    def _build_trace_row(self) -> QWidget:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, px(8), 0, 0)
        self._chip = TraceChip("")
        self._chip.opened.connect(lambda _, keep: self.traceWanted.emit(keep))
        row.addWidget(caption("Trace"), 1)
        row.addWidget(self._chip)
        return part
