"""Filters of a query that are shown as chips, and the rest that is typed. Pure.

A chip binds stronger than what is typed: `service:billing` with `timeout OR mismatch` asks for either word of
billing. So a rest with OR goes in brackets, and a term that an OR follows never becomes a chip.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

FIELDS = ("service", "level")
_LEADING = re.compile(rf"\s*({'|'.join(FIELDS)}):((?:>=|<=|>|<)?[\w.\-]+)\s+")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"?')
_OR = re.compile(r"(?:^|[\s()])OR(?=$|[\s()])")


@dataclass(frozen=True, slots=True)
class Filter:
    """A field with the value that it must have."""

    name: str
    value: str

    def __str__(self) -> str:
        """As it is written in a query."""
        return f"{self.name}:{self.value}"


@dataclass(frozen=True, slots=True)
class WholeQuery:
    """What the engine is asked; `moved` letters of it stand before the first typed one."""

    text: str
    moved: int


def has_or(text: str) -> bool:
    """Whether an OR stands in the text outside quotes."""
    return bool(_OR.search(_QUOTED.sub('""', text)))


def taken_filters(text: str) -> tuple[tuple[Filter, ...], str]:
    """The finished terms at the start of a typed text that become chips, and what stays typed."""
    found, rest = [], text
    while (match := _LEADING.match(rest)) is not None:
        after = rest[match.end() :]
        if re.match(r"O(R?$|R[\s()])", after):
            break
        found.append(Filter(match[1], match[2]))
        rest = after
    return tuple(found), rest


def split_query(query: str) -> tuple[tuple[Filter, ...], str]:
    """A whole query from elsewhere as chips and typed text; one with an OR stays as it is."""
    if has_or(query):
        return (), query
    return taken_filters(query + " ")[0], taken_filters(query + " ")[1].strip()


def returned(filters: tuple[Filter, ...], text: str) -> tuple[tuple[Filter, ...], str]:
    """The last chip becomes text again where an OR follows it."""
    if filters and re.match(r"\s*OR\s", text):
        return filters[:-1], f"{filters[-1]} {text.lstrip()}"
    return filters, text


def whole_query(filters: tuple[Filter, ...], text: str) -> WholeQuery:
    """What the engine is asked."""
    typed, ahead = text.strip(), " ".join(map(str, filters))
    blanks = len(text) - len(text.lstrip())
    if not filters or not typed:
        return WholeQuery(ahead or typed, -blanks if not filters else len(ahead))
    if has_or(typed):
        return WholeQuery(f"{ahead} ({typed})", len(ahead) + 2 - blanks)
    return WholeQuery(f"{ahead} {typed}", len(ahead) + 1 - blanks)
