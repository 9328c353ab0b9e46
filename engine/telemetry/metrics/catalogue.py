"""Which metrics there are, what they are of, and which series each has: what a person looks through."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

OTLP = "metric."
"""Before the name of a series that an exporter sent: `metric.<service>.<metric>{key=value,...}|part`."""
PART = "|"
_OWNERS = {"service": "service", "client": "clients", "edge": "edge"}
"""Measured series whose second word says whose they are, and how that is called."""
_LABEL = re.compile(r",(?=[^,={}]+=)")


class MetricKind(StrEnum):
    """What a metric's values are."""

    GAUGE = "gauge"
    COUNTER = "counter"
    HISTOGRAM = "histogram"
    MEASURED = "measured"
    """by the engine itself"""


PARTS: Mapping[MetricKind, tuple[str, ...]] = {
    MetricKind.GAUGE: (),
    MetricKind.COUNTER: ("per_s",),
    MetricKind.HISTOGRAM: ("p95", "p50", "p99", "mean", "per_s"),
    MetricKind.MEASURED: (),
}
"""The series that each kind has beside or instead of its own name; what is most worth a look comes first."""


@dataclass(frozen=True, slots=True)
class MetricSeries:
    """One series of a metric: its name without a part, and what tells it from the others."""

    base: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MetricEntry:
    """A metric with its series. `unit` is a chart's: ms, per_s, cents, percent, mb, count; `sent_unit` as sent."""

    name: str
    kind: MetricKind
    unit: str
    sent_unit: str
    text: str
    series: tuple[MetricSeries, ...]


@dataclass(slots=True)
class _Known:
    kind: MetricKind
    sent_unit: str
    text: str
    series: dict[str, Mapping[str, str]] = field(default_factory=dict)


class Catalogue:
    """Learns metrics as they are taken in; what the engine measures tells itself by its name."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}

    def note(
        self, metric: str, kind: MetricKind, unit: str, text: str, base: str, attributes: Mapping[str, str]
    ) -> None:
        """A series of a metric came."""
        known = self._known.get(metric)
        if known is None or known.kind is not kind:
            known = self._known[metric] = _Known(kind, unit, text)
        if base not in known.series:
            known.series[base] = attributes

    def entries(self, names: Iterable[str]) -> tuple[MetricEntry, ...]:
        """Every metric, by name; `names` are those of all series that have values."""
        found = {
            metric: _Known(k.kind, k.sent_unit, k.text, dict(k.series)) for metric, k in self._known.items()
        }
        told = {base for known in found.values() for base in known.series}
        for name in names:
            base, _, part = name.partition(PART)
            if base in told:
                continue
            metric, attributes = _read(base)
            kind = (
                MetricKind.MEASURED
                if not name.startswith(OTLP)
                else _KIND_OF_PART.get(part, MetricKind.GAUGE)
            )
            known = found.setdefault(metric, _Known(kind, "", ""))
            known.series.setdefault(base, attributes)
        return tuple(_entry(metric, known) for metric, known in sorted(found.items()))


_KIND_OF_PART = {"per_s": MetricKind.COUNTER, "p50": MetricKind.HISTOGRAM, "p95": MetricKind.HISTOGRAM}


def _entry(metric: str, known: _Known) -> MetricEntry:
    return MetricEntry(
        name=metric,
        kind=known.kind,
        unit=_unit(metric, known),
        sent_unit=known.sent_unit,
        text=known.text,
        series=tuple(MetricSeries(base, attributes) for base, attributes in sorted(known.series.items())),
    )


_TIME_UNITS = ("s", "ms", "us", "µs", "ns")
_ENDINGS = (("_ms", "ms"), ("per_s", "per_s"), ("percent", "percent"), ("cents", "cents"), ("_mb", "mb"))


def _unit(metric: str, known: _Known) -> str:
    if known.sent_unit in _TIME_UNITS and known.kind is not MetricKind.COUNTER:
        return "ms"
    if known.kind is MetricKind.COUNTER:
        return "per_s"
    if known.sent_unit == "%":
        return "percent"
    if known.sent_unit == "By":
        return "mb"
    return next((unit for ending, unit in _ENDINGS if metric.endswith(ending)), "count")


def _read(base: str) -> tuple[str, Mapping[str, str]]:
    """The metric of a series and what tells it from the others, by its name alone."""
    if base.startswith(OTLP):
        service, _, rest = base.removeprefix(OTLP).partition(".")
        metric, _, labels = rest.partition("{")
        pairs = (pair.partition("=") for pair in _LABEL.split(labels.removesuffix("}")) if pair)
        return metric, {"service": service, **{key: value for key, _, value in pairs}}
    first, _, rest = base.partition(".")
    owner, _, last = rest.partition(".")
    if first in _OWNERS and last:
        return f"{first}.{last}", {_OWNERS[first]: owner}
    return base, {}
