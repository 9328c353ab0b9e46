"""Whether this machine is fit for a drill: one row a check, as it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from app.client import Engine, Subscription
from app.start.model import summary_of
from app.start.rows import CheckRow
from app.theme import Icon
from app.widgets import Button, ButtonKind, Panel

if TYPE_CHECKING:
    from protos.drill.v1.records import PreflightCheck


class PreflightPanel(Panel):
    """The checks, and the button that runs them again."""

    def __init__(self, engine: Engine) -> None:
        super().__init__("Preflight", "not run yet", padded=False)
        self._engine = engine
        self._stream: Subscription[PreflightCheck] | None = None
        self._checks: list[PreflightCheck] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self.add(self._column)
        self._again = Button("Run again", ButtonKind.GHOST, Icon.ARROWS_CLOCKWISE, small=True)
        self._again.clicked.connect(self.run)
        self.add_action(self._again)
        self.show_no_engine()

    def show_no_engine(self) -> None:
        """Nobody is there to check."""
        self.halt()
        self._again.set_disabled_reason("The checks run once the engine is there.")

    def run(self) -> None:
        """Run all checks."""
        self.halt()
        for row in self.findChildren(CheckRow):
            row.hide()
            row.deleteLater()
        self._checks = []
        self._again.set_disabled_reason("The checks are running.")
        self.set_remark(summary_of((), running=True))
        self._stream = self._engine.follow(
            lambda client: client.preflight(),
            self._note,
            self,
            reopen=False,
            ended=self._finish,
            failed=self._fail,
        )

    def halt(self) -> None:
        """Stop checking."""
        if self._stream is not None:
            self._stream.stop()
            self._stream = None
            self._again.set_disabled_reason("")

    def _note(self, check: PreflightCheck) -> None:
        self._checks.append(check)
        self._column.addWidget(CheckRow(check))
        self.set_remark(summary_of(self._checks, running=True))

    def _finish(self) -> None:
        self._stream = None
        self._again.set_disabled_reason("")
        self.set_remark(summary_of(self._checks, running=False))

    def _fail(self, problem: str) -> None:
        self._finish()
        self.set_remark(f"stopped: {problem}")
