"""What chaos there is: every action with its intensity and limits, and where its effect must be measured. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from engine.drill.errors import DrillError


class ChaosTarget(StrEnum):
    """What an action is done to."""

    EDGE = "edge"
    UPSTREAM = "upstream"
    """an edge of the service graph that carries HTTP"""
    SERVICE = "service"
    HOST = "host"


class Direction(StrEnum):
    """How a series moves when the action has an effect."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Intensity:
    """One number of an action; outside `least` and `most` it is refused. `unit` is for people."""

    name: str
    unit: str
    default: float
    least: float
    most: float
    text: str


@dataclass(frozen=True, slots=True)
class SeenIn:
    """A series that the action moves. `{edge}` is `a-to-b`, `{source}` who calls there, `{service}` the service;
    `{into}` stands for each edge that leads to the service."""

    series: str
    direction: Direction


@dataclass(frozen=True, slots=True)
class ChaosAction:
    """One action. `text` says in a sentence what it does."""

    name: str
    title: str
    text: str
    target: ChaosTarget
    intensity: tuple[Intensity, ...]
    longest_s: float
    """it ends by itself after that, whatever was asked for"""
    seen_in: tuple[SeenIn, ...]


class ChaosRefused(DrillError):
    """An order that cannot be: the words say what was wrong and what is allowed."""


_EDGE_S = 1800.0
_SERVICE_S = 600.0
_FREEZE_S = 120.0
_HOST_S = 600.0


def _percent(text: str, default: float = 20.0) -> Intensity:
    return Intensity("percent", "%", default, 1.0, 100.0, text)


def _up(*series: str) -> tuple[SeenIn, ...]:
    return tuple(SeenIn(name, Direction.UP) for name in series)


def _down(*series: str) -> tuple[SeenIn, ...]:
    return tuple(SeenIn(name, Direction.DOWN) for name in series)


_EDGE_ACTIONS = (
    ChaosAction(
        "latency", "Network latency", "Everything on its way from source to target is late, in order.",
        ChaosTarget.EDGE,
        (
            Intensity("delay_ms", "ms", 100.0, 0.0, 5_000.0, "How late it is."),
            Intensity("jitter_ms", "ms", 0.0, 0.0, 1_000.0, "Each delay differs by up to this, both ways."),
            Intensity("both_ways", "", 0.0, 0.0, 1.0, "Answers are late too."),
        ),
        _EDGE_S, _up("edge.{edge}.latency_ms"),
    ),
    ChaosAction(
        "loss", "Lost connections",
        "That share of new connections is dropped, and of those in use broken each second.",
        ChaosTarget.EDGE, (_percent("Share of connections."),),
        _EDGE_S, _up("edge.{edge}.lost_per_s", "service.{source}.errors_per_s"),
    ),
    ChaosAction(
        "bandwidth", "Narrow bandwidth", "The edge carries no more than this in each direction.",
        ChaosTarget.EDGE,
        (Intensity("kbit_per_s", "kbit/s", 256.0, 8.0, 1_000_000.0, "What it carries in each direction."),),
        _EDGE_S, _up("edge.{edge}.latency_ms"),
    ),
    ChaosAction(
        "reset", "Connections reset",
        "That share of new connections and, each second, of those in use gets a reset.",
        ChaosTarget.EDGE, (_percent("Share of connections."),),
        _EDGE_S, _up("edge.{edge}.lost_per_s", "service.{source}.errors_per_s"),
    ),
    ChaosAction(
        "blackhole", "Black hole", "Everything is accepted and nothing passes: connections hang.",
        ChaosTarget.EDGE, (), _EDGE_S,
        (*_up("edge.{edge}.in_flight", "edge.{edge}.lost_per_s"), *_down("edge.{edge}.queries_per_s")),
    ),
    ChaosAction(
        "upstream_errors", "The other side answers with errors",
        "That share of requests is answered 500 or 503 without reaching the target.",
        ChaosTarget.UPSTREAM, (_percent("Share of requests."),),
        _EDGE_S, _up("edge.{edge}.errors_per_s", "service.{source}.errors_per_s"),
    ),
    ChaosAction(
        "upstream_slow", "The other side is slow", "Every request waits before it reaches the target.",
        ChaosTarget.UPSTREAM,
        (Intensity("delay_ms", "ms", 500.0, 1.0, 30_000.0, "How long a request waits."),),
        _EDGE_S, _up("edge.{edge}.latency_ms"),
    ),
    ChaosAction(
        "upstream_malformed", "The other side answers with broken JSON",
        "That share of answers is 200 with a JSON body that cannot be read.",
        ChaosTarget.UPSTREAM, (_percent("Share of answers."),),
        _EDGE_S, _up("service.{source}.errors_per_s"),
    ),
    ChaosAction(
        "upstream_quota", "The other side has a quota",
        "Requests above this rate are answered 429 with Retry-After.",
        ChaosTarget.UPSTREAM,
        (Intensity("requests_per_s", "requests/s", 2.0, 0.1, 1_000.0, "What is let through."),),
        _EDGE_S, _up("edge.{edge}.errors_per_s", "service.{source}.errors_per_s"),
    ),
)  # fmt: skip
_SERVICE_ACTIONS = (
    ChaosAction(
        "disk_pressure", "Disk nearly full", "The service's own folder is filled up to this share of its quota.",
        ChaosTarget.SERVICE, (_percent("Share of the quota that is taken.", 95.0),),
        _SERVICE_S, _up("metric.{service}.service.disk.usage", "metric.{service}.service.log.failures"),
    ),
    ChaosAction(
        "log_rotation", "Log rotation fails", "The service's log cannot be rotated and grows into its quota.",
        ChaosTarget.SERVICE, (), _SERVICE_S,
        _up("metric.{service}.service.log.rotation_failures", "metric.{service}.service.disk.usage"),
    ),
    ChaosAction(
        "kill", "Kill a service", "The service's process is killed once; it is started again.",
        ChaosTarget.SERVICE, (), 60.0,
        (
            *_up("service.{service}.restarts", "edge.{into}.lost_per_s", "edge.{into}.refused_per_s"),
            *_down("service.{service}.requests_per_s"),
        ),
    ),
    ChaosAction(
        "freeze", "Freeze a service", "The service's process stands still: it accepts and never answers.",
        ChaosTarget.SERVICE, (), _FREEZE_S,
        (*_up("service.{service}.in_flight", "edge.{into}.in_flight"), *_down("service.{service}.requests_per_s")),
    ),
)  # fmt: skip
_HOST_ACTIONS = (
    ChaosAction(
        "cpu_spike", "CPU spike", "One unrelated job keeps a part of one core busy, at the lowest priority.",
        ChaosTarget.HOST,
        (Intensity("percent", "% of one core", 60.0, 5.0, 100.0, "How much of one core."),),
        _HOST_S, _up("host.cpu_percent"),
    ),
    ChaosAction(
        "memory_pressure", "Memory pressure", "One unrelated job takes memory; a reserve stays free.",
        ChaosTarget.HOST, (Intensity("mb", "MB", 256.0, 16.0, 2_048.0, "How much memory."),),
        _HOST_S, _up("host.memory_percent"),
    ),
)  # fmt: skip

ACTIONS: Mapping[str, ChaosAction] = {
    action.name: action for action in (*_EDGE_ACTIONS, *_SERVICE_ACTIONS, *_HOST_ACTIONS)
}
"""every action by its name"""


def action_named(name: str) -> ChaosAction:
    """The action. Raises ChaosRefused with the names that there are."""
    if name not in ACTIONS:
        raise ChaosRefused(f"There is no chaos action {name!r}. There are: {', '.join(ACTIONS)}.")
    return ACTIONS[name]


def checked_intensity(action: ChaosAction, given: Mapping[str, float]) -> Mapping[str, float]:
    """`given` with the defaults of what it leaves out. Raises ChaosRefused for what is unknown or out of bounds."""
    known = {field.name: field for field in action.intensity}
    for name in given:
        if name not in known:
            allowed = f"It has: {', '.join(known)}." if known else "It has none."
            raise ChaosRefused(f"{action.name} has no intensity {name!r}. {allowed}")
    return {name: _within(action, field, given.get(name, field.default)) for name, field in known.items()}


def checked_duration_s(action: ChaosAction, lasts_s: float | None) -> float:
    """How long it is to last; None: as long as it may. Raises ChaosRefused for what is out of bounds."""
    if lasts_s is None:
        return action.longest_s
    if not 0.0 < lasts_s <= action.longest_s:
        raise ChaosRefused(
            f"{action.name} cannot last {lasts_s:g} s. Allowed: more than 0 and up to {action.longest_s:g} s."
        )
    return float(lasts_s)


def seen_in(action: ChaosAction, target: str, edges: Iterable[str]) -> tuple[SeenIn, ...]:
    """The action's series by their real names. `target` is an edge `a->b`, a service, or empty for the host; `edges`
    are all of the graph."""
    source = target.partition("->")[0]
    words = {"edge": _dashed(target), "source": source, "service": target}
    into = [_dashed(edge) for edge in edges if edge.endswith(f"->{target}")]
    return tuple(
        SeenIn(seen.series.format(**words, into=edge), seen.direction)
        for seen in action.seen_in
        for edge in (into if "{into}" in seen.series else [""])
        if not ("{source}" in seen.series and source == "clients")
    )


def intensity_words(action: str, intensity: Mapping[str, float]) -> str:
    """The numbers of an action for people: `delay 100 ms, jitter 20 ms`."""
    units = {field.name: field.unit for field in ACTIONS[action].intensity} if action in ACTIONS else {}
    return ", ".join(_number(name, value, units.get(name, "")) for name, value in intensity.items() if value)


def _number(name: str, value: float, unit: str) -> str:
    """The unit says enough, but for times: how long is not what is long."""
    if unit == "ms":
        return f"{name.removesuffix('_ms')} {value:g} ms"
    return f"{value:g} {unit}" if unit else name.replace("_", " ")


def _dashed(edge: str) -> str:
    return edge.replace("->", "-to-")


def _within(action: ChaosAction, field: Intensity, value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ChaosRefused(f"{action.name}: {field.name} must be a number, not {value!r}.")
    if not field.least <= value <= field.most:
        unit = f" {field.unit}" if field.unit else ""
        raise ChaosRefused(
            f"{action.name}: {field.name} = {value:g} is out of bounds. "
            f"Allowed: {field.least:g} to {field.most:g}{unit}."
        )
    return float(value)
