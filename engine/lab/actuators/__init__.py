"""What chaos does to services and to the host, in a helper process of its own.

Nouns: `Actuators` (the owner's side), `Actuator` (the one interface), `ACTUATORS` (the one table), `Place` (on what).
Rule: every action has a limit, ends by itself, and its undo may be done again, by anybody, and is read back.
"""

from engine.lab.actuators.owner import Actuators, Applied
from engine.lab.actuators.place import Place

__all__ = ["Actuators", "Applied", "Place"]
