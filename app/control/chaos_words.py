"""Chaos in words and numbers, without widgets: what was typed, what is on, how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.theme import Status
from app.time_axis import format_clock
from protos.drill.v1.records import Chaos, ChaosAction, ChaosIntensity

NS = 1_000_000_000
KINDS: Mapping[str, str] = {
    "edge": "Network",
    "upstream": "The other side",
    "service": "Service",
    "host": "This computer",
}
"""What an action is done to, in the order of the menu."""
USUAL_S = 120.0
"""Long enough to be seen and looked into, short enough to be forgotten without harm."""
SHOWN_ENDED = 6
_UNITS = ("_per_s", "_percent", "_ms", "_s", "_mb", "_kb")
_ONLY_UNITS = ("percent", "mb", "kb", "s", "ms", "kbit")


@dataclass(frozen=True, slots=True)
class ChaosOrder:
    """What `StartChaos` is asked for."""

    action: str
    target: str
    intensity: Mapping[str, float]
    lasts_s: float


def field_label(field: ChaosIntensity) -> str:
    """A field's name in people's words: "delay_ms" is "Delay"; one that is only a unit says what it counts."""
    name = next((field.name.removesuffix(unit) for unit in _UNITS if field.name.endswith(unit)), field.name)
    if name in _ONLY_UNITS:
        first, _, rest = field.text.partition(" of ")
        name = first if rest and " " not in first else "amount"
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def is_switch(field: ChaosIntensity) -> bool:
    """Whether it is on or off rather than a number: it counts nothing, from 0 to 1."""
    return not field.unit and (field.least, field.most) == (0.0, 1.0)


def usual_s(action: ChaosAction) -> float:
    """How long an action is to last unless somebody says otherwise."""
    return min(USUAL_S, action.longest_s)


def target_text(target: str) -> str:
    """A target as people say it."""
    return target.replace("->", " → ") or "this computer"


def by_kind(actions: Sequence[ChaosAction]) -> tuple[ChaosAction, ...]:
    """The actions that can be done to anything in this run, grouped by what they are done to."""
    kinds = [*KINDS, *(action.target_kind for action in actions)]
    return tuple(
        sorted((one for one in actions if one.targets), key=lambda one: kinds.index(one.target_kind))
    )


@dataclass(frozen=True, slots=True)
class ChaosRow:
    """An action that is on."""

    id: str
    title: str
    target: str
    intensity: str
    left: str
    share_left: float
    effect: str
    seen: Status
    is_herring: bool


def rows_on(actions: Sequence[Chaos], now_ns: int) -> tuple[ChaosRow, ...]:
    """What is on, the newest on top."""
    found = [action for action in actions if not action.ended_ns]
    return tuple(_row(action, now_ns) for action in sorted(found, key=lambda one: -one.started_ns))


def _row(action: Chaos, now_ns: int) -> ChaosRow:
    whole_ns = max(action.ends_ns - action.started_ns, 1)
    return ChaosRow(
        id=action.id,
        title=action.title,
        target=target_text(action.target),
        intensity=action.intensity,
        left=left_text(action.ends_ns, now_ns),
        share_left=min(max((action.ends_ns - now_ns) / whole_ns, 0.0), 1.0),
        effect=action.effect or "looking for its effect…",
        seen=Status.OK if action.visible else Status.IDLE,
        is_herring=bool(action.herring),
    )


@dataclass(frozen=True, slots=True)
class EndedRow:
    """An action that is over, in one line."""

    id: str
    clock: str
    text: str
    detail: str


def rows_ended(actions: Sequence[Chaos], offset_s: float) -> tuple[EndedRow, ...]:
    """The last that ended, the newest on top; `offset_s` leads from Unix seconds to the drill's clock."""
    over = sorted((one for one in actions if one.ended_ns), key=lambda one: -one.ended_ns)
    return tuple(
        EndedRow(
            one.id,
            format_clock(one.ended_ns / NS, offset_s),
            f"{one.title}, {target_text(one.target)}",
            f"{one.end}; {one.effect}" if one.effect else one.end,
        )
        for one in over[:SHOWN_ENDED]
    )


def left_text(ends_ns: int, now_ns: int) -> str:
    """The time to an automatic end as minutes and seconds; words once it is due."""
    seconds = max(0, -(-(ends_ns - now_ns) // NS))
    return f"{seconds // 60}:{seconds % 60:02d}" if seconds else "ending"


def ends_in(ends_ns: int, now_ns: int) -> str:
    """The same in a sentence."""
    left = left_text(ends_ns, now_ns)
    return left if left == "ending" else f"ends in {left}"
