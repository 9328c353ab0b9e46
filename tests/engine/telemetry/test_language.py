"""The query language: what it reads, and where it says that an error is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.telemetry.questions.language import (
    And,
    Field,
    Node,
    Not,
    Op,
    Or,
    QueryError,
    Text,
    parse_log_query,
    parse_trace_query,
    render,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=0, max_size=12)
LEAVES = st.one_of(
    TEXTS.map(Text),
    st.builds(lambda value: Field("service", Op.IS, value), TEXTS),
    st.builds(lambda value: Field("attr.customer.id", Op.IS, value), TEXTS),
    st.builds(
        lambda op, n: Field("duration", op, f"{n}ms", float(n)),
        st.sampled_from([Op.MORE, Op.MORE_OR_SAME, Op.LESS, Op.LESS_OR_SAME]),
        st.integers(0, 10**9),
    ),
)


def _combined(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inner, min_size=2, max_size=4).map(tuple)
    return st.one_of(inner.map(Not), several.map(And), several.map(Or))


NODES: st.SearchStrategy[Node] = st.recursive(LEAVES, _combined, max_leaves=12)


def _error(parse: Callable[[str], Node], text: str) -> QueryError | None:
    try:
        parse(text)
    except QueryError as error:
        return error
    return None


@given(NODES)
def test_that_the_text_of_a_tree_reads_back_as_the_tree(node: Node) -> None:
    assert parse_trace_query(render(node)) == node


@given(st.text(max_size=40))
def test_that_any_text_is_either_a_query_or_an_error_with_a_place_in_it(text: str) -> None:
    for parse in (parse_trace_query, parse_log_query):
        error = _error(parse, text)
        assert error is None or (0 <= error.start < error.end <= len(text) and error.message)


def test_that_a_log_query_reads_as_people_write_it() -> None:
    query = 'service:billing level:error word "two words" -not trace:abc'
    assert parse_log_query(query) == And(
        (
            Field("service", Op.IS, "billing"),
            Field("level", Op.IS, "error", 4.0),
            Text("word"),
            Text("two words"),
            Not(Text("not")),
            Field("trace", Op.IS, "abc"),
        )
    )


def test_that_or_binds_looser_than_terms_side_by_side() -> None:
    assert parse_log_query("a b OR c") == Or((And((Text("a"), Text("b"))), Text("c")))
    assert parse_log_query("a (b OR c)") == And((Text("a"), Or((Text("b"), Text("c")))))


def test_that_a_duration_is_read_in_milliseconds() -> None:
    assert parse_trace_query("duration:>1s") == Field("duration", Op.MORE, "1s", 1000.0)
    assert parse_trace_query("duration:<=1.5ms") == Field("duration", Op.LESS_OR_SAME, "1.5ms", 1.5)


def test_that_an_attribute_may_be_asked_with_an_equals_sign() -> None:
    assert parse_trace_query("attr.http.route=/charges") == Field("attr.http.route", Op.IS, "/charges")


def test_that_no_query_is_a_query_that_all_match() -> None:
    assert parse_log_query("  ") == And(())


@pytest.mark.parametrize(
    ("query", "start", "end"),
    [
        ("service:billing speed:3", 16, 21),
        ("status:broken", 7, 13),
        ("duration:fast", 9, 13),
        ("duration:1s", 9, 11),
        ("service:>billing", 9, 16),
        ("service:", 0, 8),
        ("a OR", 2, 4),
        ("OR a", 0, 2),
        ("(a b", 0, 1),
        ("a b)", 3, 4),
        ("a ()", 2, 4),
        ('say "hello', 4, 10),
        ('service:"hello', 8, 14),
        ("trace:xyz", 6, 9),
        ("a NOT", 2, 5),
        ("spans:>many", 7, 11),
    ],
)
def test_that_an_error_has_its_place(query: str, start: int, end: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse_trace_query(query)
    assert (caught.value.start, caught.value.end) == (start, end)


def test_that_deep_nesting_is_refused_and_not_a_crash() -> None:
    with pytest.raises(QueryError):
        parse_log_query("(" * 5000 + "a" + ")" * 5000)
    with pytest.raises(QueryError):
        parse_log_query("-" * 5000 + "a")
