"""Log lines as a file for other tools: JSON lines, CSV, or text as a person reads it. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from app.logs.words import one_line
from protos.drill.v1.records import LogLine

FILTERS = {"JSON lines": "jsonl", "CSV": "csv", "Text": "log"}
"""What can be chosen, and the file's ending."""
_FIELDS = ("time", "level", "service", "trace_id", "span_id", "message")


def lines_as(ending: str, lines: Iterable[LogLine]) -> str:
    """The lines, in the order given, as that kind of file; JSON lines where the ending is none of them."""
    return _MAKERS.get(ending.lower().lstrip("."), _json_lines)(lines)


def _json_lines(lines: Iterable[LogLine]) -> str:
    return "".join(
        json.dumps({**_told(line), "fields": line.fields}, ensure_ascii=False, default=str) + "\n"
        for line in lines
    )


def _csv(lines: Iterable[LogLine]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, (*_FIELDS, "fields"), lineterminator="\n")
    writer.writeheader()
    for line in lines:
        fields = json.dumps(line.fields, ensure_ascii=False, default=str) if line.fields else ""
        writer.writerow({**_told(line), "fields": fields})
    return text.getvalue()


def _text(lines: Iterable[LogLine]) -> str:
    return "".join(
        f"{_time(line)} {line.level.upper():<8} {line.service} {one_line(line.message)}"
        f"{f' trace={line.trace_id}' if line.trace_id else ''}\n"
        for line in lines
    )


def _told(line: LogLine) -> dict[str, str]:
    values = (_time(line), line.level, line.service, line.trace_id, line.span_id, line.message)
    return dict(zip(_FIELDS, values, strict=True))


def _time(line: LogLine) -> str:
    """The wall clock's time as ISO 8601 in UTC: another tool knows nothing of the drill's clock."""
    seconds, rest = divmod(line.time_ns, 1_000_000_000)
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{rest // 1000:06d}Z"


_MAKERS: Mapping[str, Callable[[Iterable[LogLine]], str]] = {"jsonl": _json_lines, "csv": _csv, "log": _text}
