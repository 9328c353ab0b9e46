"""What stands between the two sides of one connection while something is on its edge."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import Protocol

from engine.lab.proxy.gate import Gate
from engine.lab.proxy.hindrances import Hindrances
from engine.lab.proxy.http_watch import HttpWatch
from engine.lab.proxy.lane import Lane
from engine.lab.proxy.watch import Watch


class Way(Protocol):
    """What a detour needs of its connection."""

    def pass_up(self, data: bytes) -> None:
        """Write to the upstream."""
        ...

    def pass_down(self, data: bytes) -> None:
        """Write to the client."""
        ...

    def answered_here(self, data: bytes) -> None:
        """Count an answer that no upstream gave."""
        ...

    def hold(self, is_client: bool) -> None:
        """Take nothing more from one side for now."""
        ...

    def release(self, is_client: bool) -> None:
        """Take from that side again."""
        ...

    def free(self) -> None:
        """Bytes go straight through again."""
        ...

    def reset(self) -> None:
        """End the connection with a reset."""
        ...


class Detour:
    """A lane each way, the gate for HTTP, and the hole in which bytes vanish."""

    def __init__(self, way: Way, watch: Watch, hindrances: Hindrances) -> None:
        self._way = way
        self._watch = watch
        self._hindrances = hindrances
        self._gate: Gate | None = None
        self._has_swallowed = False
        self._up = Lane(
            way.pass_up,
            partial(hindrances.reserve_s, True),
            partial(way.hold, True),
            partial(way.release, True),
        )
        self._down = Lane(
            way.pass_down, partial(hindrances.reserve_s, False), partial(way.hold, False), partial(way.release, False)
        )  # fmt: skip

    @property
    def is_up_empty(self) -> bool:
        """True when nothing waits on its way up."""
        return self._up.is_empty

    def changed(self) -> None:
        """Something was put on the edge or taken away."""
        if self._has_swallowed and not self._hindrances.swallows:
            self._way.reset()
            return
        if self._gate is None and self._hindrances.treats and isinstance(self._watch, HttpWatch):
            self._gate = Gate(self._watch, self._hindrances, self._push_up, self._push_down, self._answer)
        self._up.hasten()
        self._down.hasten()
        self._leave_if_done()

    def up(self, data: bytes) -> None:
        """Bytes from the client, which the watch has seen."""
        if self._hindrances.swallows:
            self._swallow()
        elif self._gate is not None:
            self._gate.up(data)
            self._leave_if_done()
        else:
            self._push_up(data, 0.0)

    def down(self, data: bytes) -> None:
        """Bytes from the upstream, which the watch has seen."""
        if self._hindrances.swallows:
            self._swallow()
        elif self._gate is not None:
            self._gate.down(data)
            self._leave_if_done()
        else:
            self._push_down(data)

    def after_up(self, act: Callable[[], None]) -> None:
        """Do something once all from the client has left."""
        self._up.then(act)

    def after_down(self, act: Callable[[], None]) -> None:
        """Do something once all from the upstream has left; never, in a black hole."""
        if self._hindrances.swallows:
            self._swallow()
            return
        if self._gate is not None:
            self._gate.let_pass()
        self._down.then(act)

    def outlive_client(self, upstream: asyncio.Transport) -> None:
        """The client has sent its last and gone: the upstream still gets it, then is closed."""
        self._down.drop()
        if self._hindrances.swallows:
            upstream.abort()
            return
        self._up.write = upstream.write
        self._up.then(upstream.close)

    def drop(self) -> None:
        """Forget what is under way."""
        self._up.drop()
        self._down.drop()

    def _push_up(self, data: bytes, not_before_s: float) -> None:
        due_s = max(time.monotonic() + self._hindrances.delay_s(True), not_before_s)
        self._up.push(data, due_s, self._hindrances.piece_bytes)

    def _push_down(self, data: bytes) -> None:
        due_s = time.monotonic() + self._hindrances.delay_s(False)
        self._down.push(data, due_s, self._hindrances.piece_bytes)

    def _answer(self, data: bytes) -> None:
        self._way.answered_here(data)
        self._push_down(data)

    def _swallow(self) -> None:
        self._has_swallowed = True
        self._hindrances.count("blackhole")

    def _leave_if_done(self) -> None:
        is_done = self._gate is None or self._gate.is_idle
        if is_done and not self._hindrances.is_in_the_way and self._up.is_empty and self._down.is_empty:
            self._way.free()
