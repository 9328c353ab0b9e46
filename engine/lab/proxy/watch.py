"""What an edge's protocol adds to passing bytes on: somebody who looks at them and counts."""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    """Looks at the bytes of one client's connection, both ways, as they are passed on; never changes them."""

    @property
    def is_idle(self) -> bool:
        """True when the upstream may be exchanged without the client noticing: nothing is under way."""
        ...

    def client_sent(self, data: bytes) -> None:
        """Bytes on their way up."""
        ...

    def upstream_sent(self, data: bytes) -> None:
        """Bytes on their way down."""
        ...

    def upstream_changed(self) -> None:
        """What comes down from now on is of a new connection."""
        ...

    def ended(self) -> None:
        """The client's connection is over; what was under way is lost."""
        ...
