"""Offers while a query is typed, and the colours of JSON and SQL."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.theme import Token
from app.widgets.coloured import Language, coloured, sql_lines
from app.widgets.completion import Offer, Vocabulary, completed, offers

WORDS = Vocabulary(
    keys=(Offer("service:", ""), Offer("status:", ""), Offer("attr.", "")),
    values={"status:": (Offer("error", ""), Offer("ok", "")), "service:": (Offer("billing", ""),)},
)


def texts(text: str) -> list[str]:
    return [offer.text for offer in offers(text, len(text), WORDS)]


def test_that_keys_are_offered_while_a_key_is_typed_and_values_after_the_colon() -> None:
    assert texts("") == ["service:", "status:", "attr."]
    assert texts("slow s") == ["service:", "status:"]
    assert texts("-(st") == ["status:"]
    assert texts("status:") == ["error", "ok"]
    assert texts("status:e") == ["error"]
    assert texts("status:error") == []
    assert texts("unknown:x") == []


def test_that_a_taken_value_is_followed_by_a_blank_and_a_key_is_not() -> None:
    assert completed("a st", 4, Offer("status:", "")) == ("a status:", 9)
    assert completed("status:e", 8, Offer("error", "")) == ("status:error ", 13)
    assert completed("status:e b", 8, Offer("error", "")) == ("status:error b", 12)


@given(st.text(max_size=30), st.integers(0, 30), st.sampled_from([*WORDS.keys, *WORDS.values["status:"]]))
def test_that_taking_an_offer_keeps_what_stands_around_it(text: str, place: int, offer: Offer) -> None:
    cursor = min(place, len(text))
    whole, after = completed(text, cursor, offer)
    assert whole[after:].endswith(text[cursor:]) or text[cursor:] in whole[after - 1 :]
    assert offer.text in whole[:after]


@given(st.text(max_size=60), st.sampled_from(list(Language)))
def test_that_coloured_stretches_lie_in_the_text_in_order(text: str, language: Language) -> None:
    end = 0
    for start, length, _ in coloured(text, language):
        assert start >= end
        end = start + length
    assert end <= len(text)


def test_that_keys_strings_and_words_of_json_differ() -> None:
    inks = [ink for _, _, ink in coloured('{"a": "b", "c": 1, "d": null}', Language.JSON)]
    assert inks.count(Token.CODE_FUNCTION) == 3
    assert Token.CODE_STRING in inks
    assert Token.CODE_KEYWORD in inks


def test_that_a_statement_gets_a_line_for_each_clause() -> None:
    assert sql_lines("SELECT a \n FROM b WHERE c = %(d)s::INT LIMIT 1") == (
        "SELECT a\nFROM b\nWHERE c = %(d)s::INT\nLIMIT 1"
    )
