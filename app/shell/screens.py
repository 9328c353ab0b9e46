"""The one table of screens. A pane's class is named here and imported at its first show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from app.theme import Icon

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class Pane(Protocol):
    """What the window asks of a pane's view, which is a QWidget besides."""

    def activate(self) -> None:
        """The pane is shown: it may ask the engine."""
        ...

    def deactivate(self) -> None:
        """The pane is hidden: it asks nothing more."""
        ...


MakePane = Callable[..., "QWidget"]
"""A pane's view takes the participant's engine and the selection; Control takes the facilitator's engine."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One entry of the rail. `view` is "module:Class"; `leads` marks what is the facilitator's and opens a window."""

    name: str
    icon: Icon
    view: str
    leads: bool = False

    def make(self) -> MakePane:
        """The class of its view, imported now."""
        module, name = self.view.split(":")
        return cast(MakePane, getattr(import_module(module), name))


SCREENS = (
    Screen("Signals", Icon.ACTIVITY, "app.signals:SignalsView"),
    Screen("Logs", Icon.LIST_DASHES, "app.logs:LogsView"),
    Screen("Traces", Icon.TREE_STRUCTURE, "app.traces:TracesView"),
    Screen("Workbench", Icon.CODE, "app.workbench:WorkbenchView"),
    Screen("Control", Icon.SLIDERS_HORIZONTAL, "app.control:ControlWindow", leads=True),
)
SIGNALS = "Signals"
TRACES = "Traces"
LOGS = "Logs"
WORKBENCH = "Workbench"
