"""The `service.<name>.*` series: what rollups say of each second once it has settled."""

from __future__ import annotations

from collections.abc import Iterable

from engine.telemetry.memory.histogram import merged, percentiles_ms
from engine.telemetry.memory.rollups import RollupRow, Rollups
from engine.telemetry.metrics.series import SeriesStore
from engine.telemetry.settings import TelemetrySettings
from engine.telemetry.wire.signatures import Signatures

_OLDEST_S = 120
"""A span that comes later than this still counts in the rollups, but no longer corrects the series."""


class ServiceSeries:
    """Writes requests, errors and percentiles a second; a second that late spans touch is written again."""

    def __init__(
        self, rollups: Rollups, signatures: Signatures, series: SeriesStore, settings: TelemetrySettings
    ) -> None:
        self._rollups = rollups
        self._signatures = signatures
        self._series = series
        self._settings = settings
        self._settled: int | None = None

    def advance(self, now_s: int, touched: set[int]) -> None:
        """Write the seconds that have settled; `touched` ones are taken out of the set as they are written."""
        until = now_s - self._settings.settle_s
        late = {second for second in touched if second < until}
        touched -= late
        if self._settled is None:
            self._settled = min(late, default=until)
        window = self._settings.percentile_window_s
        due = set(range(max(self._settled, until - _OLDEST_S), until))
        for second in late:
            if second >= until - _OLDEST_S:
                due.update(range(second, min(second + window, until)))
        self._settled = max(self._settled, until)
        if due:
            self._write(sorted(due))

    def _write(self, seconds: list[int]) -> None:
        window = self._settings.percentile_window_s
        by_service: dict[str, dict[int, list[RollupRow]]] = {}
        for row in self._rollups.rows(seconds[0] - window + 1, seconds[-1] + 1):
            service = self._signatures[row.key].service
            by_service.setdefault(service, {}).setdefault(row.second, []).append(row)
        for service in self._signatures.serving():
            rows = by_service.get(service, {})
            for second in seconds:
                self._write_second(service, second, rows, window)

    def _write_second(self, service: str, second: int, rows: dict[int, list[RollupRow]], window: int) -> None:
        name = f"service.{service}"
        now = self._served(rows.get(second, ()))
        trailing = [row for at in range(second - window + 1, second + 1) for row in rows.get(at, ())]
        served = self._served(trailing)
        requests = sum(row.requests for row in served)
        queries = sum(row.requests for row in trailing if self._signatures[row.key].peer)
        p50, p95, p99 = percentiles_ms(merged([row.histogram for row in served]), (50, 95, 99))
        add = self._series.add
        add(f"{name}.requests_per_s", second, float(sum(row.requests for row in now)))
        add(f"{name}.errors_per_s", second, float(sum(row.errors for row in now)))
        add(f"{name}.p50_ms", second, p50)
        add(f"{name}.p95_ms", second, p95)
        add(f"{name}.p99_ms", second, p99)
        if queries:
            add(f"{name}.queries_per_request", second, queries / requests if requests else float("nan"))

    def _served(self, rows: Iterable[RollupRow]) -> list[RollupRow]:
        return [row for row in rows if not self._signatures[row.key].peer]
