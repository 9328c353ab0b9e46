"""What a workspace hands out, and how it refuses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.drill.errors import DrillError


class WorkspaceError(DrillError):
    """A request that the workspace refuses; the text says what was wrong, where, and what is allowed."""


class PatchError(WorkspaceError):
    """A patch that cannot be read or does not fit.

    `path` is the file in the workspace (empty when the patch itself is unreadable), `line` the line of that
    file at which the hunk should have fitted, `patch_line` that of the patch; from 1, and 0 is unknown.
    """

    def __init__(self, message: str, path: str = "", line: int = 0, patch_line: int = 0) -> None:
        where = f"{path}:{line}: " if path and line else f"{path}: " if path else ""
        source = f" (patch line {patch_line})" if patch_line else ""
        super().__init__(f"{where}{message}{source}")
        self.path = path
        self.line = line
        self.patch_line = patch_line


class Change(StrEnum):
    """How a file differs from what is deployed."""

    NONE = ""
    ADDED = "A"
    MODIFIED = "M"
    DELETED = "D"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of the tree; `path` is relative, with forward slashes; `service` is empty for a document."""

    path: str
    service: str
    editable: bool
    change: Change


@dataclass(frozen=True, slots=True)
class Diff:
    """A unified diff; `files` are the paths that it touches, `added` and `removed` count lines."""

    text: str
    files: tuple[str, ...]
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that the team wants deployed: a commit, and how it differs from what is deployed now."""

    commit: str
    title: str
    author: str
    proposed_ns: int
    files: tuple[str, ...]
    added: int
    removed: int
    diff: str
