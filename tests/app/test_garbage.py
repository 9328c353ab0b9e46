"""Garbage with Qt objects in it is collected on the GUI thread."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import Any

from app.garbage import GarbageRounds


class Knot:
    """Holds itself, so that only the collector can free it."""

    def __init__(self) -> None:
        self.itself = self


def test_that_other_threads_free_no_cycle_and_the_next_round_does(qtbot: Any) -> None:
    rounds = GarbageRounds()
    freed_on: list[int] = []
    knot = Knot()
    weakref.finalize(knot, lambda: freed_on.append(threading.get_ident()))
    del knot

    def make_garbage() -> None:
        for _ in range(20_000):
            Knot()

    worker = threading.Thread(target=make_garbage)
    worker.start()
    worker.join()
    assert freed_on == []
    rounds.collect()
    assert freed_on == [threading.get_ident()]
    rounds.stop()
    assert gc.isenabled()
