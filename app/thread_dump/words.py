"""A thread dump in words: the largest group first, the innermost call first, and all of it as text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from app.time_axis import format_clock_seconds
from app.widgets.stack_drawer import StackWords
from app.widgets.stacks import StackGroup, StackRow
from protos.drill.v1.records import StackFrame, Stacks
from protos.drill.v1.records import StackGroup as Threads

NS = 1_000_000_000
AT_WORK = "at work"
_PACKAGES = "/site-packages/"
_STANDARD = re.compile(r"^.*?/[Ll]ib/(?:python[\d.]+/)?")


def stack_words(stacks: Stacks, offset_s: float) -> StackWords:
    """The dump as the drawer shows it; `offset_s` leads from Unix seconds to the drill's clock."""
    threads = sum(len(group.threads) for group in stacks.groups)
    taken = format_clock_seconds(stacks.wall_ns / NS, offset_s)
    remark = f"{stacks.service} at {taken}: {_counted(threads, 'thread')} in {_counted(len(stacks.groups), 'place')}"
    groups = sorted(stacks.groups, key=lambda group: (-len(group.threads), not _has_own(group)))
    return StackWords(remark, tuple(_group(group) for group in groups), dump_text(remark, groups))


def headline(group: Threads) -> str:
    """How many threads, and what they wait for."""
    return f"{_counted(len(group.threads), 'thread')}: {group.waits_for or AT_WORK}"


def thread_names(group: Threads) -> str:
    """The threads' names, each once, with how many have it."""
    counts = Counter(group.threads)
    return ", ".join(f"{name} ×{count}" if count > 1 else name for name, count in counts.items())


def short_path(frame: StackFrame) -> str:
    """A library's file without the folders that only say where this machine keeps its libraries."""
    path = frame.file.replace("\\", "/")
    if frame.own:
        return path
    return path.partition(_PACKAGES)[2] if _PACKAGES in path else _STANDARD.sub("", path)


def dump_text(remark: str, groups: Sequence[Threads]) -> str:
    """All of it to paste elsewhere, in the form of a Python traceback."""
    parts = [remark]
    for group in groups:
        lines = [headline(group), f"  {thread_names(group)}"]
        for frame in group.frames:
            lines.append(f'  File "{short_path(frame)}", line {frame.line}, in {frame.function}')
            if frame.text:
                lines.append(f"    {frame.text.strip()}")
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _has_own(group: Threads) -> bool:
    return any(frame.own for frame in group.frames)


def _group(group: Threads) -> StackGroup:
    return StackGroup(
        headline=headline(group),
        threads=thread_names(group),
        rows=tuple(_row(frame) for frame in reversed(group.frames)),
        waits=bool(group.waits_for),
    )


def _row(frame: StackFrame) -> StackRow:
    return StackRow(f"{short_path(frame)}:{frame.line}", frame.function, frame.text.strip(), frame.own)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
