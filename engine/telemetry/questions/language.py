"""The query language of traces and logs: a pure parser whose errors say where they are.

    service:billing status:error duration:>1s attr.customer=42          (traces)
    service:billing level:>=warning word "two words" -not trace:abc     (logs)

Terms side by side must all hold; `OR` between them, parentheses, `NOT` or a leading `-`. A text in quotes may hold
blanks; backslash escapes a quote or a backslash.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class QueryError(Exception):
    """A query that cannot be read: `message` for people, from character `start` up to `end`."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end


class Op(StrEnum):
    """How a field's value is compared."""

    IS = ":"
    MORE = ">"
    MORE_OR_SAME = ">="
    LESS = "<"
    LESS_OR_SAME = "<="


@dataclass(frozen=True, slots=True)
class Text:
    """A word or a quoted text."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """`key:value`, `key:>value`; `number` is the value in the field's unit (milliseconds for a duration)."""

    key: str
    op: Op
    value: str
    number: float | None = None


@dataclass(frozen=True, slots=True)
class Not:
    """Holds where `node` does not."""

    node: Node


@dataclass(frozen=True, slots=True)
class And:
    """Holds where all do; without nodes always."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Holds where one does."""

    nodes: tuple[Node, ...]


Node = Text | Field | Not | And | Or

LEVEL_NUMBERS = {
    "trace": 0,
    "debug": 1,
    "info": 2,
    "warning": 3,
    "warn": 3,
    "error": 4,
    "critical": 5,
    "fatal": 5,
}
_STATUSES = ("ok", "error")
_UNITS_MS = {"us": 0.001, "µs": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
_DURATION = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,15})?)(us|µs|ms|s|m)")
_NUMBER = re.compile(r"[0-9]{1,15}")
_DECIMAL = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_HEX = re.compile(r"[0-9a-fA-F]{1,32}")
_MAX_DEPTH = 50
_TOKEN = re.compile(
    r"""(?P<blank>\s+)
    |(?P<open>\()
    |(?P<close>\))
    |(?P<minus>-(?=\S))
    |(?P<field>(?P<key>attr\.[^\s:=<>()"]+|[A-Za-z_]+)(?P<op>:>=|:<=|:>|:<|:|=))
    |(?P<quoted>"(?:[^"\\]|\\.)*")
    |(?P<word>[^\s()"]+)""",
    re.VERBOSE | re.DOTALL,
)
_VALUE = re.compile(r"""(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<word>[^\s()"]+)""", re.DOTALL)

_TRACE_FIELDS = {
    "service": "text",
    "route": "text",
    "name": "text",
    "status": "status",
    "duration": "duration",
    "spans": "number",
    "trace": "hex",
}
_LOG_FIELDS = {"service": "text", "level": "level", "trace": "hex", "span": "hex"}


def parse_trace_query(text: str) -> Node:
    """The tree of a trace query. Raises QueryError."""
    return _Parser(text, _TRACE_FIELDS).parse()


def parse_log_query(text: str) -> Node:
    """The tree of a log query. Raises QueryError."""
    return _Parser(text, _LOG_FIELDS).parse()


def render(node: Node) -> str:
    """The text of a tree: parsing it gives an equal tree."""
    match node:
        case Text(text):
            return _quote(text)
        case Field(key, op, value, _):
            return f"{key}:{'' if op is Op.IS else op.value}{_quote(value)}"
        case Not(inner):
            return f"-{_inner(inner)}"
        case And(nodes):
            return " ".join(_inner(n) if isinstance(n, And | Or) else render(n) for n in nodes)
        case Or(nodes):
            return " OR ".join(_inner(n) if isinstance(n, Or | And) else render(n) for n in nodes)


def _inner(node: Node) -> str:
    return f"({render(node)})" if isinstance(node, And | Or) else render(node)


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _unquote(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    start: int
    end: int
    node: Node | None = None


class _Parser:
    def __init__(self, text: str, fields: dict[str, str]) -> None:
        self._text = text
        self._fields = fields
        self._tokens = self._scan()
        self._next = 0

    def parse(self) -> Node:
        node = self._either(0)
        token = self._peek()
        if token is not None:
            raise QueryError("this parenthesis was never opened", token.start, token.end)
        return node

    def _peek(self) -> _Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _either(self, depth: int) -> Node:
        nodes = [self._all(depth)]
        while (token := self._peek()) is not None and token.kind == "or":
            self._next += 1
            right = self._all(depth)
            if And(()) in (nodes[-1], right):
                raise QueryError("OR needs a term on both sides", token.start, token.end)
            nodes.append(right)
        return nodes[0] if len(nodes) == 1 else Or(tuple(nodes))

    def _all(self, depth: int) -> Node:
        nodes: list[Node] = []
        while (token := self._peek()) is not None and token.kind not in ("or", "close"):
            nodes.append(self._one(depth))
        return nodes[0] if len(nodes) == 1 else And(tuple(nodes))

    def _one(self, depth: int) -> Node:
        token = self._tokens[self._next]
        self._next += 1
        if depth > _MAX_DEPTH:
            raise QueryError("nested too deeply", token.start, token.end)
        if token.kind == "not":
            following = self._peek()
            if following is None or following.kind in ("or", "close"):
                raise QueryError("nothing follows to be excluded", token.start, token.end)
            return Not(self._one(depth + 1))
        if token.kind == "open":
            node = self._either(depth + 1)
            if self._peek() is None:
                raise QueryError("this parenthesis is never closed", token.start, token.end)
            if node == And(()):
                raise QueryError("nothing between the parentheses", token.start, self._tokens[self._next].end)
            self._next += 1
            return node
        assert token.node is not None
        return token.node

    def _scan(self) -> list[_Token]:
        tokens: list[_Token] = []
        position = 0
        while position < len(self._text):
            found = _TOKEN.match(self._text, position)
            if found is None:
                raise QueryError("this quote is never closed", position, len(self._text))
            kind = found.lastgroup or ""
            kind = next(k for k in ("blank", "open", "close", "minus", "field", "quoted", "word") if found[k])
            position = found.end()
            if kind == "field":
                token = self._field(found)
                position = token.end
                tokens.append(token)
            elif kind != "blank":
                tokens.append(_plain(kind, found))
        return tokens

    def _field(self, found: re.Match[str]) -> _Token:
        key, op = found["key"], found["op"]
        start, after = found.span()
        kind = "text" if key.startswith("attr.") else self._fields.get(key)
        if kind is None:
            known = ", ".join(f"{name}:" for name in self._fields)
            raise QueryError(
                f"there is no field {key}: (fields are {known}, attr.NAME:)", start, start + len(key)
            )
        value = _VALUE.match(self._text, after)
        if value is None:
            if self._text.startswith('"', after):
                raise QueryError("this quote is never closed", after, len(self._text))
            raise QueryError(f"{key}: needs a value", start, after)
        text = _unquote(value[0]) if value["quoted"] is not None else value[0]
        compared = Op(op[1:]) if len(op) > 1 else Op.IS
        node = _checked(key, kind, compared, text, value.start(), value.end())
        return _Token("term", start, value.end(), node)


def _plain(kind: str, found: re.Match[str]) -> _Token:
    start, end = found.span()
    if kind in ("open", "close"):
        return _Token(kind, start, end)
    if kind == "minus" or (kind == "word" and found[0] == "NOT"):
        return _Token("not", start, end)
    if kind == "word" and found[0] == "OR":
        return _Token("or", start, end)
    return _Token("term", start, end, Text(_unquote(found[0]) if kind == "quoted" else found[0]))


def _checked(key: str, kind: str, op: Op, text: str, start: int, end: int) -> Field:
    """The field with its value understood. Raises QueryError."""
    if kind in ("text", "hex", "status") and op is not Op.IS and not key.startswith("attr."):
        raise QueryError(f"{key}: is not ordered, {op.value} has no meaning", start, end)
    if kind == "status" and text not in _STATUSES:
        raise QueryError(f"status: is one of {', '.join(_STATUSES)}", start, end)
    if kind == "hex" and not _HEX.fullmatch(text):
        raise QueryError(f"{key}: is a hexadecimal id or its beginning", start, end)
    if kind == "level":
        if text.lower() not in LEVEL_NUMBERS:
            raise QueryError(f"level: is one of {', '.join(LEVEL_NUMBERS)}", start, end)
        return Field(key, op, text, float(LEVEL_NUMBERS[text.lower()]))
    if kind == "number":
        if not _NUMBER.fullmatch(text):
            raise QueryError(f"{key}: is a whole number", start, end)
        return Field(key, op, text, float(text))
    if kind == "duration":
        found = _DURATION.fullmatch(text)
        if found is None or op is Op.IS:
            raise QueryError("a duration is written like duration:>200ms or duration:<=1.5s", start, end)
        return Field(key, op, text, float(found[1]) * _UNITS_MS[found[2]])
    if op is not Op.IS:
        if not _DECIMAL.fullmatch(text):
            raise QueryError(f"{key}:{op.value} needs a number", start, end)
        return Field(key, op, text, float(text))
    return Field(key, op, text)
