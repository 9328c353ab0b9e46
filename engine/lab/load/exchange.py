"""One request and its answer."""

from __future__ import annotations

from collections.abc import Callable


class Exchange:
    """One request on its way. When it ends, `done` is called, once, with `status` or `failure` and `ended_ns` set.

    `index` and `attempt` are the sender's own. Where no `intended_ns` is given, it is meant to be sent at once.
    """

    __slots__ = (
        "attempt",
        "body",
        "data",
        "done",
        "ended_ns",
        "failure",
        "index",
        "intended_ns",
        "sent_ns",
        "status",
        "timeout_ns",
    )

    def __init__(
        self,
        data: bytes,
        done: Callable[[Exchange], None],
        index: int = 0,
        intended_ns: int = 0,
        attempt: int = 0,
    ) -> None:
        self.data = data
        self.done = done
        self.index = index
        self.intended_ns = intended_ns
        self.attempt = attempt
        self.body: list[bytes] | None = None
        """its pieces, where the pool keeps bodies"""
        self.status = 0
        self.failure = ""
        self.sent_ns = 0
        self.timeout_ns = 0
        """when it is given up"""
        self.ended_ns = 0

    @property
    def is_over(self) -> bool:
        """True once it has an end."""
        return self.ended_ns != 0
