"""Interned span kinds of a system: each (service, span name, kind) is one small number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.telemetry.records import SpanKind
from engine.telemetry.wire.attributes import service_of

OTHER = "(other)"
UNKNOWN = "unknown"
Numbers = NDArray[Any]
_CACHED_SCOPES = 4096
_OVERFLOW_BIT = 63
_LONGEST_NAME = 300


@dataclass(frozen=True, slots=True)
class Signature:
    """What spans of one number have in common; `peer` is the database that they call, else empty."""

    id: int
    service: str
    name: str
    kind: int
    peer: str


class SpanNames(dict[tuple[bytes, int], int]):
    """The numbers of (name, kind) for one service; an unknown pair gets one when it is looked up."""

    def __init__(self, signatures: Signatures, service: str) -> None:
        super().__init__()
        self._signatures = signatures
        self._service = service

    def __missing__(self, key: tuple[bytes, int]) -> int:
        name, kind = key
        text = name[:_LONGEST_NAME].decode("utf-8", "replace")
        number = self._signatures.intern(self._service, text, kind)
        if len(self) < _CACHED_SCOPES:
            self[key] = number
        return number


class Signatures:
    """All signatures of a run, and the services among them. Numbers are never reused."""

    def __init__(self, limit: int = 20_000) -> None:
        self._limit = limit
        self._all: list[Signature] = []
        self._ids: dict[tuple[str, str, int], int] = {}
        self._services: dict[str, int] = {}
        self._resources: dict[bytes, SpanNames] = {}
        self._unclassified: set[int] = set()
        self._unsaved: list[Signature] = []
        self._is_server = np.zeros(1024, np.bool_)
        self._has_peer = np.zeros(1024, np.bool_)
        self._service_bits = np.zeros(1024, np.uint64)

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, number: int) -> Signature:
        return self._all[number]

    def names_of(self, resource: bytes) -> SpanNames:
        """The span names of the service that a serialized resource names."""
        names = self._resources.get(resource)
        if names is None:
            if len(self._resources) >= _CACHED_SCOPES:
                self._resources.clear()
            names = self._resources[resource] = SpanNames(self, service_of(resource))
        return names

    def intern(self, service: str, name: str, kind: int) -> int:
        """The number of a signature; beyond the limit that of the service's `(other)`."""
        found = self._ids.get((service, name, kind))
        if found is not None:
            return found
        if len(self._all) >= self._limit and name != OTHER:
            return self.intern(service, OTHER, kind)
        signature = Signature(len(self._all), service, name, kind, "")
        self._keep(signature)
        if kind == SpanKind.CLIENT:
            self._unclassified.add(signature.id)
        self._unsaved.append(signature)
        return signature.id

    def load(self, rows: Iterable[tuple[int, str, str, int, str]]) -> None:
        """Recorded signatures, in order of their numbers; of one that the disk did not take the place is kept."""
        for number, service, name, kind, peer in rows:
            while len(self._all) < number:
                self._keep(Signature(len(self._all), UNKNOWN, f"(lost {len(self._all)})", 0, ""))
            self._keep(Signature(number, service, name, kind, peer))

    def unclassified(self) -> frozenset[int]:
        """Client signatures of which no span's attributes have been looked at."""
        return frozenset(self._unclassified)

    def classify(self, number: int, peer: str) -> None:
        """Say which database (or none) the spans of this signature call."""
        self._unclassified.discard(number)
        if peer:
            old = self._all[number]
            self._all[number] = new = Signature(old.id, old.service, old.name, old.kind, peer)
            self._has_peer[number] = True
            self._unsaved.append(new)

    def take_unsaved(self) -> list[Signature]:
        """New and changed signatures since the last call."""
        taken, self._unsaved = self._unsaved, []
        return taken

    def save_again(self) -> None:
        """Hand all of them out as unsaved: the disk refused some."""
        self._unsaved = list(self._all)

    def serving(self) -> list[str]:
        """The services that have server spans, in order of their first one."""
        return list(dict.fromkeys(s.service for s in self._all if s.kind == SpanKind.SERVER))

    def is_server(self, numbers: Numbers) -> Numbers:
        """Which of these signatures are of kind SERVER."""
        return np.asarray(self._is_server[numbers])

    def has_peer(self, numbers: Numbers) -> Numbers:
        """Which of these signatures call a database."""
        return np.asarray(self._has_peer[numbers])

    def service_bits(self, numbers: Numbers) -> Numbers:
        """One bit a service; services beyond 63 share the last."""
        return np.asarray(self._service_bits[numbers])

    def services_in(self, bits: int) -> tuple[str, ...]:
        """The services whose bits are set; all that share the last bit appear where it is."""
        return tuple(name for name, index in self._services.items() if bits >> min(index, _OVERFLOW_BIT) & 1)

    def service_bit(self, service: str) -> int:
        """The bit of a service; 0 for an unknown one."""
        index = self._services.get(service)
        return 0 if index is None else 1 << min(index, _OVERFLOW_BIT)

    def matching(self, wanted: str, server_only: bool) -> frozenset[int]:
        """The signatures whose name holds `wanted` (in any case)."""
        wanted = wanted.lower()
        return frozenset(
            s.id
            for s in self._all
            if wanted in s.name.lower() and (not server_only or s.kind == SpanKind.SERVER)
        )

    def _keep(self, signature: Signature) -> None:
        number = signature.id
        self._all.append(signature)
        self._ids[signature.service, signature.name, signature.kind] = number
        if number >= len(self._is_server):
            self._grow()
        index = self._services.setdefault(signature.service, len(self._services))
        self._is_server[number] = signature.kind == SpanKind.SERVER
        self._has_peer[number] = bool(signature.peer)
        self._service_bits[number] = 1 << min(index, _OVERFLOW_BIT)

    def _grow(self) -> None:
        for name in ("_is_server", "_has_peer", "_service_bits"):
            old = getattr(self, name)
            setattr(self, name, np.concatenate([old, np.zeros_like(old)]))
