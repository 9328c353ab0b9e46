"""Helper processes that take commands and give answers as JSON lines.

Nouns: `LineChild` (one process, from outside), `LineOwner` (what has one), `LineServer` (the helper's own side).
Rule: a helper lives as long as its stdin is open, and its stdout carries nothing but answers.
"""

from engine.lab.lines.child import LineChild

__all__ = ["LineChild"]
