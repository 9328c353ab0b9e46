"""Words for levels, queries and lines. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from app.theme.tokens import Status
from app.widgets.completion import Offer, Vocabulary
from protos.drill.v1.records import LogLine

LEVELS = {
    "trace": ("Trace", Status.IDLE),
    "debug": ("Debug", Status.IDLE),
    "info": ("Info", Status.INFO),
    "warning": ("Warn", Status.WARNING),
    "error": ("Error", Status.CRITICAL),
    "critical": ("Critical", Status.CRITICAL),
}
_SOURCE_KEYS = (
    "code.file.path",
    "code.filepath",
    "code.line.number",
    "code.lineno",
    "code.function.name",
    "code.function",
)
ROW_CHARACTERS = 1_000
_TERM = re.compile(
    r"(?P<minus>-|\bNOT\s+)?(?P<field>[\w.]+(?::>=|:<=|:>|:<|:|=))?"
    r"""(?P<value>"(?:[^"\\]|\\.)*"|[^\s()"]+)"""
)


def level_word(level: str) -> str:
    """The level as a word."""
    return LEVELS.get(level, (level.capitalize(), Status.IDLE))[0]


def level_status(level: str) -> Status:
    """The level's shape."""
    return LEVELS.get(level, ("", Status.IDLE))[1]


def sought_words(query: str) -> tuple[str, ...]:
    """The words of a query that a matching line contains: no fields, nothing excluded."""
    words = []
    for found in _TERM.finditer(query):
        value = found["value"]
        if found["field"] or found["minus"] or value in ("OR", "NOT"):
            continue
        words.append(re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value.lstrip("-"))
    return tuple(word for word in words if word)


def hits(text: str, words: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Where words occur in a text, whatever their case: start and length, joined where only blanks are between."""
    low = text.lower()
    found = sorted(
        (match.start(), match.end())
        for word in words
        if word
        for match in re.finditer(re.escape(word.lower()), low)
    )
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple((start, end - start) for start, end in joined)


def one_line(message: str) -> str:
    """A message as one line."""
    return " ".join(message.split())


def row_text(message: str) -> str:
    """What of a message may be seen in a row: eliding a whole page of text at each repaint would stall."""
    return one_line(message[:ROW_CHARACTERS])


def fields_text(line: LogLine) -> str:
    """The fields as JSON, without where the line was written; an empty text if there are none."""
    shown = {key: value for key, value in sorted(line.fields.items()) if key not in _SOURCE_KEYS}
    shown.update(_pairs(line.message))
    return json.dumps(shown, indent=2, ensure_ascii=False, default=str) if shown else ""


def _pairs(message: str) -> dict[str, object]:
    """`key=value` pairs of a message: structured in all but name."""
    return dict(re.findall(r"\b([A-Za-z_][\w.]*)=([^\s,;]+)", message))


def around(lines: Iterable[LogLine], line_id: int, most: int = 7) -> tuple[LogLine, ...]:
    """The lines of a trace around one of them, at most so many, in order of time."""
    ordered = sorted(lines, key=lambda line: (line.time_ns, line.id))
    place = next((n for n, line in enumerate(ordered) if line.id == line_id), 0)
    first = max(0, min(place - most // 2, len(ordered) - most))
    return tuple(ordered[first : first + most])


def offset_text(ns: int) -> str:
    """How much later or earlier than the chosen line."""
    if ns == 0:
        return "0"
    size = abs(ns) / 1e6
    text = f"{size / 1000:.2f} s" if size >= 1000 else f"{size:.0f} ms" if size >= 100 else f"{size:.1f} ms"
    return ("+" if ns > 0 else "\u2212") + text.replace(" ", "\u2009")


def vocabulary(services: Iterable[str]) -> Vocabulary:
    """Keys and values for a run with these services."""
    return Vocabulary(
        keys=(
            Offer("service:", "who wrote the line"),
            Offer("level:", "info, warning, error"),
            Offer("trace:", "a trace id or its beginning"),
            Offer("span:", "a span id or its beginning"),
            Offer("attr.", "a field, such as attr.logger:billing"),
            Offer("OR", "one of two"),
            Offer("NOT", "exclude what follows"),
        ),
        values={
            "service:": tuple(Offer(name, "service") for name in services),
            "level:": (
                Offer("error", "only errors"),
                Offer(">=warning", "warnings and worse"),
                Offer("warning", "only warnings"),
                Offer("info", "only info"),
            ),
        },
    )
