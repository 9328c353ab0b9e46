"""What the details say about a span or a fold: pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from app.source_place import source_place
from app.theme.tokens import Token
from app.time_axis import THIN, format_percent
from app.traces.clocks import clock_text
from app.traces.opened import OpenedTrace, fold_figures
from app.traces.rows import Row
from app.traces.time_view import duration_text
from app.widgets.facts import Fact
from protos.drill.v1.records import FAILED, SPAN_KINDS, Fields, Span

_STATEMENTS = ("db.query.text", "db.statement")
ASKED_FAILURES = 5


def facts_of(opened: OpenedTrace, row: Row, details: Sequence[Span]) -> tuple[Fact, ...]:
    """Names and values of a row; `details` are those of `asked_spans`, as far as they have come."""
    return _fold_facts(opened, row) if row.is_fold else _span_facts(opened, row.place, details)


def asked_spans(opened: OpenedTrace, row: Row) -> tuple[str, ...]:
    """The spans whose details tell of a row: itself, or a fold's first call and the first ones that failed."""
    failed = row.members[(opened.tree.columns.flags[row.members] & FAILED) > 0][:ASKED_FAILURES].tolist()
    return tuple(opened.tree.span_id(place) for place in dict.fromkeys((row.place, *failed)))


def statement_of(span: Span) -> str:
    """The SQL statement, or an empty text."""
    return next((str(span.attributes[key]) for key in _STATEMENTS if span.attributes.get(key)), "")


def attributes_text(span: Span) -> str:
    """The attributes as JSON, without what is shown by itself; an empty text if there are none."""
    shown = {key: value for key, value in sorted(span.attributes.items()) if key not in _STATEMENTS}
    return json.dumps(shown, indent=2, ensure_ascii=False, default=str) if shown else ""


def failure_of(spans: Iterable[Span]) -> str:
    """What went wrong: the status's words and recorded exceptions, or an empty text."""
    lines: list[str] = []
    for span in spans:
        if span.error and span.status and span.status not in lines:
            lines.append(span.status)
        for event in span.events:
            words = _exception(event)
            if words and words not in lines:
                lines.append(words)
    return "\n".join(lines)


def events_of(span: Span) -> tuple[Fact, ...]:
    """A span's events that are no exceptions, with their time from the span's start."""
    return tuple(
        Fact(
            f"+{duration_text(max(0, int(event.get('at_ns') or 0) - span.start_ns))}",
            str(event.get("name", "event")),
        )
        for event in span.events
        if not _exception(event)
    )


def _exception(event: Fields) -> str:
    told = event.get("attributes") or {}
    if not isinstance(told, dict) or not any(str(key).startswith("exception.") for key in told):
        return ""
    kind, words = str(told.get("exception.type", "")), str(told.get("exception.message", ""))
    trace = str(told.get("exception.stacktrace", "")).rstrip()
    return trace or f"{kind}: {words}".strip(": ")


def _span_facts(opened: OpenedTrace, place: int, details: Sequence[Span]) -> tuple[Fact, ...]:
    tree, attributes = opened.tree, details[0].attributes if details else {}
    duration, own = tree.duration_ns(place), int(opened.self_ns[place])
    service, work_place = tree.service(place), tree.work_place(place)
    facts = [Fact("Service", service, service=service)]
    if work_place != service:
        database = str(attributes.get("db.namespace") or attributes.get("db.name") or "")
        facts.append(Fact("Calls", f"{work_place} {database}".strip(), service=work_place))
    if opened.again[place]:
        facts.append(Fact("Entered again", f"{service} is on the path above", Token.ACCENT_TEXT))
    facts.append(Fact("Kind", SPAN_KINDS[min(int(tree.columns.kinds[place]), len(SPAN_KINDS) - 1)]))
    facts.append(Fact("Starts at", f"+{duration_text(int(tree.start_ns[place]))}"))
    facts.append(Fact("Duration", _with_share(duration, opened.duration_ns)))
    has_children = tree.after[place] > place + 1
    facts.append(Fact("Self time", _with_share(own, duration) if has_children else duration_text(own)))
    if place in opened.path:
        facts.append(Fact("Critical path", f"{duration_text(int(opened.path.own_ns[place]))} of its own"))
    else:
        facts.append(Fact("Critical path", "not on it", Token.TEXT3))
    code = attributes.get("http.response.status_code") or attributes.get("http.status_code")
    if isinstance(code, int):
        facts.append(Fact("HTTP status", str(code), Token.CRIT_TEXT if code >= 500 else Token.TEXT1))
    source = source_place(attributes)
    if source is not None:
        facts.append(Fact("Source", str(source), Token.INFO_TEXT))
    if tree.is_detached(place):
        facts.append(Fact("Parent", "not received", Token.ACCENT_TEXT))
    moved = int(tree.clocks.moved_ns[place])
    if moved:
        facts.append(Fact("Clock", f"{clock_text(moved)}, shown at its call", Token.ACCENT_TEXT))
    return tuple(facts)


def _fold_facts(opened: OpenedTrace, row: Row) -> tuple[Fact, ...]:
    figures, tree = fold_figures(opened, row), opened.tree
    parent = int(tree.parent[row.place])
    facts = [
        Fact("Calls", f"{figures.count:,}", service=tree.work_place(row.place)),
        Fact("Total", f"{duration_text(figures.total_ns)}  ({format_percent(100 * figures.share)} of trace)"),
        Fact("Each", f"{duration_text(figures.median_ns)} median, {duration_text(figures.longest_ns)} max"),
    ]
    if parent >= 0:
        facts.append(Fact("Parent", tree.title(parent), service=tree.work_place(parent)))
    if figures.errors:
        facts.append(Fact("Errors", str(figures.errors), Token.CRIT_TEXT))
    return tuple(facts)


def _with_share(ns: int, of_ns: int) -> str:
    if not of_ns:
        return duration_text(ns)
    percent = 100 * ns / of_ns
    share = f"{percent:.0f}{THIN}%" if percent >= 0.5 or not ns else f"under 1{THIN}%"
    return f"{duration_text(ns)}  ({share})"
