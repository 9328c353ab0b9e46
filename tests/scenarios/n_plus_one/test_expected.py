"""The book of a tenant follows contract.md, and a difference is told as people can find it."""

from __future__ import annotations

import asyncio
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from fastapi import HTTPException

from engine.packs.api import Reply

CARRIER = Path(__file__).resolve().parents[3] / "scenarios" / "n_plus_one" / "services" / "carrier" / "app.py"


@pytest.fixture(scope="module")
def carrier() -> Any:
    """The carrier's own source, as a module."""
    spec = importlib.util.spec_from_file_location("carrier_of_the_pack", CARRIER)
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture
def book(traffic: Any, expected: Any) -> Any:
    """A tenant with 23 orders, three of each minute."""
    return expected.Book("quay-11", traffic.Tenant("quay-11", 3, 23, (0, 4), per_day=4320).history())


def answered(view: Any) -> Reply:
    return Reply(200, json.dumps(view).encode(), 1.0)


def test_that_parcels_are_as_the_carrier_tells_them(carrier: Any, expected: Any) -> None:
    async def ask() -> list[Any]:
        return [await carrier.read_parcel(label) for label in labels]

    labels = [f"PD{number:09d}" for number in range(0, 900_000_000, 60_000_001)]
    assert asyncio.run(ask()) == [expected.parcel(label) for label in labels]


def test_that_the_carrier_refuses_the_question_after_twenty(carrier: Any) -> None:
    async def ask(count: int) -> list[Any]:
        return await asyncio.gather(*map(carrier.read_parcel, ["PD000001"] * count), return_exceptions=True)

    assert not [one for one in asyncio.run(ask(20)) if isinstance(one, HTTPException)]
    (refused,) = (one for one in asyncio.run(ask(21)) if isinstance(one, HTTPException))
    assert refused.status_code == 429
    assert not [one for one in asyncio.run(ask(20)) if isinstance(one, HTTPException)]


def test_that_pages_are_newest_first_and_of_the_same_time_by_number(book: Any) -> None:
    pages = [book.page(number, 10) for number in (1, 2, 3, 4)]
    assert [len(page["orders"]) for page in pages] == [10, 10, 3, 0]
    assert {page["total"] for page in pages} == {23}
    numbers = [order["number"] for page in pages for order in page["orders"]]
    assert numbers == sorted(numbers, reverse=True)


def test_that_a_total_has_options_for_each_piece(expected: Any) -> None:
    options = [
        {"name": "size", "value": "M", "price_cents": 50},
        {"name": "colour", "value": "moss", "price_cents": 0},
    ]
    item = {"sku": "mug-10", "title": "Mug", "quantity": 3, "price_cents": 400, "options": options}
    order = {
        "number": 1,
        "placed_at": "2026-01-05T08:00:00+00:00",
        "state": "placed",
        "items": [item],
        "parcels": [],
    }
    assert expected.view(order)["total_cents"] == 1350


def test_that_writes_are_on_the_next_page(book: Any, traffic: Any) -> None:
    newest = book.page(1, 1)["orders"][0]["number"]
    book.change(newest, "dispatched", ["PX123456"])
    shown = book.page(1, 1)["orders"][0]
    assert (shown["state"], [parcel["tracking"] for parcel in shown["parcels"]]) == (
        "dispatched",
        ["PX123456"],
    )
    order = traffic.Tenant("quay-11", 3, 23, (0, 4), per_day=4320).new_order(1)
    book.add(order)
    book.add({**order, "state": "cancelled"})
    assert (book.page(1, 1)["total"], book.page(1, 1)["orders"][0]["state"]) == (24, order["state"])


def test_that_the_right_page_has_no_difference_however_it_is_written(book: Any, expected: Any) -> None:
    page = book.page(1, 10)
    written = json.loads(json.dumps(page).replace("+00:00", "Z"))
    written["orders"][0]["colour"] = "beyond the contract"
    assert expected.difference(answered(written), page) == ""


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda page: page["orders"].pop(), "orders has 9 entries, must have 10"),
        (lambda page: page["orders"].reverse(), "orders[0].number is"),
        (lambda page: page["orders"][1].pop("parcels"), "orders[1].parcels is missing"),
        (lambda page: page.update(total=3), "total is 3, must be 23"),
        (lambda page: page["orders"][2].update(placed_at="yesterday"), "orders[2].placed_at is 'yesterday'"),
        (lambda page: page["orders"][2].update(items=None), "orders[2].items is None"),
    ],
)
def test_that_what_is_not_so_is_named_with_its_place(book: Any, expected: Any, spoil: Any, said: str) -> None:
    page = book.page(1, 10)
    spoil(page)
    assert expected.difference(answered(page), book.page(1, 10)).startswith(said)


def test_that_no_answer_and_no_json_are_told(book: Any, expected: Any) -> None:
    page = book.page(1, 10)
    assert expected.difference(Reply(0, b"", 1.0), page) == "answered nothing in time"
    assert expected.difference(Reply(502, b"{}", 1.0), page) == "answered 502"
    assert "not json" in expected.difference(Reply(200, b"not json", 1.0), page)
    assert expected.difference(Reply(200, b"[]", 1.0), page) != ""
