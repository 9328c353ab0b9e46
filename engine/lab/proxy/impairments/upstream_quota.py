"""A limit on requests, as companies set one."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from random import Random

from engine.lab.proxy.http_answers import LocalAnswer
from engine.lab.proxy.impairments.impairment import Impairment, Role, Treatment


class UpstreamQuota(Impairment):
    """`requests_per_s` are let through (a token bucket that holds one second); the rest get 429 with Retry-After."""

    role = Role.TREATS

    def __init__(self, intensity: Mapping[str, float], dice: Random, count: Callable[[], None]) -> None:
        super().__init__(intensity, dice, count)
        self._most = max(1.0, intensity["requests_per_s"])
        self._tokens = self._most
        self._filled_s = time.monotonic()

    def treat(self, treatment: Treatment) -> None:
        """Let this one through, or refuse it and say when to come again."""
        now_s = time.monotonic()
        rate = self.intensity["requests_per_s"]
        self._tokens = min(self._most, self._tokens + (now_s - self._filled_s) * rate)
        self._filled_s = now_s
        if self._tokens >= 1.0:
            self._tokens -= 1.0
            return
        self.count()
        wait_s = math.ceil((1.0 - self._tokens) / rate)
        treatment.answer = LocalAnswer(429, "Too Many Requests", (("retry-after", str(wait_s)),))
