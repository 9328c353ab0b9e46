"""Control: the facilitator's window.

Nouns: `ControlWindow` (view.py), what it shows (model.py, incidents.py, chaos_words.py, event_words.py: no widgets),
`AgendaStrip`, `IncidentStrip` (which scenario is looked at), `ChaosPanel`, `GuidePanel` (the chosen scenario).
Rule: it speaks with the facilitator's token; nothing of it is reachable from a participant's screen.
"""

from app.control.view import ControlWindow

__all__ = ["ControlWindow"]
