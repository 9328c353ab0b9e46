"""On which line of a TOML text each key stands. The text is known to be valid: tomlkit has parsed it."""

from __future__ import annotations

import re
from collections.abc import Mapping

Path = tuple[str | int, ...]
"""keys and, below an array of tables, its index"""

_KEY = re.compile(
    r"""\s*(?:"(?P<basic>(?:[^"\\]|\\.)*)"|'(?P<literal>[^']*)'|(?P<bare>[A-Za-z0-9_-]+))\s*(?P<dot>\.?)"""
)
_STRING = re.compile(r'"""(?s:.*?)(?<!\\)"{3,5}|\'\'\'(?s:.*?)\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'')


def locate(text: str) -> Mapping[Path, int]:
    """The line, counted from 1, of every table header and of every key outside inline tables."""
    return _Scan(text).run()


class _Scan:
    """One pass over the text, statement by statement."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._table: Path = ()
        self._counts: dict[Path, int] = {}
        self._lines: dict[Path, int] = {}

    def run(self) -> Mapping[Path, int]:
        while self._skip_blank():
            if self._text[self._at] == "[":
                self._header()
            else:
                path = self._inside(self._table, self._keys())
                self._note(path)
                self._skip_value()
        return self._lines

    def _skip_blank(self) -> bool:
        blank = re.compile(r"(?:\s+|#[^\n]*)*").match(self._text, self._at)
        assert blank is not None
        self._at = blank.end()
        return self._at < len(self._text)

    def _header(self) -> None:
        is_array = self._text.startswith("[[", self._at)
        self._at += 2 if is_array else 1
        path = self._inside((), self._keys(), last_is_array=is_array)
        if is_array:
            index = self._counts[path] = self._counts.get(path, -1) + 1
            path = (*path, index)
        self._note(path)
        self._table = path
        self._at = self._text.find("]", self._at) + (2 if is_array else 1)

    def _inside(self, table: Path, keys: list[str], last_is_array: bool = False) -> Path:
        path = table
        for place, key in enumerate(keys):
            path = (*path, key)
            if path in self._counts and not (last_is_array and place == len(keys) - 1):
                path = (*path, self._counts[path])
        return path

    def _keys(self) -> list[str]:
        keys = []
        while match := _KEY.match(self._text, self._at):
            self._at = match.end()
            keys.append(match["basic"] or match["literal"] or match["bare"] or "")
            if not match["dot"]:
                break
        return keys

    def _note(self, path: Path) -> None:
        line = self._text.count("\n", 0, self._at) + 1
        for length in range(1, len(path) + 1):
            self._lines.setdefault(path[:length], line)

    def _skip_value(self) -> None:
        depth = 0
        while self._at < len(self._text):
            character = self._text[self._at]
            if character in "\"'":
                string = _STRING.match(self._text, self._at)
                self._at = string.end() if string else self._at + 1
                continue
            if character == "#":
                self._at = self._text.find("\n", self._at) % (len(self._text) + 1)
                continue
            if character == "\n" and depth == 0:
                return
            depth += (character in "[{") - (character in "]}")
            self._at += 1
