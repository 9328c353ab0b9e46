"""Control: the facilitator's window.

Nouns: `ControlWindow` (view.py), what it shows (model.py), `AgendaStrip`.
Rule: it speaks with the facilitator's token; nothing of it is reachable from a participant's screen.
"""

from app.control.view import ControlWindow

__all__ = ["ControlWindow"]
