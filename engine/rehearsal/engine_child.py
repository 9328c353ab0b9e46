"""The engine as a child process of a rehearsal."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from engine.drill.errors import DrillError, Refusal
from engine.lab.modes import child_environment, mode_command
from protos.drill.v1.client import DrillClient, EngineLost

STOP_S = 30.0


class EngineChild:
    """`with EngineChild(runs, log) as engine`: an engine that keeps its runs in `runs` and its output in `log`."""

    def __init__(self, runs: Path, log: Path) -> None:
        self.runs = runs
        self._log_path = log
        self._log = log.open("wb")
        self._process = subprocess.Popen(
            mode_command("engine", "--runs", str(runs)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=child_environment("", None),
        )

    def __enter__(self) -> Self:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise DrillError(
                f"The engine ended at once with exit code {self._process.wait()}. Its words are in {self._log_path}.",
                Refusal.MACHINE,
            )
        words = json.loads(line)
        self.facilitator = DrillClient(words["address"], words["facilitator"])
        self.participant = DrillClient(words["address"], words["participant"])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.facilitator.shutdown()
        except EngineLost:
            self._process.terminate()
        for client in (self.facilitator, self.participant):
            client.close()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()
        self._log.close()
