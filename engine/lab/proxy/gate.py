"""Stands on the way of one connection's HTTP requests: answers some here, delays some, spoils answers."""

from __future__ import annotations

import time
from collections.abc import Callable

from engine.lab.proxy.hindrances import Hindrances
from engine.lab.proxy.http_answers import spoiled
from engine.lab.proxy.http_watch import HttpWatch
from engine.lab.proxy.impairments import Treatment

_LONGEST_SPOILED_BYTES = 1024 * 1024


class Gate:
    """Takes bytes that the watch has just seen, so that it knows where requests and answers begin and end.

    What is under way when the gate comes passes untouched; requests that are sent before the one before them is
    answered share its fate.
    """

    def __init__(
        self,
        watch: HttpWatch,
        hindrances: Hindrances,
        send_up: Callable[[bytes, float], None],
        send_down: Callable[[bytes], None],
        answered: Callable[[bytes], None],
    ) -> None:
        self._watch = watch
        self._hindrances = hindrances
        self._send_up = send_up
        self._send_down = send_down
        self._answered = answered
        self._treatment: Treatment | None = None if watch.is_settled else Treatment()
        self._passes_from_s = 0.0
        self._captured = bytearray()

    @property
    def is_idle(self) -> bool:
        """True when no request is in its hands."""
        return self._treatment is None or self._watch.is_blind

    def up(self, data: bytes) -> None:
        """Bytes of a request."""
        treatment = self._treatment or self._begin()
        if self._watch.is_blind:
            self.let_pass()
            self._send_up(data, 0.0)
        elif treatment.answer is None:
            if treatment.spoiled and not self._can_be_spoiled():
                self.let_pass()
            self._send_up(data, self._passes_from_s)
            self._end_if_settled()
        elif self._watch.is_whole:
            self._answer(treatment)

    def down(self, data: bytes) -> None:
        """Bytes of an answer."""
        if self._treatment is None or self._treatment.spoiled is None or self._watch.is_blind:
            self.let_pass()
            self._send_down(data)
        else:
            self._capture(data, self._treatment.spoiled)
        self._end_if_settled()

    def let_pass(self) -> None:
        """Give what was kept of an answer to the client as it came: it will not be spoiled."""
        if self._treatment is not None:
            self._treatment.spoiled = None
        captured, self._captured = bytes(self._captured), bytearray()
        if captured:
            self._send_down(captured)

    def _end_if_settled(self) -> None:
        if self._watch.is_settled:
            self._treatment = None

    def _begin(self) -> Treatment:
        self._treatment = self._hindrances.treat()
        self._passes_from_s = time.monotonic() + self._treatment.delay_s
        return self._treatment

    def _can_be_spoiled(self) -> bool:
        """Of one request's answer it is known where it begins and ends, and one to a HEAD has nothing to spoil."""
        return len(self._watch.unanswered) <= 1 and not any(self._watch.unanswered)

    def _answer(self, treatment: Treatment) -> None:
        assert treatment.answer is not None
        self._treatment = None
        for is_to_head in tuple(self._watch.unanswered):
            self._answered(treatment.answer.as_bytes(is_to_head))

    def _capture(self, data: bytes, count: Callable[[], None]) -> None:
        self._captured += data
        if self._watch.is_settled:
            answer = spoiled(bytes(self._captured))
            if answer is not None:
                count()
                self._captured = bytearray(answer)
            self.let_pass()
        elif len(self._captured) > _LONGEST_SPOILED_BYTES:
            self.let_pass()
