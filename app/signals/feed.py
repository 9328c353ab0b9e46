"""Follows the run's series and events while the pane is shown."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.client import Engine, Subscription
from app.signals.history import History
from app.signals.model import NS, Happening, happenings
from protos.drill.v1.records import SeriesSet, Snapshot, Update

if TYPE_CHECKING:
    from protos.drill.v1.client import DrillClient

FULL_DETAIL_S = 1800
"""Read second by second; what is older comes reduced to the engine's limit of points."""


class SignalsFeed(QObject):
    """`history` has what came of the series, `now_s` is the engine's present in Unix seconds, 0 before it told."""

    began = Signal()
    """The first samples are there."""
    happened = Signal(object)
    """Snapshot: something that only events tell came with it."""

    def __init__(self, engine: Engine, parent: QObject) -> None:
        super().__init__(parent)
        self.history = History()
        self.happenings: tuple[Happening, ...] = ()
        self.now_s = 0.0
        self._engine = engine
        self._last_event = 0
        self._names: tuple[str, ...] = ()
        self._series: Subscription[SeriesSet] | None = None
        self._events: Subscription[Update] | None = None

    def start(self, names: Sequence[str], started_ns: int) -> None:
        """Follow these series of a run that began then, and its events."""
        self.stop()
        self._names = tuple(names)
        self._follow_series(started_ns)
        self._events = self._engine.follow(
            lambda client: client.watch(self._last_event), self._take_update, self
        )

    def follow(self, names: Sequence[str], started_ns: int) -> None:
        """Follow other series; nothing changes where they are the same."""
        if tuple(names) != self._names and self._series is not None:
            self._names = tuple(names)
            self._series.stop()
            self._follow_series(started_ns)

    def stop(self) -> None:
        """Ask no more; what was received stays."""
        for stream in (self._series, self._events):
            if stream is not None:
                stream.stop()
        self._series = self._events = None

    def forget(self) -> None:
        """Another run: nothing that is known holds."""
        self.history.clear()
        self.happenings, self._last_event = (), 0

    def _follow_series(self, started_ns: int) -> None:
        names, detail_ns = self._names, time.time_ns() - FULL_DETAIL_S * NS
        if started_ns < detail_ns:
            self._engine.ask(
                lambda client: client.read_series(names, started_ns, detail_ns),
                lambda answer: self.history.take(answer.series),
                lambda _: None,
                owner=self,
            )

        def watch(client: DrillClient) -> Iterator[SeriesSet]:
            return client.watch_series(names, max(started_ns, time.time_ns() - FULL_DETAIL_S * NS))

        self._series = self._engine.follow(watch, self._take_series, self)

    def _take_series(self, answer: SeriesSet) -> None:
        first = not len(self.history)
        self.now_s = max(self.now_s, answer.now_ns / NS)
        self.history.take(answer.series)
        if first and len(self.history):
            self.began.emit()

    def _take_update(self, update: Update) -> None:
        fresh = [event for event in update.events if event.number > self._last_event]
        if fresh:
            self._last_event = fresh[-1].number
            found = happenings(fresh)
            if found:
                self.happenings += found
                self.happened.emit(update.snapshot)


def names_followed(snapshot: Snapshot, pinned: Sequence[str]) -> tuple[str, ...]:
    """Every series that the charts of a run and the pinned ones need, each once."""
    charted = (series.series for chart in snapshot.charts for series in chart.series)
    return tuple(dict.fromkeys((*charted, *pinned)))
