"""What the details say about a span or a fold: pure."""

from __future__ import annotations

import json
from collections.abc import Iterable

from app.theme.tokens import Token
from app.time_axis import THIN, format_percent
from app.traces.opened import OpenedTrace, fold_figures, own_ns
from app.traces.rows import Row
from app.traces.span_words import statement_of
from app.traces.time_view import duration_text
from app.widgets.facts import Fact
from protos.drill.v1.records import Fields, Span

_SAID_ELSEWHERE = ("db.query.text", "db.statement")


def facts_of(opened: OpenedTrace, row: Row) -> tuple[Fact, ...]:
    """Names and values of a row."""
    return _fold_facts(opened, row) if row.is_fold else _span_facts(opened, row.place)


def attributes_text(span: Span) -> str:
    """The attributes as JSON, without what is shown by itself; an empty text if there are none."""
    shown = {key: value for key, value in sorted(span.attributes.items()) if key not in _SAID_ELSEWHERE}
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


def events_of(opened: OpenedTrace, span: Span) -> tuple[Fact, ...]:
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


def _span_facts(opened: OpenedTrace, place: int) -> tuple[Fact, ...]:
    tree, span = opened.tree, opened.tree.spans[place]
    duration = tree.end_ns[place] - tree.start_ns[place]
    own = own_ns(opened, place)
    facts = [Fact("Service", span.service, service=span.service)]
    if opened.places[place] != span.service:
        database = str(span.attributes.get("db.namespace") or span.attributes.get("db.name") or "")
        facts.append(
            Fact("Calls", f"{opened.places[place]} {database}".strip(), service=opened.places[place])
        )
    facts.append(Fact("Kind", span.kind))
    facts.append(Fact("Starts at", f"+{duration_text(tree.start_ns[place])}"))
    facts.append(Fact("Duration", _with_share(duration, opened.duration_ns)))
    facts.append(
        Fact("Self time", _with_share(own, duration) if tree.children[place] else duration_text(own))
    )
    if place in opened.path:
        facts.append(Fact("Critical path", f"{duration_text(opened.path.own_ns[place])} of its own"))
    else:
        facts.append(Fact("Critical path", "not on it", Token.TEXT3))
    code = span.attributes.get("http.response.status_code") or span.attributes.get("http.status_code")
    if code is not None:
        facts.append(Fact("HTTP status", str(code), Token.CRIT_TEXT if int(code) >= 500 else Token.TEXT1))
    if place in tree.detached:
        facts.append(Fact("Parent", "not received", Token.ACCENT_TEXT))
    return tuple(facts)


def _fold_facts(opened: OpenedTrace, row: Row) -> tuple[Fact, ...]:
    figures, tree = fold_figures(opened, row.members), opened.tree
    parent = tree.parent[row.place]
    facts = [
        Fact("Calls", f"{figures.count}", service=opened.places[row.place]),
        Fact("Total", f"{duration_text(figures.total_ns)}  ({format_percent(100 * figures.share)} of trace)"),
        Fact("Each", f"{duration_text(figures.median_ns)} median, {duration_text(figures.longest_ns)} max"),
    ]
    if parent >= 0:
        facts.append(Fact("Parent", opened.titles[parent], service=opened.places[parent]))
    if figures.errors:
        facts.append(Fact("Errors", str(figures.errors), Token.CRIT_TEXT))
    return tuple(facts)


def _with_share(ns: int, of_ns: int) -> str:
    if not of_ns:
        return duration_text(ns)
    percent = 100 * ns / of_ns
    share = f"{percent:.0f}{THIN}%" if percent >= 0.5 or not ns else f"under 1{THIN}%"
    return f"{duration_text(ns)}  ({share})"


def statement_of_row(opened: OpenedTrace, row: Row) -> str:
    """The SQL statement of a row, or an empty text."""
    return statement_of(opened.tree.spans[row.place])
