"""Errands from any thread, done on the GUI thread."""

from __future__ import annotations

import gc
import threading
from typing import Any

from app.client.courier import Courier


def test_that_errands_from_many_threads_are_done_here_in_each_thread_s_order(qtbot: Any) -> None:
    courier = Courier()
    done: list[tuple[int, int]] = []
    here = threading.get_ident()

    def post(thread: int) -> None:
        for number in range(200):
            courier.post(
                lambda number=number: done.append((thread, number * (threading.get_ident() == here)))
            )

    threads = [threading.Thread(target=post, args=(thread,)) for thread in range(4)]
    for thread in threads:
        thread.start()
    qtbot.waitUntil(lambda: len(done) == 800)
    for thread in threads:
        thread.join()
    assert [number for name, number in done if name == 2] == list(range(200))


def test_that_an_errand_that_fails_does_not_take_the_others_with_it(qtbot: Any) -> None:
    courier = Courier()
    done: list[str] = []
    with qtbot.captureExceptions() as found:
        for errand in (lambda: done.append("first"), lambda: 1 / 0, lambda: done.append("last")):
            courier.post(errand)
        qtbot.waitUntil(lambda: done == ["first", "last"])
    assert found[0][0] is ZeroDivisionError


def test_that_later_errands_come_in_the_order_of_their_time_and_keep_their_owner(qtbot: Any) -> None:
    class Owner:
        def tell(self) -> None:
            done.append("method")

    courier = Courier()
    done: list[str] = []
    courier.post_later(lambda: done.append("slow"), 0.05)
    courier.post_later(Owner().tell, 0.01)
    gc.collect()
    qtbot.waitUntil(lambda: len(done) == 2)
    assert done == ["method", "slow"]


def test_that_nothing_is_done_after_the_end(qtbot: Any) -> None:
    courier, other = Courier(), Courier()
    done: list[str] = []
    courier.post(lambda: done.append("no"))
    courier.post_later(lambda: done.append("no"), 0.0)
    courier.close()
    courier.post(lambda: done.append("no"))
    other.post(lambda: done.append("yes"))
    qtbot.waitUntil(lambda: done == ["yes"])
