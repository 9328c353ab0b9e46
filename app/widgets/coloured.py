"""Where the colours of JSON and SQL go: pure, so that it has tests. Offsets count characters of the whole text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from app.theme.tokens import Token

Stretch = tuple[int, int, Token]
"""Start, length, colour."""


class Language(StrEnum):
    """What a text is written in."""

    PLAIN = "plain"
    JSON = "json"
    SQL = "sql"


_JSON = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*")(?=\s*:)|(?P<string>"(?:[^"\\]|\\.)*")'
    r"|(?P<number>-?\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b)|(?P<word>\b(?:true|false|null)\b)"
)
_SQL = re.compile(
    r"(?P<comment>--[^\n]*)|(?P<string>'(?:[^']|'')*')"
    r"|(?P<param>%\(\w+\)s|\$\d+|%s|(?<!:):\w+)|(?P<number>\b\d+(?:\.\d+)?\b)"
    r"|(?P<word>\b(?:SELECT|DISTINCT|FROM|WHERE|AND|OR|NOT|NULL|IS|IN|AS|ON|JOIN|LEFT|RIGHT|INNER|OUTER|GROUP|ORDER|BY"
    r"|HAVING|LIMIT|OFFSET|INSERT|INTO|VALUES|UPDATE|SET|DELETE|RETURNING|CONFLICT|DO|NOTHING|FOR|SHARE|UNION|ALL|CASE"
    r"|WHEN|THEN|ELSE|END|WITH|BEGIN|COMMIT|ROLLBACK|EXISTS|BETWEEN|LIKE|ASC|DESC|CREATE|TABLE|LOCK)\b)",
    re.IGNORECASE,
)
_INKS = {
    "key": Token.CODE_FUNCTION,
    "string": Token.CODE_STRING,
    "number": Token.CODE_NUMBER,
    "word": Token.CODE_KEYWORD,
    "param": Token.CODE_NUMBER,
    "comment": Token.CODE_COMMENT,
}
_PATTERNS = {Language.JSON: _JSON, Language.SQL: _SQL}


def coloured(text: str, language: Language) -> Iterator[Stretch]:
    """The coloured stretches of a text, from left to right; all else has the colour of text."""
    pattern = _PATTERNS.get(language)
    if pattern is not None:
        for found in pattern.finditer(text):
            yield found.start(), found.end() - found.start(), _INKS[found.lastgroup or "word"]


_CLAUSES = re.compile(
    r"\s+(?=(?:FROM|WHERE|ORDER BY|GROUP BY|HAVING|LIMIT|VALUES|RETURNING|ON CONFLICT|SET"
    r"|LEFT JOIN|INNER JOIN|JOIN)\b)",
    re.IGNORECASE,
)


def sql_lines(statement: str) -> str:
    """A statement with a line for each clause."""
    return _CLAUSES.sub("\n", re.sub(r"\s+", " ", statement).strip())
