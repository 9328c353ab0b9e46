"""Which terms of a query become chips, and what the engine is asked then."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.logs.query_terms import Filter, has_or, returned, split_query, taken_filters, whole_query

BILLING, ERRORS = Filter("service", "billing"), Filter("level", ">=warning")


@pytest.mark.parametrize(
    ("typed", "filters", "rest"),
    [
        ("service:billing ", (BILLING,), ""),
        ("service:billing", (), "service:billing"),
        ("service:billing level:>=warning pool", (BILLING, ERRORS), "pool"),
        ("pool service:billing ", (), "pool service:billing "),
        ("-service:billing ", (), "-service:billing "),
        ("service: billing ", (), "service: billing "),
        ('attr.order:"a b" x', (), 'attr.order:"a b" x'),
        ("service:billing OR service:ledger ", (), "service:billing OR service:ledger "),
        ("service:billing O", (), "service:billing O"),
        ("service:billing ORDER", (BILLING,), "ORDER"),
    ],
)
def test_that_finished_leading_terms_become_chips(typed: str, filters: tuple[Filter, ...], rest: str) -> None:
    assert taken_filters(typed) == (filters, rest)


def test_that_a_chip_becomes_text_again_where_an_or_follows() -> None:
    assert returned((BILLING, ERRORS), "OR pool") == ((BILLING,), "level:>=warning OR pool")
    assert returned((BILLING,), "order OR pool") == ((BILLING,), "order OR pool")
    assert returned((), "OR pool") == ((), "OR pool")


def test_that_a_chip_binds_stronger_than_an_or_that_is_typed() -> None:
    assert whole_query((BILLING,), "timeout OR mismatch").text == "service:billing (timeout OR mismatch)"
    assert whole_query((BILLING,), '"a OR b"').text == 'service:billing "a OR b"'
    assert whole_query((BILLING,), "  ").text == "service:billing"
    assert whole_query((), " pool ").text == "pool"


def test_that_a_query_with_an_or_comes_as_text_because_chips_would_change_its_meaning() -> None:
    assert split_query("service:billing pool OR drift") == ((), "service:billing pool OR drift")
    assert split_query("service:billing level:>=warning") == ((BILLING, ERRORS), "")
    assert split_query("trace:ab12 span:cd34") == ((), "trace:ab12 span:cd34")
    assert has_or("a (b OR c)")
    assert not has_or('"a OR b" FOR')
    assert not has_or("")


words = st.text(alphabet="abc OR()", max_size=20)


@given(st.sampled_from([(), (BILLING,), (BILLING, ERRORS)]), words)
def test_that_a_place_in_the_query_leads_back_to_the_typed_letter(
    filters: tuple[Filter, ...], typed: str
) -> None:
    whole = whole_query(filters, typed)
    for at, letter in enumerate(typed):
        if letter.strip() and typed.strip():
            assert whole.text[at + whole.moved] == letter


@given(words)
def test_that_a_query_from_elsewhere_asks_what_it_says(query: str) -> None:
    assert whole_query(*split_query(query)).text == query.strip()
