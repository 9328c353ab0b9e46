"""The samples that were received."""

from __future__ import annotations

import numpy as np

from app.signals.history import History
from protos.drill.v1.records import Series


def _series(name: str, *samples: tuple[float, float]) -> Series:
    return Series(name, np.array([at for at, _ in samples]), np.array([value for _, value in samples]))


def test_that_a_later_answer_for_a_second_replaces_the_earlier_one() -> None:
    history = History()
    history.take((_series("a", (1, 10), (2, 20)),))
    history.take((_series("a", (2, 22), (3, 30)),))
    x, y = history.changes()["a"]
    assert x.tolist() == [1, 2, 3]
    assert y.tolist() == [10, 22, 30]
    assert history.newest_s == 3


def test_that_the_past_may_come_after_the_present() -> None:
    history = History()
    history.take((_series("a", (8, 80), (9, 90)),))
    history.take((_series("a", (1, 10), (2, 20)),))
    assert history.changes()["a"][0].tolist() == [1, 2, 8, 9]


def test_that_seconds_without_a_value_are_left_out() -> None:
    history = History()
    history.take((_series("a", (1, 10), (2, float("nan")), (3, 30)), _series("b", (1, float("nan")))))
    assert history.changes()["a"][0].tolist() == [1, 3]
    assert len(history) == 1


def test_that_only_what_changed_is_handed_on() -> None:
    history = History()
    history.take((_series("a", (1, 10)), _series("b", (1, 10))))
    assert set(history.changes()) == {"a", "b"}
    history.take((_series("b", (2, 20)),))
    assert set(history.changes()) == {"b"}
    assert not history.changes()
