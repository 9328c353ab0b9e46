"""A unified diff as rows with line numbers and coloured words; text that is no diff stays readable text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_for_filename
from pygments.lexers.special import TextLexer
from pygments.token import Token, _TokenType
from pygments.util import ClassNotFound

from engine.reports.texts import visible

_GIT_HEADERS = (
    "diff --git ",
    "index ",
    "new file mode ",
    "deleted file mode ",
    "old mode ",
    "new mode ",
    "similarity ",
)
_HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$")


class RowKind(StrEnum):
    """What a row of a diff is."""

    HUNK = "hunk"
    CONTEXT = "context"
    ADDED = "added"
    REMOVED = "removed"
    NOTE = "note"


class Role(StrEnum):
    """What a piece of code is, for its colour."""

    PLAIN = "plain"
    KEYWORD = "keyword"
    STRING = "string"
    NUMBER = "number"
    FUNCTION = "function"
    COMMENT = "comment"
    DECORATOR = "decorator"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of a line, all of one role."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a diff; `old` and `new` are its line numbers in the two files, `indent` its leading spaces."""

    kind: RowKind
    old: int | None
    new: int | None
    indent: int
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The line without its colours."""
        return " " * self.indent + "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """One file of a diff; `added` and `removed` count lines."""

    path: str
    added: int
    removed: int
    rows: tuple[Row, ...]


def read(diff: str) -> tuple[ChangedFile, ...]:
    """The files of a unified diff. Never raises: lines that do not fit become notes."""
    lines = diff.replace("\r\n", "\n").split("\n")
    if lines and not lines[-1]:
        lines.pop()
    files: list[ChangedFile] = []
    path, at = "", 0
    rows: list[Row] = []
    while at < len(lines):
        line = lines[at]
        if line.startswith("--- ") and at + 1 < len(lines) and lines[at + 1].startswith("+++ "):
            _close(files, path, rows)
            path, rows = _path(line, lines[at + 1]), []
            at += 2
        elif hunk := _HUNK.match(line):
            found, at = _hunk(hunk, lines, at + 1)
            rows += [_plain(RowKind.HUNK, line), *_coloured(found, path)]
        else:
            if line.strip() and not line.startswith(_GIT_HEADERS):
                rows.append(_plain(RowKind.NOTE, line))
            at += 1
    _close(files, path, rows)
    return tuple(files)


def _close(files: list[ChangedFile], path: str, rows: Sequence[Row]) -> None:
    """End a file; rows without a path are text that is no diff."""
    if path or rows:
        added = sum(row.kind is RowKind.ADDED for row in rows)
        removed = sum(row.kind is RowKind.REMOVED for row in rows)
        files.append(ChangedFile(visible(path), added, removed, tuple(rows)))


def _path(old: str, new: str) -> str:
    """The path after the change, or before it where the file is gone."""
    names = [line[4:].split("\t")[0].strip().strip('"') for line in (new, old)]
    name = next((name for name in names if name != "/dev/null"), "")
    return name[2:] if name.startswith(("a/", "b/")) else name


def _plain(kind: RowKind, text: str, old: int | None = None, new: int | None = None) -> Row:
    expanded = visible(text.expandtabs(4))
    bare = expanded.lstrip(" ")
    return Row(kind, old, new, len(expanded) - len(bare), (Piece(Role.PLAIN, bare),) if bare else ())


def _hunk(head: re.Match[str], lines: Sequence[str], at: int) -> tuple[list[Row], int]:
    """The rows of a hunk that starts at `lines[at]`, and where it ends."""
    old, new = int(head[1]), int(head[3])
    old_left = int(head[2] or 1)
    new_left = int(head[4] or 1)
    rows: list[Row] = []
    while at < len(lines) and (old_left > 0 or new_left > 0 or lines[at].startswith("\\")):
        sign, text = lines[at][:1], lines[at][1:]
        if sign == "\\":
            rows.append(_plain(RowKind.NOTE, text.strip()))
        elif sign == "-":
            rows.append(_plain(RowKind.REMOVED, text, old=old))
            old, old_left = old + 1, old_left - 1
        elif sign == "+":
            rows.append(_plain(RowKind.ADDED, text, new=new))
            new, new_left = new + 1, new_left - 1
        elif sign in (" ", ""):
            rows.append(_plain(RowKind.CONTEXT, text, old, new))
            old, new, old_left, new_left = old + 1, new + 1, old_left - 1, new_left - 1
        else:
            break
        at += 1
    return rows, at


def _coloured(rows: Sequence[Row], path: str) -> list[Row]:
    """The rows with their words coloured; each side is read as a whole, so that strings may span lines."""
    result = list(rows)
    for kind in (RowKind.REMOVED, RowKind.ADDED):
        side = [index for index, row in enumerate(rows) if row.kind in (kind, RowKind.CONTEXT)]
        pieces = _pieces("\n".join(rows[index].text for index in side), path)
        if len(pieces) != len(side):
            continue
        for index, line in zip(side, pieces, strict=True):
            result[index] = replace(rows[index], pieces=_without_indent(line, rows[index].indent))
    return result


def _without_indent(pieces: Sequence[Piece], indent: int) -> tuple[Piece, ...]:
    kept: list[Piece] = []
    for piece in pieces:
        cut = min(indent, len(piece.text)) if not kept else 0
        indent -= cut
        if piece.text[cut:]:
            kept.append(Piece(piece.role, piece.text[cut:]))
    return tuple(kept)


def _pieces(code: str, path: str) -> list[list[Piece]]:
    """The coloured pieces of each line of `code`."""
    lines: list[list[Piece]] = [[]]
    for token, text in _lexer(path).get_tokens(code):
        role = _role(token)
        for number, part in enumerate(text.split("\n")):
            if number:
                lines.append([])
            if part and lines[-1] and lines[-1][-1].role is role:
                lines[-1][-1] = Piece(role, lines[-1][-1].text + part)
            elif part:
                lines[-1].append(Piece(role, part))
    return lines


def _lexer(path: str) -> Lexer:
    """The lexer for a file's name; it must keep every character, or lines would move."""
    try:
        return get_lexer_for_filename(path, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return TextLexer(stripnl=False, ensurenl=False)


_ROLES = (
    (Token.Comment, Role.COMMENT),
    (Token.Name.Decorator, Role.DECORATOR),
    (Token.Keyword, Role.KEYWORD),
    (Token.Operator.Word, Role.KEYWORD),
    (Token.Literal.String, Role.STRING),
    (Token.Literal.Number, Role.NUMBER),
    (Token.Name.Function, Role.FUNCTION),
    (Token.Name.Class, Role.FUNCTION),
    (Token.Name.Builtin, Role.FUNCTION),
)


def _role(token: _TokenType) -> Role:
    """The role of a token: that of the first kind which it is or descends from."""
    return next((role for kind, role in _ROLES if token[: len(kind)] == kind), Role.PLAIN)
