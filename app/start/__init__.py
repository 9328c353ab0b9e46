"""The start screen: choose a scenario or a recorded run, see whether this machine is fit, and open it.

Nouns: `StartView`, and its parts: brand, scenario panel, preflight panel, resume panel, opening panel.
Rule: it asks as the facilitator, and only while no run is open.
"""

from app.start.view import StartView

__all__ = ["StartView"]
