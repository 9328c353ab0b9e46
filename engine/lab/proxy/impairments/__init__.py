"""What the proxy can do to an edge, one file a kind.

Nouns: `Impairment` (the one interface), `KINDS` (the one table), `Treatment` (what befalls one HTTP request).
Rule: a kind decides and never touches a socket; delays are due times, nothing ever sleeps.
"""

from engine.lab.proxy.impairments.impairment import Impairment, Role, Treatment
from engine.lab.proxy.impairments.table import KINDS

__all__ = ["KINDS", "Impairment", "Role", "Treatment"]
