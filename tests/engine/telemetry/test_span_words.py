"""Titles and places of spans from their attributes as they are sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

from engine.telemetry.wire.span_words import SpanWords, words_of


def sent(**attributes: str) -> list[bytes]:
    """Attributes as an SDK serializes them; `_` stands for a dot."""
    return [
        KeyValue(key=key.replace("_", "."), value=AnyValue(string_value=value)).SerializeToString()
        for key, value in attributes.items()
    ]


@pytest.mark.parametrize("key", ["db_query_text", "db_statement"])
@pytest.mark.parametrize("system", ["db_system_name", "db_system"])
def test_that_a_database_call_is_named_by_its_table_and_belongs_to_the_database(
    key: str, system: str
) -> None:
    statement = "SELECT a.b \nFROM charges WHERE x = 1"
    attributes = sent(server_port="5432", **{system: "postgresql", key: statement})
    assert words_of("SELECT billing", "billing", attributes) == SpanWords(
        "SELECT charges", "postgres", statement
    )


def test_that_an_outgoing_request_is_named_by_its_path() -> None:
    attributes = sent(url_full="http://127.0.0.1:4/entries?x=1")
    assert words_of("POST", "billing", attributes).title == "POST /entries"
    assert words_of("POST /charges", "billing", attributes).title == "POST /charges"
    assert words_of("POST", "billing", sent(url_full="http://[")).title == "POST http://["
    assert words_of("", "billing", ()).title == "(no name)"


def test_that_a_key_behind_its_value_is_read_all_the_same() -> None:
    pair = KeyValue(value=AnyValue(string_value="redis")).SerializeToString() + b"\x0a\x09db.system"
    assert words_of("GET", "billing", [pair]).place == "redis"


@given(st.lists(st.binary(max_size=40)))
def test_that_any_bytes_give_a_title_and_a_place(attributes: list[bytes]) -> None:
    words = words_of("work", "billing", attributes)
    assert words.title
    assert words.place
