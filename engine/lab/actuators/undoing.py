"""Ending an action and reading back that it is off."""

from __future__ import annotations

import asyncio
import logging

import psutil

from engine.lab.actuators.actuator import Actuator

log = logging.getLogger(__name__)

_ATTEMPTS = 20
_PAUSE_S = 0.1


async def is_still_on_after_undo(actuator: Actuator) -> bool:
    """Undo until the system says that it is off; True if it never does."""
    for attempt in range(_ATTEMPTS):
        if attempt:
            await asyncio.sleep(_PAUSE_S)
        try:
            await actuator.undo()
            if not await asyncio.to_thread(actuator.is_on):
                return False
        except (OSError, psutil.Error) as error:
            log.warning("undoing %s on %s: %s", type(actuator).__name__, actuator.place.service, error)
    return True
