"""On what an action is done: a service's process and folder, or the host."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import psutil

from engine.lab.data_folders import QUOTA_BYTES


@dataclass(frozen=True, slots=True)
class Place:
    """The run and order, and of a service what it needs; `created` tells its process from a later one of that pid."""

    run_id: str
    order_id: str
    service: str = ""
    pid: int = 0
    created: float = 0.0
    folder: str = ""
    quota_bytes: int = QUOTA_BYTES

    def as_message(self) -> Mapping[str, Any]:
        """For the wire; read it by `Place(**message)`."""
        return asdict(self)

    def process(self) -> psutil.Process | None:
        """The service's process, if it is still there and carries this run's id: no other is ever touched."""
        if not self.pid:
            return None
        try:
            process = psutil.Process(self.pid)
            is_same = abs(process.create_time() - self.created) < 0.01
            return process if is_same and process.environ().get("DRILL_RUN") == self.run_id else None
        except (psutil.Error, OSError):
            return None


def created_at(pid: int) -> float:
    """When a process began; 0 for one that is gone."""
    with contextlib.suppress(psutil.Error):
        return psutil.Process(pid).create_time()
    return 0.0
