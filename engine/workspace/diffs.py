"""Unified diffs between two states of a tree, as git writes them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from engine.workspace.records import Diff

Tree = Mapping[str, bytes]
"""Content by relative path."""


def compare(before: Tree, after: Tree) -> Diff:
    """How `after` differs from `before`, files in order of their path."""
    texts: list[str] = []
    files: list[str] = []
    added = removed = 0
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path), after.get(path)
        if old == new:
            continue
        lines = list(_file_lines(path, old, new))
        files.append(path)
        body = [line for line in lines if not line.startswith(("+++ ", "--- "))]
        added += sum(1 for line in body if line.startswith("+"))
        removed += sum(1 for line in body if line.startswith("-"))
        texts.extend(lines)
    return Diff("".join(texts), tuple(files), added, removed)


def _file_lines(path: str, old: bytes | None, new: bytes | None) -> Iterator[str]:
    """The lines of one file's diff, each with its line end."""
    yield f"diff --git a/{path} b/{path}\n"
    if old is None:
        yield "new file mode 100644\n"
    if new is None:
        yield "deleted file mode 100644\n"
    source = "/dev/null" if old is None else f"a/{path}"
    target = "/dev/null" if new is None else f"b/{path}"
    for line in difflib.unified_diff(_lines(old), _lines(new), source, target):
        if line.endswith("\n"):
            yield line
        else:
            yield line + "\n"
            yield "\\ No newline at end of file\n"


def _lines(content: bytes | None) -> list[str]:
    """The lines of a file with their ends; a line ends at a line feed and nowhere else."""
    if not content:
        return []
    text = content.decode("utf-8", errors="replace")
    parts = text.split("\n")
    lines = [part + "\n" for part in parts[:-1]]
    return [*lines, parts[-1]] if parts[-1] else lines
