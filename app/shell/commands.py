"""The commands of the palette: the window's own, those of the screen that is shown, and what typed text means."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from app.command import Command
from app.drill_time import clock_offset_s
from app.shell.lookup import MOST, fitting, meant
from app.shell.screens import SIGNALS
from app.theme import Icon, ThemeName, theme
from app.time_axis import Span, format_clock

if TYPE_CHECKING:
    from app.window import Window

RECENT = "recent_commands"
KEPT_RECENT = 6
VIEW = "View"


class Commands:
    """Collects them anew for each search: what can be done depends on what is shown."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def search(self, typed: str) -> tuple[Command, ...]:
        """What fits the typed text; for none, what was used last and what the screen offers."""
        kept = self._window.selection.kept.get(RECENT)
        recent = [str(title) for title in kept] if isinstance(kept, list) else []
        found = [*self._meant(typed), *fitting([*self._of_screen(), *self._own()], typed, recent)]
        return tuple(self._remembered(command) for command in found[:MOST])

    def _remembered(self, command: Command) -> Command:
        def act() -> None:
            kept = self._window.selection.kept
            before = [title for title in kept.get(RECENT) or [] if title != command.title]
            kept.put(RECENT, [command.title, *before][:KEPT_RECENT])
            command.act()

        return replace(command, act=act)

    def _meant(self, typed: str) -> list[Command]:
        window, snapshot = self._window, self._window.session.participant.snapshot
        if snapshot is None or not window.session.run or not typed.strip():
            return []
        offset_s = clock_offset_s(snapshot.clock)
        found = meant(typed, time.time(), offset_s)
        commands: list[Command] = []
        if found.trace_id:
            commands += self._about_trace(found.trace_id)
        if found.span is not None:
            commands.append(self._set_time(found.span, offset_s))
        for service in snapshot.services:
            if service.name.startswith(typed.strip().lower()):
                commands += self._about_service(service.name)
        return commands

    def _about_trace(self, trace_id: str) -> list[Command]:
        selection = self._window.selection
        whole = len(trace_id) == 32
        find: Callable[[], object] = partial(selection.open_traces, f"trace:{trace_id}")
        opened: Callable[[], object] = partial(selection.open_trace, trace_id)
        return [
            Command(f"Open trace {trace_id[:8]}", "Traces", opened if whole else find, Icon.TREE_STRUCTURE),
            Command(
                f"Logs of trace {trace_id[:8]}",
                "Logs",
                partial(selection.open_logs, f"trace:{trace_id}"),
                Icon.LIST_DASHES,
            ),
        ]

    def _set_time(self, span: Span, offset_s: float) -> Command:
        words = f"{format_clock(span.start_s, offset_s)} – {format_clock(span.end_s, offset_s)}"
        return Command(
            f"Set the time to {words}",
            "All screens",
            partial(self._window.selection.choose_time_range, span),
            Icon.CLOCK,
        )

    def _about_service(self, name: str) -> list[Command]:
        selection = self._window.selection

        def on_map() -> None:
            selection.choose_service(name)
            self._window.show_screen(SIGNALS)

        return [
            Command(f"Show {name} on the map", SIGNALS, on_map, Icon.FLOW_ARROW),
            Command(
                f"Logs of {name}", "Logs", partial(selection.open_logs, f"service:{name}"), Icon.LIST_DASHES
            ),
            Command(
                f"Traces through {name}",
                "Traces",
                partial(selection.open_traces, f"service:{name}"),
                Icon.TREE_STRUCTURE,
            ),
        ]

    def _of_screen(self) -> tuple[Command, ...]:
        offered = getattr(self._window.panes.pane, "commands", None)
        return tuple(offered()) if offered is not None else ()

    def _own(self) -> list[Command]:
        window = self._window
        light = theme.name is ThemeName.LIGHT
        commands = [
            Command(
                "Dark theme" if light else "Light theme", VIEW, window.switch_theme, Icon.SUN, "Ctrl+Shift+L"
            ),
            Command(
                "Larger text", VIEW, partial(window.scale_text, 0.1), Icon.MAGNIFYING_GLASS_PLUS, "Ctrl++"
            ),
            Command(
                "Smaller text", VIEW, partial(window.scale_text, -0.1), Icon.MAGNIFYING_GLASS_MINUS, "Ctrl+-"
            ),
            Command("Settings", VIEW, window.open_settings, Icon.GEAR_SIX, "Ctrl+,"),
            Command("Keyboard help", VIEW, window.toggle_help, Icon.KEYBOARD, "?"),
        ]
        if window.session.run:
            going = [
                Command(
                    f"Go to {name}", name, partial(window.show_screen, name), screen.icon, f"Alt+{number}"
                )
                for number, (name, screen) in enumerate(window.screens.items(), start=1)
            ]
            commands = [
                *going,
                Command(
                    "Back in what was chosen",
                    "All screens",
                    window.selection.back,
                    Icon.ARROW_LEFT,
                    "Alt+Left",
                ),
                *commands,
                Command("Close this run", "Run", window.ask_to_leave, Icon.SIGN_OUT),
            ]
        return commands
