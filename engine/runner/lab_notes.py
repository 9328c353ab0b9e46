"""What the lab reports of its own accord, on its way into the drill's log."""

from __future__ import annotations

import asyncio
import logging
from typing import assert_never

from engine.drill import events as e
from engine.lab.records import (
    ChaosApplied,
    ChaosEnded,
    EdgesCounted,
    HelperExited,
    HostSampled,
    LabEvent,
    LadderStep,
    MeterFailed,
    MeterRead,
    ProcessesSampled,
    ServiceExited,
    ServiceFailedToStart,
    ServiceRestarted,
)
from engine.runner.chaos_desk import ChaosDesk
from engine.runner.recorder import Recorder

LOG = logging.getLogger(__name__)

WAITING = 1000
"""events that may wait to be recorded; more are dropped, and that is logged"""


class LabNotes:
    """`take` never blocks; `work` records until cancelled."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._waiting: asyncio.Queue[LabEvent] = asyncio.Queue(maxsize=WAITING)

    def take(self, event: LabEvent) -> None:
        """Keep an event until it is recorded."""
        try:
            self._waiting.put_nowait(event)
        except asyncio.QueueFull:
            LOG.error("lab event dropped, too many at once: %s", event)

    async def work(self, chaos: ChaosDesk) -> None:
        """Record what services and helpers did, and how chaos ended."""
        while True:
            event = await self._waiting.get()
            match event:
                case ServiceExited():
                    await self._recorder.note(e.ServiceFailed(event.service, _exit_text(event)))
                case ServiceRestarted():
                    await self._recorder.note(e.ServiceRecovered(event.service))
                case ServiceFailedToStart():
                    await self._recorder.note(e.ServiceFailed(event.service, event.reason))
                case HelperExited():
                    text = f"The {event.name} process ended with exit code {event.exit_code}."
                    await self._recorder.note(e.ServiceFailed(event.name, text))
                case ChaosEnded():
                    await chaos.note_end(event)
                case ChaosApplied():
                    LOG.info("chaos: %s", event.detail)
                case MeterFailed():
                    LOG.error("the meter could not read: %s", event.reason)
                case LadderStep():
                    LOG.info("ending %s (%s): %s", event.process, event.pid, event.step)
                case ProcessesSampled() | HostSampled() | EdgesCounted() | MeterRead():
                    pass
                case _ as unreachable:
                    assert_never(unreachable)


def _exit_text(event: ServiceExited) -> str:
    again = (
        "It is being started again."
        if event.restart_in_s is not None
        else "It ended too often; deploy a fix."
    )
    return f"{event.service} ended with exit code {event.exit_code}. {again}"
