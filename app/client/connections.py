"""The open gRPC connections of one audience; made on worker threads, closed from anywhere.

Every stream has a connection of its own, because closing it is the one way to end a stream that waits in another
thread. Connections to one address share a socket inside gRPC, so this costs no more than an object.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protos.drill.v1.client import DrillClient


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the engine listens ("127.0.0.1:port"), and the token that says as whom we speak."""

    address: str
    token: str


class Connections:
    """Opens clients to the endpoint that it is aimed at, and can end all of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._endpoint: Endpoint | None = None
        self._shared: DrillClient | None = None
        self._open: set[DrillClient] = set()

    def aim(self, endpoint: Endpoint | None) -> None:
        """Use `endpoint` from now on; what was open is ended. None: refuse to open anything."""
        with self._lock:
            self._endpoint = endpoint
            ending = tuple(self._open)
            self._open.clear()
            self._shared = None
        for client in ending:
            client.close()

    def shared(self) -> DrillClient:
        """The client for single calls; raises `EngineLost` while there is no endpoint."""
        with self._lock:
            if self._shared is not None:
                return self._shared
        client = self.open()
        with self._lock:
            if self._shared is None and client in self._open:
                self._shared = client
                return client
            kept = self._shared
        if kept is None:
            return client
        self.release(client)
        return kept

    def open(self) -> DrillClient:
        """A client of its own, for a stream; give it back with `release`."""
        from protos.drill.v1.client import DrillClient, EngineLost

        with self._lock:
            if self._endpoint is None:
                raise EngineLost("the engine is not running")
            client = DrillClient(self._endpoint.address, self._endpoint.token)
            self._open.add(client)
            return client

    def release(self, client: DrillClient) -> None:
        """Close a client; whatever still runs on it ends with `EngineLost`."""
        with self._lock:
            self._open.discard(client)
        client.close()
