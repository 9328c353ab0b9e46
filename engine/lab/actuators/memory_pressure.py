"""An unrelated job that needs memory."""

from __future__ import annotations

import psutil

from engine.lab.actuators.actuator import Impossible
from engine.lab.actuators.job import Job
from engine.lab.actuators.job_process import reserve_bytes

_LEAST_MB = 16.0


class MemoryPressure(Job):
    """One process that holds up to `mb` megabytes, less where the machine's reserve would be touched."""

    kind = "memory"

    def amount(self) -> float:
        """What may be taken of what was asked for, in MB."""
        free_mb = (psutil.virtual_memory().available - reserve_bytes()) / 1e6
        if free_mb < _LEAST_MB:
            raise Impossible("this machine has too little free memory to take any of it")
        return min(self.intensity["mb"], free_mb)
