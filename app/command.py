"""What the command palette can do: a verb with its place and key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.theme import Icon


@dataclass(frozen=True, slots=True)
class Command:
    """`title` says what it does, `place` where it shows; `keys` is the shortcut that does the same."""

    title: str
    place: str
    act: Callable[[], object]
    icon: Icon = Icon.COMMAND
    keys: str = ""
