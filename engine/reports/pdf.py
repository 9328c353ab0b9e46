"""The report as a PDF: one typst template, data passed as JSON, fonts from the program's own folder."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import typst

from engine.reports.assets import FONTS, TEMPLATES
from engine.reports.changes import ChangedFile
from engine.reports.charts import Drawing, timeline
from engine.reports.errors import ReportError
from engine.reports.palette import LIGHT
from engine.reports.presentation import EntryText, Presentation, presented
from engine.reports.summary import Mark, Summary

MOST_PAGES = 4
MOST_ENTRIES = 26
_DIFF_ROWS = (96, 72, 48, 28)
"""Lines of the diff, tried in turn until the document fits; what is left out is counted on the page."""

_LEAST_ROWS = 8
"""A file of which fewer lines than this would fit is left out whole."""

_COVERED_BELOW = 0x590
_COVERED_ALSO = ((0x1E00, 0x2BFF), (0xFB00, 0xFB06))
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pdf:
    """A compiled document."""

    content: bytes
    pages: int


def render(summary: Summary, fonts: Sequence[Path] = (FONTS,)) -> Pdf:
    """The report of `summary`; the same summary gives the same bytes. Raises `ReportError`."""
    whole = presented(summary)
    drawing = timeline(summary, LIGHT)
    moment = int(summary.started.timestamp())
    for rows in _DIFF_ROWS:
        made = _compiled(_inputs(whole, drawing, rows), fonts, moment)
        if made.pages <= MOST_PAGES:
            break
    return made


def _compiled(inputs: dict[str, str], fonts: Sequence[Path], moment: int) -> Pdf:
    """The document; `moment` (seconds since 1970) is written into it as the time of its making."""
    template = TEMPLATES / "report.typ"
    compiler = typst.Compiler(
        template,
        root=TEMPLATES,
        font_paths=list(fonts),
        ignore_system_fonts=all(_is_covered(character) for character in inputs["data"]),
        sys_inputs=inputs,
    )
    try:
        content, warnings = compiler.compile_with_warnings(
            format="pdf", timestamp=moment, pdf_standards=["ua-1"]
        )
        pages = json.loads(compiler.query("<pages>", field="value", one=True))
    except typst.TypstError as problem:
        raise ReportError(
            f"The PDF could not be set: {problem}", str(template), "Export the HTML report instead."
        ) from problem
    for warning in warnings:
        _log.warning("The PDF report: %s", warning)
    if not isinstance(content, bytes):
        raise TypeError("typst gave no single document")
    return Pdf(content, pages)


def _is_covered(character: str) -> bool:
    """Whether the program's own fonts have a character; only others make the system's fonts worth a search."""
    code = ord(character)
    return code < _COVERED_BELOW or any(first <= code <= last for first, last in _COVERED_ALSO)


def _inputs(whole: Presentation, drawing: Drawing, rows: int) -> dict[str, str]:
    """What the template reads."""
    page, entries_left_out, rows_left_out = shortened(whole, rows)
    data = asdict(page) | {"entries_left_out": entries_left_out, "rows_left_out": rows_left_out}
    return {
        "data": json.dumps(data, ensure_ascii=False),
        "colours": json.dumps(dict(LIGHT)),
        "timeline": drawing.svg,
        "described": drawing.described,
    }


def shortened(whole: Presentation, rows: int) -> tuple[Presentation, int, int]:
    """The report with at most `rows` lines of the diff, and how many entries and lines were left out."""
    entries = _most_telling(whole.entries)
    entries_left_out = len(whole.entries) - len(entries)
    if whole.fix is None:
        return replace(whole, entries=entries), entries_left_out, 0
    files = _first_rows(whole.fix.files, rows)
    rows_left_out = sum(len(file.rows) for file in whole.fix.files) - sum(len(file.rows) for file in files)
    return (
        replace(whole, entries=entries, fix=replace(whole.fix, files=files)),
        entries_left_out,
        rows_left_out,
    )


def _most_telling(entries: Sequence[EntryText]) -> tuple[EntryText, ...]:
    """At most `MOST_ENTRIES`, in their order: those marked as more than information first."""
    weights = {Mark.CRITICAL: 0, Mark.OK: 0, Mark.WARNING: 1, Mark.HERRING: 1}
    ranked = sorted(range(len(entries)), key=lambda index: (weights.get(entries[index].mark, 2), index))
    return tuple(entries[index] for index in sorted(ranked[:MOST_ENTRIES]))


def _first_rows(files: Sequence[ChangedFile], room: int) -> tuple[ChangedFile, ...]:
    kept: list[ChangedFile] = []
    for file in files:
        if room < min(_LEAST_ROWS, len(file.rows)):
            break
        kept.append(replace(file, rows=file.rows[:room]))
        room -= len(file.rows)
    return tuple(kept)
