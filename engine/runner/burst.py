"""One burst of traffic on the live system, and what came of it in words."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from engine.lab.load import StreamReport
from engine.lab.load.histogram import LogHistogram


@dataclass(slots=True)
class Burst:
    """Counts one stream until its last request has ended; `finished` is set then."""

    stream: str
    seconds: float
    good: int = 0
    bad: int = 0
    dropped: int = 0
    latencies_ms: LogHistogram = field(default_factory=LogHistogram)
    finished: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, report: StreamReport) -> None:
        """Add what the stream did."""
        for completion in report.completed:
            self.good += not completion.is_error
            self.bad += completion.is_error
            if completion.status:
                self.latencies_ms.add(completion.latency_us / 1000)
        self.dropped += report.dropped
        if not report.is_playing and not report.in_flight:
            self.finished.set()

    def words(self) -> str:
        """What was sent and how it was answered."""
        sent = self.good + self.bad + self.dropped
        if not sent:
            return "nothing was sent"
        p95_ms = self.latencies_ms.percentile(0.95)
        latency = f", P95 {p95_ms:,.0f} ms" if self.good else ""
        unsent = f", {self.dropped} not sent: too many in flight" if self.dropped else ""
        return (
            f"{self.good} of {sent} answered well ({self.good / self.seconds:.1f} a second){latency}, "
            f"{self.bad} failed{unsent}"
        )
