"""The lab's records: what it reports to its owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from engine.lab.proxy.records import EdgeCounts


@dataclass(frozen=True, slots=True)
class EnvironmentSettings:
    """Where an environment lives and to whom its services report.

    `otlp_endpoint` is `http://127.0.0.1:<port>` of an OTLP/gRPC receiver, or None for services without telemetry.
    """

    run_id: str
    folder: Path
    otlp_endpoint: str | None = None


class ServiceState(StrEnum):
    """Where a service is in its life."""

    STARTING = "starting"
    RUNNING = "running"
    RESTARTING = "restarting"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class ServiceStarted:
    """A service answers; `source_hash` is of the bytes that it loaded."""

    service: str
    pid: int
    port: int
    source_hash: str
    seconds: float


@dataclass(frozen=True, slots=True)
class ServiceFailedToStart:
    """A service did not come up. `file` (relative to its source folder) and `line` are of its own source, if any is
    to blame; `traceback` is what Python said, or the end of the service's output."""

    service: str
    reason: str
    traceback: str = ""
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """One line of the service list."""

    name: str
    state: ServiceState
    pid: int | None = None
    port: int | None = None
    source_hash: str | None = None
    restarts: int = 0


@dataclass(frozen=True, slots=True)
class StackFrame:
    """One frame; `file` is relative to the service's source if `own`."""

    file: str
    line: int
    function: str
    text: str
    own: bool


@dataclass(frozen=True, slots=True)
class ThreadGroup:
    """Threads that stand at the same place; `frames` has the innermost last."""

    threads: tuple[str, ...]
    frames: tuple[StackFrame, ...]


@dataclass(frozen=True, slots=True)
class ServiceExited:
    """A service ended without being asked; `restart_in_s` is None when the lab gave up."""

    service: str
    pid: int
    exit_code: int
    last_lines: tuple[str, ...]
    restart_in_s: float | None


@dataclass(frozen=True, slots=True)
class ServiceRestarted:
    """A service that had ended by itself answers again."""

    service: str
    pid: int
    attempt: int


@dataclass(frozen=True, slots=True)
class LadderStep:
    """One rung of ending a process: ask, terminate or kill."""

    process: str
    pid: int
    step: str


@dataclass(frozen=True, slots=True)
class ProcessSample:
    """What a process used: percent of one core since the last sample, and resident memory."""

    name: str
    cpu_percent: float
    memory_mb: float


@dataclass(frozen=True, slots=True)
class ProcessesSampled:
    """The samples of one second."""

    samples: tuple[ProcessSample, ...]


@dataclass(frozen=True, slots=True)
class HostSampled:
    """What the whole machine used: percent of all its cores since the last sample, and of its memory."""

    cpu_percent: float
    memory_percent: float


@dataclass(frozen=True, slots=True)
class ChaosOrder:
    """One chaos action as it was ordered: `target` is an edge `a->b`, a service, or empty for the host.

    `lasts_s` is None for as long as the action may last at most.
    """

    id: str
    action: str
    target: str = ""
    intensity: Mapping[str, float] = field(default_factory=dict)
    lasts_s: float | None = None


class ChaosEnd(StrEnum):
    """Why an action has ended."""

    UNDONE = "undone"
    TIME_OVER = "time-over"
    HELPER_GONE = "helper-gone"
    """the process that did it ended; what it left was undone"""
    ENVIRONMENT_ENDED = "environment-ended"


@dataclass(frozen=True, slots=True)
class ChaosApplied:
    """An action is on. It ends by itself after `lasts_s`."""

    order: ChaosOrder
    detail: str
    lasts_s: float


@dataclass(frozen=True, slots=True)
class ChaosEnded:
    """An action was ended; `is_off` is what was read back: False means that it could not be undone."""

    order: ChaosOrder
    why: ChaosEnd
    is_off: bool


@dataclass(frozen=True, slots=True)
class EdgesCounted:
    """The proxy's own counts so far, by edge name (`source->target`)."""

    counts: Mapping[str, EdgeCounts]


@dataclass(frozen=True, slots=True)
class MeterRead:
    """What the pack's meter measured in one second, by series name."""

    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class MeterFailed:
    """The meter could not read; `reason` is the traceback."""

    reason: str


@dataclass(frozen=True, slots=True)
class HelperExited:
    """`postgres`, `proxy`, `actuators` or `meter` ended without being asked; the environment lets it be."""

    name: str
    exit_code: int
    last_lines: tuple[str, ...]


LabEvent = (
    ServiceExited
    | ServiceRestarted
    | ServiceFailedToStart
    | LadderStep
    | ProcessesSampled
    | HostSampled
    | EdgesCounted
    | ChaosApplied
    | ChaosEnded
    | MeterRead
    | MeterFailed
    | HelperExited
)
