"""Typed access to a TOML table that notes every mistake and goes on, so that all are told at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import tomlkit
from tomlkit.exceptions import ParseError

from engine.packs.errors import PackError, PackErrors
from engine.packs.formulas import OPERATORS, parse_formula
from engine.packs.places import Path as KeyPath
from engine.packs.places import locate
from engine.packs.records import Condition

_Choice = TypeVar("_Choice", bound=StrEnum)
_MISSING = object()
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_LINE_END = re.compile(r"(?<!\n)\n(?!\n)")


class Source:
    """One TOML file: its values, the lines of its keys, and the mistakes found so far."""

    def __init__(self, file: Path, errors: list[PackError]) -> None:
        """Raises PackErrors where the file is missing or is not TOML: nothing else can be said of it then."""
        self.file = file
        self.errors = errors
        try:
            text = file.read_text(encoding="utf-8")
            self.values: dict[str, Any] = tomlkit.parse(text).unwrap()
        except FileNotFoundError:
            raise PackErrors([*errors, PackError(file, 0, "", "this file is missing")]) from None
        except UnicodeDecodeError as error:
            raise PackErrors([*errors, PackError(file, 0, "", f"not UTF-8: {error.reason}")]) from None
        except ParseError as error:
            raise PackErrors([*errors, PackError(file, error.line, "", f"not TOML: {error}")]) from None
        self._lines = locate(text)

    def root(self) -> Table:
        """The file's top table."""
        return Table(self, (), self.values)

    def line(self, path: KeyPath) -> int:
        """The line of a key, or of the innermost table around it that has one; 1 for the file's top."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def refuse(self, path: KeyPath, message: str, allowed: Iterable[str] = ()) -> None:
        """Note a mistake at `path`; what follows from an earlier one at the same key is not told."""
        key = show_path(path)
        if not any((error.file, error.key) == (self.file, key) for error in self.errors):
            self.errors.append(PackError(self.file, self.line(path), key, message, tuple(allowed)))


def show_path(path: KeyPath) -> str:
    """`services[0].name` for people."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def meant(word: str, known: Iterable[str]) -> str:
    """`, did you mean X?` where something close is known, else nothing."""
    close = get_close_matches(word, list(known), n=1)
    return f", did you mean {close[0]!r}?" if close else ""


class Table:
    """A table whose keys are read one by one; `close` then refuses the keys that nobody read.

    A reading method notes a missing key or a wrong type and returns an empty value of the right type.
    """

    def __init__(self, source: Source, path: KeyPath, values: dict[str, Any]) -> None:
        self.source = source
        self.path = path
        self._values = values
        self._read: set[str] = set()

    def text(self, key: str, default: str | None = None) -> str:
        """A string that is not empty; lines of one paragraph become one line."""
        value: str = self._typed(key, str, "a text", "", default)
        if not value.strip() and default is None and key in self._values:
            self.refuse(key, "must not be empty")
        return _LINE_END.sub(" ", value.strip())

    def name(self, key: str, default: str | None = None) -> str:
        """A name that series, ids and edges can hold: small letters, digits, dashes and underscores."""
        value = self.text(key, default)
        if value and not _NAME.fullmatch(value):
            self.refuse(key, f"{value!r} is no name: small letters, digits, dashes and underscores")
            return ""
        return value

    def number(self, key: str, default: float | None = None, above: float | None = None) -> float:
        """A whole or decimal number, at least 0, or more than `above`."""
        value = float(self._typed(key, (int, float), "a number", 0.0, default))
        self._limit(key, value, above)
        return value

    def integer(self, key: str, default: int | None = None, above: int | None = None) -> int:
        """A whole number, at least 0, or more than `above`."""
        value: int = self._typed(key, int, "a whole number", 0, default)
        self._limit(key, value, above)
        return value

    def flag(self, key: str, default: bool | None = None) -> bool:
        """true or false."""
        value: bool = self._typed(key, bool, "true or false", False, default)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings, at least one."""
        value = self._typed(key, list, "a list of texts", [], None)
        if any(not isinstance(entry, str) for entry in value) or (key in self._values and not value):
            self.refuse(key, "must be a list of texts, at least one")
            return ()
        return tuple(value)

    def words(self, key: str, allowed: Iterable[str]) -> tuple[str, ...]:
        """A list of these words, which may be empty; one that is none of them is refused."""
        known = list(allowed)
        value = self._typed(key, list, "a list of texts", [], None)
        for word in value:
            if word not in known:
                self.refuse(key, f"{word!r} is unknown{meant(str(word), known)}", known)
        return tuple(word for word in value if word in known)

    def numbers(self) -> dict[str, float]:
        """All of this table's own keys, each with a number."""
        return {key: self.number(key) for key in self._values}

    def choice(self, key: str, kind: type[_Choice], default: _Choice | None = None) -> _Choice:
        """One of the values of an enumeration."""
        return kind(self.one_of(key, [str(member) for member in kind], default))

    def one_of(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        """One of these words; where it is not, the first of them stands in."""
        words = list(allowed)
        value: str = self._typed(key, str, "one of the words listed", words[0] if words else "", default)
        if value not in words:
            self.refuse(key, f"{value!r} is unknown{meant(value, words)}", words)
            return words[0] if words else ""
        return value

    def condition(self, key: str = "formula") -> Condition:
        """The formula at `key`, to hold for `for_s` (0 where it is not given) seconds."""
        text = self._typed(key, str, "a text", "", None)
        for_s = self.number("for_s", 0.0)
        try:
            return parse_formula(text, for_s)
        except ValueError as error:
            if key in self._values and isinstance(self._values[key], str):
                self.refuse(key, str(error), [f"series {op} number" for op in OPERATORS])
            return Condition("", ">=", 0.0, for_s)

    def table(self, key: str) -> Table:
        """A table below this one."""
        value = self._typed(key, dict, "a table", {}, None)
        return Table(self.source, (*self.path, key), value)

    def named_tables(self, key: str, names: Iterable[str]) -> Iterator[tuple[str, Table]]:
        """The tables below `key`, which are called by these names; absent means none."""
        if not self.has(key):
            return
        below, known = self.table(key), list(names)
        for name in below._values:
            if name in known:
                yield name, below.table(name)
            else:
                below.refuse(name, f"{name!r} is unknown{meant(name, known)}", known)

    def tables(self, key: str, least: int = 0) -> tuple[Table, ...]:
        """An array of tables; absent means empty, unless at least `least` are asked for."""
        value = self._typed(key, list, "an array of tables", [], None if least else [])
        if any(not isinstance(entry, dict) for entry in value):
            self.refuse(key, f"must be an array of tables: [[{show_path((*self.path, key))}]]")
            return ()
        if key in self._values and len(value) < least:
            self.refuse(key, f"needs at least {least}")
        return tuple(Table(self.source, (*self.path, key, i), entry) for i, entry in enumerate(value))

    def has(self, key: str) -> bool:
        """Whether the key is given."""
        return key in self._values

    def refuse(self, key: str, message: str, allowed: Iterable[str] = ()) -> None:
        """Note a mistake at a key of this table."""
        self.source.refuse((*self.path, key), message, allowed)

    def close(self) -> None:
        """Refuse the keys that were not read."""
        for key in self._values:
            if key not in self._read:
                known = sorted(self._read)
                self.refuse(key, f"unknown key{meant(key, known)}", known)

    def _typed(self, key: str, kind: type | tuple[type, ...], name: str, empty: Any, default: Any) -> Any:
        self._read.add(key)
        value = self._values.get(key, _MISSING)
        if value is _MISSING:
            if default is None:
                self.refuse(key, f"missing: {name} is needed here")
                return empty
            return default
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            self.refuse(key, f"must be {name}, not {type(value).__name__} {value!r}"[:200])
            return empty
        return value

    def _limit(self, key: str, value: float, above: float | None) -> None:
        if key not in self._values or not isinstance(self._values[key], int | float):
            return
        if above is not None and value <= above:
            self.refuse(key, f"must be more than {above:g}, not {value:g}")
        elif value < 0:
            self.refuse(key, f"must not be negative, not {value:g}")
