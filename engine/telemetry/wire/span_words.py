"""What a span is about, from the few attributes that tell: its title, where its work is done, what it repeats."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from google.protobuf.message import DecodeError
from opentelemetry.proto.common.v1.common_pb2 import KeyValue

from engine.telemetry.wire.attributes import peer_name

_STATEMENTS = ("db.query.text", "db.statement")
_SYSTEMS = ("db.system.name", "db.system")
_ADDRESSES = ("url.full", "http.url")
_KEYS = {f"\x0a{chr(len(key))}{key}".encode(): key for key in (*_STATEMENTS, *_SYSTEMS, *_ADDRESSES)}
"""Each key as it begins a serialized KeyValue: field 1, its length, its text. All are shorter than 128."""
_KEY_BEGINS = 0x0A
_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE|TABLE|JOIN)\s+\"?([\w.]+)", re.IGNORECASE)
_LONGEST_TITLE = 200
_VERB = re.compile(r"\s*(\w+)")


@dataclass(frozen=True, slots=True)
class SpanWords:
    """`title` tells the span apart (`SELECT charges`), `place` does the work (the database for its calls).

    `statement` is its SQL, or an empty text.
    """

    title: str
    place: str
    statement: str


def words_of(name: str, service: str, attributes: Iterable[bytes]) -> SpanWords:
    """The words of a span with these serialized KeyValue messages; only those that tell are decoded."""
    told = _told(attributes)
    statement = _first(told, _STATEMENTS)
    system = _first(told, _SYSTEMS)
    return SpanWords(
        title=_title(name, statement, _first(told, _ADDRESSES))[:_LONGEST_TITLE],
        place=peer_name(system) or service,
        statement=statement,
    )


def _told(attributes: Iterable[bytes]) -> dict[str, str]:
    told: dict[str, str] = {}
    for pair in attributes:
        # A key that does not come first is legal and never seen; it is looked at the long way.
        is_usual = len(pair) > 1 and pair[0] == _KEY_BEGINS
        key = _KEYS.get(pair[: pair[1] + 2]) if is_usual else ""
        if key is None:
            continue
        try:
            message = KeyValue.FromString(pair)
        except DecodeError:
            continue
        if message.value.string_value:
            told[message.key] = message.value.string_value
    return told


def _first(told: dict[str, str], keys: Iterable[str]) -> str:
    return next((told[key] for key in keys if key in told), "")


def _title(name: str, statement: str, address: str) -> str:
    """`SELECT charges`, not `SELECT billing`; `POST /refunds`, not `POST`."""
    if statement:
        verb, table = _VERB.match(statement), _TABLE.search(statement)
        if verb is not None and table is not None:
            return f"{verb[1].upper()} {table[1]}"
    if address and " " not in name:
        return f"{name} {_path(address)}"
    return name or "(no name)"


def _path(address: str) -> str:
    try:
        return urlsplit(address).path or "/"
    except ValueError:
        return address
