"""Reading a unified diff and applying it with strict context.

A hunk may have moved within its file, but every line of its context must be there, and in one place only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.workspace.records import PatchError

_EPOCH = re.compile(r"1970-01-01 |1969-12-31 ")
_HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


@dataclass(slots=True)
class Hunk:
    """One hunk: `old` and `new` are its lines before and after, with their line ends."""

    start: int
    patch_line: int
    old: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)


@dataclass(slots=True)
class FilePatch:
    """What a patch does to one file; a path is None on the side where the file does not exist."""

    old_path: str | None
    new_path: str | None
    patch_line: int
    hunks: list[Hunk] = field(default_factory=list)


def parse(text: str) -> list[FilePatch]:
    """The files of a unified diff; text around them is ignored. Raises `PatchError`."""
    lines = text.replace("\r\n", "\n").split("\n")
    if lines and not lines[-1]:
        lines.pop()
    patches: list[FilePatch] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if line.startswith(("GIT binary patch", "Binary files ")):
            raise PatchError("a binary change cannot be applied", patch_line=at + 1)
        if line.startswith("rename from "):
            raise PatchError("a rename cannot be applied; use git diff --no-renames", patch_line=at + 1)
        if line.startswith("--- ") and at + 1 < len(lines) and lines[at + 1].startswith("+++ "):
            patch = FilePatch(_path(line), _path(lines[at + 1]), at + 1)
            at = _read_hunks(lines, at + 2, patch)
            patches.append(patch)
        else:
            at += 1
    if not patches:
        raise PatchError("no unified diff in it: no lines '--- FILE' and '+++ FILE'")
    return patches


def apply(path: str, content: str, hunks: Sequence[Hunk]) -> str:
    """`content` with the hunks applied. Raises `PatchError` naming the line at which one does not fit."""
    carriage = "\r\n" in content
    lines = _split(content)
    result: list[str] = []
    taken = 0
    for number, hunk in enumerate(hunks, start=1):
        old = _with_ends(hunk.old, carriage)
        place = _place(path, lines, old, hunk, taken, number)
        result += lines[taken:place]
        result += _with_ends(hunk.new, carriage)
        taken = place + len(old)
    return "".join([*result, *lines[taken:]])


def _path(header: str) -> str | None:
    """The path in a `---` or `+++` line; None for a file that is not there, which plain diff dates to the epoch."""
    path, _, date = header[4:].partition("\t")
    path = path.strip().strip('"')
    return None if path == "/dev/null" or _EPOCH.match(date) else path


def _read_hunks(lines: Sequence[str], at: int, patch: FilePatch) -> int:
    """Read the hunks that follow a file's header; returns the index of the first line after them."""
    while at < len(lines) and (match := _HUNK.match(lines[at])):
        old_count = int(match[2] or 1)
        new_count = int(match[4] or 1)
        hunk = Hunk(int(match[1]), at + 1)
        at = _read_lines(lines, at + 1, hunk, old_count, new_count)
        patch.hunks.append(hunk)
    if not patch.hunks:
        raise PatchError("a file's header without a hunk '@@ -line,count +line,count @@'", patch_line=at)
    return at


def _read_lines(lines: Sequence[str], at: int, hunk: Hunk, old_count: int, new_count: int) -> int:
    """Read one hunk's lines by its counts; returns the index of the first line after it."""
    while len(hunk.old) < old_count or len(hunk.new) < new_count:
        if at >= len(lines):
            raise PatchError("the patch ends inside a hunk", patch_line=at)
        sign, text = lines[at][:1] or " ", lines[at][1:] + "\n"
        ends_bare = at + 1 < len(lines) and lines[at + 1].startswith("\\")
        if ends_bare:
            text = text[:-1]
        if sign not in (" ", "+", "-"):
            raise PatchError("a line of a hunk starts with ' ', '+' or '-'", patch_line=at + 1)
        if sign != "+":
            hunk.old.append(text)
        if sign != "-":
            hunk.new.append(text)
        at += 2 if ends_bare else 1
    return at


def _place(path: str, lines: Sequence[str], old: list[str], hunk: Hunk, taken: int, number: int) -> int:
    """The index at which the hunk's old lines stand, not before `taken`."""
    stated = max(hunk.start - 1, 0) if old else min(hunk.start, len(lines))
    if stated >= taken and lines[stated : stated + len(old)] == old:
        return stated
    last = len(lines) - len(old)
    fits = [at for at in range(taken, last + 1) if lines[at : at + len(old)] == old] if old else []
    if len(fits) == 1:
        return fits[0]
    line, reason = _misfit(lines, old, stated)
    if fits:
        reason = "fits at lines " + ", ".join(str(at + 1) for at in fits)
    raise PatchError(f"hunk {number} does not fit: {reason}", path, line, hunk.patch_line)


def _misfit(lines: Sequence[str], old: Sequence[str], stated: int) -> tuple[int, str]:
    """The first line at the stated place that is not what the hunk expects, and a sentence about it."""
    for offset, expected in enumerate(old):
        at = stated + offset
        if at >= len(lines):
            return at + 1, f"the file ends, expected {expected.rstrip()!r}"
        if lines[at] != expected:
            return at + 1, f"expected {expected.rstrip()!r}, found {lines[at].rstrip()!r}"
    return stated + 1, "it overlaps the hunk before it"


def _split(content: str) -> list[str]:
    """Lines with their ends; a line ends at a line feed and nowhere else."""
    parts = content.split("\n")
    lines = [part + "\n" for part in parts[:-1]]
    return [*lines, parts[-1]] if parts[-1] else lines


def _with_ends(lines: Sequence[str], carriage: bool) -> list[str]:
    """The hunk's lines with the line ends of the file."""
    if not carriage:
        return list(lines)
    return [line[:-1] + "\r\n" if line.endswith("\n") else line for line in lines]
