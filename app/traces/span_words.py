"""How a span is called: by the statement, the address or the route that it is about. Pure."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from protos.drill.v1.records import Span

DATABASE = "postgres"
_STATEMENT_KEYS = ("db.query.text", "db.statement")
_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE|TABLE|JOIN)\s+\"?([\w.]+)", re.IGNORECASE)
_VERB = re.compile(r"\s*(\w+)")


def statement_of(span: Span) -> str:
    """The SQL statement, or an empty text."""
    return next((str(span.attributes[key]) for key in _STATEMENT_KEYS if span.attributes.get(key)), "")


def place_of(span: Span) -> str:
    """Where the work is done: the database for its calls, else the service."""
    system = str(span.attributes.get("db.system.name") or span.attributes.get("db.system") or "")
    if not system:
        return span.service
    return DATABASE if system.startswith("postgres") else system


def title_of(span: Span) -> str:
    """A name that tells spans apart: `SELECT charges`, not `SELECT billing`; `POST /refunds`, not `POST`."""
    statement = statement_of(span)
    if statement:
        verb, table = _VERB.match(statement), _TABLE.search(statement)
        if verb is not None and table is not None:
            return f"{verb[1].upper()} {table[1]}"
    url = span.attributes.get("url.full") or span.attributes.get("http.url")
    if url and " " not in span.name:
        return f"{span.name} {urlsplit(str(url)).path or '/'}"
    return span.name or "(no name)"
