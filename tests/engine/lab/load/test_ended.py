"""What ended since the last report."""

from __future__ import annotations

import pytest

from engine.lab.load import Completion, ended
from engine.lab.load.exchange import Exchange


def over(index: int) -> Exchange:
    """A request that was meant to be sent at 1000 ns and took 5 us."""
    exchange = Exchange(b"", lambda _: None, index, intended_ns=1_000, attempt=1)
    exchange.ended_ns, exchange.status = 6_000, 200
    return exchange


def test_that_what_ended_is_handed_over_once_with_its_time_on_the_wall_clock() -> None:
    requests = ended.EndedRequests()
    requests.take(over(7))
    completed, unreported = requests.hand_over(to_wall_ns=50)
    assert list(completed) == [Completion(7, 200, 5, 1_050, 1)]
    assert unreported == 0
    assert len(requests.hand_over(50)[0]) == 0


def test_that_what_there_is_no_room_for_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ended, "_KEPT_COMPLETIONS", 2)
    requests = ended.EndedRequests()
    for index in range(5):
        requests.take(over(index))
    completed, unreported = requests.hand_over(0)
    assert ([item.index for item in completed], unreported) == ([0, 1], 3)
    assert requests.hand_over(0)[1] == 0
