"""Scenario folders from outside the program: added to the list, trusted by a question, taken off it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.client import Engine
from app.start.model import trust_words
from app.theme import Status
from app.widgets import Dialog

if TYPE_CHECKING:
    from protos.drill.v1.records import AddedPack, PackSummary


class OutsideFolders(QObject):
    """Asks the engine, and the user where programs are to be run; `host` is the widget below which it asks.

    What the engine refuses is told as `Engine.askFailed`.
    """

    changed = Signal()
    """The list of scenarios is another one now."""

    def __init__(self, engine: Engine, host: QWidget) -> None:
        super().__init__(host)
        self._engine = engine
        self._host = host

    def choose(self) -> None:
        """Let the user choose a folder, and add it."""
        dialog = QFileDialog(self._host, "Add a scenario folder", str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.add)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def add(self, folder: str) -> None:
        """List the scenario in a folder from now on, and ask whether it may run."""

        def added(found: AddedPack) -> None:
            self.changed.emit()
            if not found.pack.trusted:
                self._ask(found, self.changed.emit)

        self._engine.ask(lambda client: client.add_pack(folder), added, owner=self)

    def remove(self, folder: str) -> None:
        """List it no longer; its files stay where they are."""
        self._engine.ask(lambda client: client.remove_pack(folder), lambda _: self.changed.emit(), owner=self)

    def with_trust(self, packs: Sequence[PackSummary], then: Callable[[], None]) -> None:
        """Do `then` once the user trusts each of them; asked one after the other, as they are on disk now."""
        missing = [pack for pack in packs if pack.origin and not pack.trusted]
        if not missing:
            then()
            return
        first, rest = missing[0], missing[1:]

        def trusted() -> None:
            self.changed.emit()
            self.with_trust(rest, then)

        self._engine.ask(
            lambda client: client.add_pack(first.origin), partial(self._ask, then=trusted), owner=self
        )

    def _ask(self, found: AddedPack, then: Callable[[], None]) -> None:
        folder, fingerprint = found.pack.origin, found.fingerprint

        def trust() -> None:
            self._engine.ask(
                lambda client: client.trust_pack(folder, fingerprint), lambda _: then(), owner=self
            )

        question = f"Run the programs of “{found.pack.title or folder}” on this computer?"
        Dialog(
            question, trust_words(found), "Not now", "Trust it", trust, Status.WARNING, self._host.window()
        ).open()
