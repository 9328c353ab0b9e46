"""One audience's connection to the engine: a replica of the drill that repairs itself, calls, and streams."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from app.client.connections import Connections, Endpoint
from app.client.courier import Courier
from app.client.reasons import plain_reason
from app.client.subscription import Reader, Subscription

if TYPE_CHECKING:
    from protos.drill.v1.client import DrillClient
    from protos.drill.v1.records import Event, HelloReply, Snapshot

    News = HelloReply | Snapshot | tuple[tuple[Event, ...], Snapshot]

T = TypeVar("T")
CALL_THREADS = 4
IDLE_POLL_S = 0.5
HEARTBEAT_MS = 5000


class EngineState(StrEnum):
    """How the connection stands."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    LOST = "lost"


class Engine(QObject):
    """The drill as one audience sees it.

    `snapshot` is the newest state and `run` the name of the open run ("" for none); both stay while the engine is
    lost. `problem` says why it is lost, `lost_since_ns` and `retry_at_ns` are wall times (0 while connected).
    """

    snapshotChanged = Signal(object)
    """Snapshot: the drill's new state."""
    eventsArrived = Signal(object)
    """tuple[Event, ...]: what happened, in order, each event once, also across a loss."""
    stateChanged = Signal(str)
    """EngineState; sent again while lost, for each retry."""
    runChanged = Signal(str)
    """Name of the run that the engine has open; "" when it has none."""
    askFailed = Signal(str)
    """The sentence of a refused call whose caller gave no `failed`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.snapshot: Snapshot | None = None
        self.hello: HelloReply | None = None
        self.run = ""
        self.state = EngineState.CONNECTING
        self.problem = ""
        self.lost_since_ns = 0
        self.retry_at_ns = 0
        self._closed = False
        self._awaits_return = False
        self._last_number = 0
        self._last_run = ""
        self._nudge = threading.Event()
        self._courier = Courier(self)
        self._connections = Connections()
        self._calls = ThreadPoolExecutor(CALL_THREADS, thread_name_prefix="engine-call")
        self._session: Subscription[News] | None = None
        self._subscriptions: list[Subscription[Any]] = []
        self._owners: dict[Subscription[Any], QObject] = {}
        self._heartbeat = QTimer(self)
        self._heartbeat.setInterval(HEARTBEAT_MS)
        self._heartbeat.timeout.connect(self._ask_for_life)
        self._heartbeat.timeout.connect(self._sweep)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.close)

    def connect_to(self, endpoint: Endpoint) -> None:
        """Speak to the engine at `endpoint`; called again after the engine was started anew."""
        self._connections.aim(endpoint)
        if self._session is None:
            self._session = self._start(Reader(self._read_session, self._take_news, lost=self._note_loss))
            self._heartbeat.start()
        else:
            self._session.restart()

    def await_return(self, awaited: bool) -> None:
        """While awaited, an engine without a run is one that is about to resume ours: `run` stays as it was."""
        self._awaits_return = awaited
        if not awaited and self.hello is not None:
            self._set_run(self.hello.run)

    def look_again(self) -> None:
        """Ask at once whether a run is open, instead of at the next poll."""
        self._nudge.set()

    def close(self) -> None:
        """End every call and stream and join their threads. Idempotent."""
        if self._closed:
            return
        self._closed = True
        self._heartbeat.stop()
        self._courier.close()
        for subscription in self._subscriptions:
            subscription.stop()
        self._nudge.set()
        self._connections.aim(None)
        self._calls.shutdown(wait=True, cancel_futures=True)
        for subscription in self._subscriptions:
            subscription.join()
        self._subscriptions.clear()

    def ask(
        self,
        call: Callable[[DrillClient], T],
        done: Callable[[T], None],
        failed: Callable[[str], None] | None = None,
        *,
        owner: QObject,
    ) -> None:
        """Run `call` on a worker thread, then `done` or `failed` (a sentence) on the GUI thread.

        Nothing is called once `owner` is destroyed. Without `failed`, `askFailed` is emitted instead.
        """
        if not self._closed:
            complain = self.askFailed.emit if failed is None else failed
            self._calls.submit(self._call, call, done, complain, owner)

    def follow(
        self,
        open_stream: Callable[[DrillClient], Iterator[T]],
        each: Callable[[T], None],
        owner: QObject,
        *,
        reopen: bool = True,
        ended: Callable[[], None] | None = None,
        failed: Callable[[str], None] | None = None,
    ) -> Subscription[T]:
        """Read a stream until `stop()` or until `owner` is destroyed; `each` gets every item on the GUI thread.

        Items come in batches, at most every 100 ms. `open_stream` runs on a worker thread, again after each loss
        unless `reopen` is false (a finite stream: then `ended` or `failed` is called once).
        """

        def batch(items: tuple[T, ...]) -> None:
            for item in items:
                if not shiboken6.isValid(owner):
                    subscription.stop()
                    return
                each(item)

        complain = self.askFailed.emit if failed is None else failed
        subscription = self._start(
            Reader(
                open_stream,
                batch,
                reopen=reopen,
                failed=_while_alive(owner, complain),
                ended=None if ended is None else _while_alive(owner, ended),
            )
        )
        self._owners[subscription] = owner
        return subscription

    def _start(self, reader: Reader[T]) -> Subscription[T]:
        subscription = Subscription(self._connections, self._courier, reader)
        self._sweep()
        if not self._closed:
            self._subscriptions.append(subscription)
            subscription.start()
        return subscription

    def _sweep(self) -> None:
        for subscription, owner in tuple(self._owners.items()):
            if not shiboken6.isValid(owner):
                subscription.stop()
        self._subscriptions = [known for known in self._subscriptions if not known.over]
        self._owners = {known: owner for known, owner in self._owners.items() if not known.over}

    # on worker threads

    def _call(
        self,
        call: Callable[[DrillClient], T],
        done: Callable[[T], None],
        failed: Callable[[str], None],
        owner: QObject,
    ) -> None:
        from protos.drill.v1.client import EngineLost, EngineRefused

        try:
            answer = call(self._connections.shared())
        except EngineRefused as error:
            self._courier.post(partial(_while_alive(owner, failed), str(error)))
        except EngineLost as error:
            self._courier.post(
                partial(
                    _while_alive(owner, failed), f"The engine did not answer: {plain_reason(str(error))}."
                )
            )
        except Exception as error:
            # The edge of this thread: a bug in a call is raised where the program shows bugs.
            self._courier.post(partial(_raise, error))
        else:
            self._courier.post(partial(_while_alive(owner, done), answer))

    def _read_session(self, client: DrillClient) -> Iterator[News]:
        from protos.drill.v1.client import EngineLost, EngineRefused

        try:
            while True:
                yield from self._read_run(client)
                self._rest()
        except EngineRefused as error:
            # Such as a run that closes between two calls: as good a reason to begin again as any other loss.
            raise EngineLost(str(error)) from error

    def _read_run(self, client: DrillClient) -> Iterator[News]:
        hello = client.hello()
        yield hello
        while not hello.run:
            self._rest()
            hello = client.hello()
        yield hello
        snapshot = client.snapshot()
        yield snapshot
        known = self._last_number if snapshot.run == self._last_run else snapshot.number
        for update in client.watch(min(known, snapshot.number)):
            yield update.events, update.snapshot

    def _rest(self) -> None:
        self._nudge.wait(IDLE_POLL_S)
        self._nudge.clear()

    # on the GUI thread

    def _take_news(self, batch: tuple[News, ...]) -> None:
        from protos.drill.v1.records import HelloReply, Snapshot

        events: list[Event] = []
        newest: Snapshot | None = None
        for news in batch:
            if isinstance(news, HelloReply):
                self._note_hello(news)
            elif isinstance(news, Snapshot):
                newest = news
                self._note_place(news)
            else:
                events.extend(event for event in news[0] if event.number > self._last_number)
                newest = news[1]
                self._last_number = max(self._last_number, newest.number)
        if newest is not None:
            self.snapshot = newest
            self.snapshotChanged.emit(newest)
        if events:
            self.eventsArrived.emit(tuple(events))

    def _note_place(self, snapshot: Snapshot) -> None:
        # After a loss the number stays: the events between it and the snapshot's are still to come.
        if snapshot.run != self._last_run or snapshot.number < self._last_number:
            self._last_run, self._last_number = snapshot.run, snapshot.number

    def _note_hello(self, hello: HelloReply) -> None:
        self.hello = hello
        self.problem, self.lost_since_ns, self.retry_at_ns = "", 0, 0
        self._set_state(EngineState.CONNECTED)
        if hello.run:
            self._awaits_return = False
        if not self._awaits_return:
            self._set_run(hello.run)

    def _note_loss(self, reason: str, retry_s: float) -> None:
        now_ns = time.time_ns()
        self.problem = plain_reason(reason)
        self.lost_since_ns = self.lost_since_ns or now_ns
        self.retry_at_ns = now_ns + round(retry_s * 1e9)
        self.state = EngineState.LOST
        self.stateChanged.emit(self.state)

    def _set_run(self, run: str) -> None:
        if run != self.run:
            self.run = run
            self.runChanged.emit(run)

    def _set_state(self, state: EngineState) -> None:
        if state is not self.state:
            self.state = state
            self.stateChanged.emit(state)

    def _ask_for_life(self) -> None:
        if self.state is EngineState.CONNECTED:
            self.ask(lambda client: client.hello(), lambda hello: None, self._doubt, owner=self)

    def _doubt(self, reason: str) -> None:
        if self._session is not None and self.state is EngineState.CONNECTED:
            self._session.restart()


def _while_alive(owner: QObject, told: Callable[..., None]) -> Callable[..., None]:
    def tell(*words: object) -> None:
        if shiboken6.isValid(owner):
            told(*words)

    return tell


def _raise(error: Exception) -> None:
    raise error
