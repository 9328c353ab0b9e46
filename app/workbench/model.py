"""The workbench's state in words and rows, computed from the contract's records: no widgets here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.theme import Status
from protos.drill.v1.records import Probe, SourceFile, Verification

DOCUMENTS = "Documents"


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A row of the source tree: a group (a service, or the documents) or a file in it."""

    text: str
    path: str = ""
    service: str = ""
    editable: bool = True
    change: str = ""

    @property
    def is_group(self) -> bool:
        """Groups cannot be opened."""
        return not self.path


def tree_rows(files: Sequence[SourceFile]) -> tuple[TreeRow, ...]:
    """Documents first, then each service with its files; what may not be edited says so."""
    rows: list[TreeRow] = []
    documents = [file for file in files if not file.service]
    if documents:
        rows.append(TreeRow(DOCUMENTS, editable=False))
        rows += [TreeRow(file.path, file.path, editable=False) for file in documents]
    for service in dict.fromkeys(file.service for file in files if file.service):
        mine = [file for file in files if file.service == service]
        editable = any(file.editable for file in mine)
        rows.append(TreeRow(service, service=service, editable=editable))
        rows += [
            TreeRow(file.path.split("/", 1)[-1], file.path, service, file.editable, file.change)
            for file in mine
        ]
    return tuple(rows)


def changed_count(files: Sequence[SourceFile]) -> int:
    """How many files differ from what is deployed."""
    return sum(1 for file in files if file.change)


VERDICTS: dict[str, Status] = {
    "right": Status.OK,
    "partial": Status.WARNING,
    "masked": Status.WARNING,
    "wrong": Status.CRITICAL,
    "not-run": Status.IDLE,
}
PROBES: dict[str, Status] = {
    "held": Status.OK,
    "failed": Status.CRITICAL,
    "running": Status.INFO,
    "waiting": Status.IDLE,
    "skipped": Status.IDLE,
}


def latest_verification(verifications: Sequence[Verification]) -> Verification | None:
    """The judgement that the screen shows: one that runs, else the newest."""
    for verification in verifications:
        if verification.state == "running":
            return verification
    return verifications[-1] if verifications else None


def probe_words(probe: Probe) -> str:
    """What a probe found, or what it asks as long as it has not."""
    if probe.state in ("held", "failed"):
        return probe.measured
    return probe.asks


class LineKind(StrEnum):
    """What a line of a unified diff is."""

    FILE = "file"
    HUNK = "hunk"
    ADDED = "added"
    REMOVED = "removed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a diff with its numbers in the old and the new file (0: it has none)."""

    kind: LineKind
    text: str
    old: int = 0
    new: int = 0


def diff_lines(text: str) -> tuple[DiffLine, ...]:
    """A unified diff as lines for painting."""
    lines: list[DiffLine] = []
    old = new = 0
    for raw in text.splitlines():
        if raw.startswith("--- "):
            continue
        if raw.startswith("+++ "):
            lines.append(DiffLine(LineKind.FILE, raw[4:].split("\t")[0].removeprefix("b/")))
        elif raw.startswith("@@"):
            old, new = _hunk_starts(raw)
            lines.append(DiffLine(LineKind.HUNK, raw))
        elif raw.startswith("+"):
            lines.append(DiffLine(LineKind.ADDED, raw[1:], 0, new))
            new += 1
        elif raw.startswith("-"):
            lines.append(DiffLine(LineKind.REMOVED, raw[1:], old, 0))
            old += 1
        elif raw.startswith(" ") or not raw:
            lines.append(DiffLine(LineKind.SAME, raw[1:], old, new))
            old, new = old + 1, new + 1
    return tuple(lines)


def _hunk_starts(header: str) -> tuple[int, int]:
    words = header.split()
    starts = [word for word in words[1:3] if word[:1] in "+-"]
    numbers = [int(word[1:].split(",")[0]) for word in starts if word[1:].split(",")[0].isdigit()]
    return (numbers[0], numbers[1]) if len(numbers) == 2 else (0, 0)
