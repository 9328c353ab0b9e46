"""A stream of the engine, read on a thread of its own and handed to the GUI thread in batches."""

from __future__ import annotations

import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from app.client.connections import Connections
from app.client.courier import Courier

if TYPE_CHECKING:
    from protos.drill.v1.client import DrillClient

T = TypeVar("T")
BATCH_S = 0.1
WAITING_ITEMS = 256
RETRY_S = (0.25, 0.5, 1.0, 2.0, 4.0)
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Reader(Generic[T]):
    """What to read and whom to tell; all but `open_stream` are called on the GUI thread.

    `open_stream` runs on the reader's thread. `batch` gets the items of at most every 100 ms. With `reopen` a lost
    stream is opened again and `lost` is told the reason and the seconds to the next try; without it `failed` is told.
    """

    open_stream: Callable[[DrillClient], Iterator[T]]
    batch: Callable[[tuple[T, ...]], None]
    reopen: bool = True
    lost: Callable[[str, float], None] | None = None
    failed: Callable[[str], None] | None = None
    ended: Callable[[], None] | None = None


class Subscription(Generic[T]):
    """A running stream. It ends by `stop()`, by its own end, or with its engine."""

    def __init__(self, connections: Connections, courier: Courier, reader: Reader[T]) -> None:
        self._connections = connections
        self._courier = courier
        self._reader: Reader[T] | None = reader
        self._change = threading.Condition()
        self._waiting: deque[T] = deque()
        self._client: DrillClient | None = None
        self._stopped = False
        self._announced = False
        self._restarts = 0
        self._delivered_s = 0.0
        self._thread = threading.Thread(target=self._run, args=(reader,), name=f"stream-{next(_numbers)}")

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    @property
    def over(self) -> bool:
        """Whether its thread has ended."""
        return not self._thread.is_alive()

    def stop(self) -> None:
        """End the stream; nothing is delivered after this. Does not wait for the thread."""
        with self._change:
            self._stopped = True
            self._waiting.clear()
            client = self._client
            self._change.notify_all()
        self._reader = None
        if client is not None:
            self._connections.release(client)

    def restart(self) -> None:
        """Open the stream anew at once: its connection hangs, or something changed."""
        with self._change:
            self._restarts += 1
            client = self._client
            self._change.notify_all()
        if client is not None:
            self._connections.release(client)

    def join(self) -> None:
        """Wait until the thread has ended; only after `stop`."""
        self._thread.join()

    # on the reader's thread

    def _run(self, reader: Reader[T]) -> None:
        from protos.drill.v1.client import EngineLost, EngineRefused

        tries = 0
        while not self._stopped:
            seen = self._restarts
            try:
                for item in self._items(reader):
                    tries = 0
                    if not self._put(item):
                        return
                reason = "the stream ended"
                if not reader.reopen:
                    self._tell(reader.ended)
                    return
            except EngineLost as error:
                reason = str(error)
            except EngineRefused as error:
                self._tell(reader.failed, str(error))
                return
            if not reader.reopen:
                self._tell(reader.failed, reason)
                return
            pause_s = RETRY_S[min(tries, len(RETRY_S) - 1)]
            tries += 1
            self._tell(reader.lost, reason, pause_s)
            self._pause(pause_s, seen)

    def _items(self, reader: Reader[T]) -> Iterator[T]:
        client = self._connections.open()
        with self._change:
            if self._stopped:
                self._connections.release(client)
                return
            self._client = client
        try:
            yield from reader.open_stream(client)
        finally:
            with self._change:
                self._client = None
            self._connections.release(client)

    def _put(self, item: T) -> bool:
        with self._change:
            # A full queue stops the reading, and gRPC's flow control then stops the engine: nothing is dropped.
            self._change.wait_for(lambda: self._stopped or len(self._waiting) < WAITING_ITEMS)
            if self._stopped:
                return False
            self._waiting.append(item)
            if not self._announced:
                self._announced = True
                self._courier.post(self._plan)
            return True

    def _pause(self, seconds: float, seen_restarts: int) -> None:
        with self._change:
            self._change.wait_for(lambda: self._stopped or self._restarts != seen_restarts, timeout=seconds)

    def _tell(self, told: Callable[..., None] | None, *words: object) -> None:
        def errand() -> None:
            self._deliver()
            if told is not None and not self._stopped:
                told(*words)

        self._courier.post(errand)

    # on the GUI thread

    def _plan(self) -> None:
        rest_s = BATCH_S - (time.monotonic() - self._delivered_s)
        if rest_s <= 0:
            self._deliver()
        else:
            self._courier.post_later(self._deliver, rest_s)

    def _deliver(self) -> None:
        with self._change:
            items = tuple(self._waiting)
            self._waiting.clear()
            self._announced = False
            self._change.notify_all()
        if items and self._reader is not None:
            self._delivered_s = time.monotonic()
            self._reader.batch(items)
