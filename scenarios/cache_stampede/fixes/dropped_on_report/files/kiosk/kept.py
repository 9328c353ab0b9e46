"""Answers of routes, kept until their line reports something new."""

from __future__ import annotations

import json
from collections.abc import Callable


class Kept:
    """The answers of all lines that have reported nothing since."""

    def __init__(self) -> None:
        self._answers: dict[str, bytes] = {}

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, path: str, ask: Callable[[], bytes]) -> bytes:
        """The answer for a path: the one that is kept, or a new one."""
        answer = self._answers.get(path)
        if answer is None:
            answer = ask()
            self._answers[path] = answer
        return answer

    def drop(self, report: bytes) -> None:
        """Forget the answers of the line that a report is about."""
        begin = f"/journeys/{json.loads(report)['line']}/"
        for path in [path for path in list(self._answers) if path.startswith(begin)]:
            self._answers.pop(path, None)
