"""Every action on services and on the host by its name."""

from __future__ import annotations

from collections.abc import Mapping

from engine.lab.actuators.actuator import Actuator
from engine.lab.actuators.cpu_spike import CpuSpike
from engine.lab.actuators.disk_pressure import DiskPressure
from engine.lab.actuators.freeze import Freeze
from engine.lab.actuators.kill import Kill
from engine.lab.actuators.log_rotation import LogRotation
from engine.lab.actuators.memory_pressure import MemoryPressure

ACTUATORS: Mapping[str, type[Actuator]] = {
    "cpu_spike": CpuSpike,
    "memory_pressure": MemoryPressure,
    "kill": Kill,
    "freeze": Freeze,
    "disk_pressure": DiskPressure,
    "log_rotation": LogRotation,
}
