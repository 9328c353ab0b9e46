"""CPU and memory of processes and of the host, as the system counts them."""

from __future__ import annotations

from collections.abc import Mapping

import psutil

from engine.lab.records import HostSampled, ProcessSample

_GONE = (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess)


class ProcessSampler:
    """Remembers processes between samples, since CPU is a difference. Not for several threads at once."""

    def __init__(self) -> None:
        self._known: dict[int, psutil.Process] = {}

    def sample(self, pids: Mapping[str, int]) -> tuple[ProcessSample, ...]:
        """One sample a name: each process with all that it started; a process seen first counts 0 % CPU."""
        seen: dict[int, psutil.Process] = {}
        samples = []
        for name, pid in pids.items():
            family = self._family(pid)
            figures = [figure for process in family if (figure := _figures(process))]
            seen.update({process.pid: process for process in family})
            if figures:
                cpu_percent = sum(cpu for cpu, _ in figures)
                memory_mb = sum(memory for _, memory in figures) / 1e6
                samples.append(ProcessSample(name, cpu_percent, memory_mb))
        self._known = seen
        return tuple(samples)

    def _family(self, pid: int) -> list[psutil.Process]:
        try:
            process = self._process(psutil.Process(pid))
            return [process, *(self._process(child) for child in process.children(recursive=True))]
        except _GONE:
            return []

    def _process(self, fresh: psutil.Process) -> psutil.Process:
        """The object that holds the last CPU reading; a reused pid is another process."""
        known = self._known.get(fresh.pid)
        return known if known == fresh else fresh


class HostSampler:
    """Remembers the processor times between samples; the first sample counts from its making."""

    def __init__(self) -> None:
        psutil.cpu_percent(None)

    def sample(self) -> HostSampled:
        """What all processes together use now."""
        return HostSampled(psutil.cpu_percent(None), float(psutil.virtual_memory().percent))


def _figures(process: psutil.Process) -> tuple[float, float] | None:
    """(percent of one core, bytes of its own) or None when it has gone."""
    try:
        memory = process.memory_info()
        # Shared buffers and the zygote's pages would be counted once for each process.
        own = memory.rss - getattr(memory, "shared", 0)
        return process.cpu_percent(None), float(own)
    except _GONE:
        return None
