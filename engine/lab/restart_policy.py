"""When a service that ended by itself is started again: a pure rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """Wait longer after each end within `window_s`; after as many ends as there are pauses, give up at the next."""

    pauses_s: tuple[float, ...] = (0.5, 1.0, 2.0, 4.0, 8.0)
    window_s: float = 60.0

    def pause_s(self, ends_s: Sequence[float], now_s: float) -> float | None:
        """How long to wait now, given when it ended so far (the last end included), or None to give up."""
        recent = sum(1 for end_s in ends_s if now_s - end_s <= self.window_s)
        return self.pauses_s[recent - 1] if 0 < recent <= len(self.pauses_s) else None
