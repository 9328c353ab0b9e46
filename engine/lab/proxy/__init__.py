"""The chaos proxy: a process of its own through which every edge of the service graph passes.

Nouns: `Proxy` (the owner's side), `EdgeCounts`, `Hop` (one request as the proxy saw it).
Rule: bytes pass unchanged and are never held beyond a bound; what is parsed is parsed on the side, to count.
"""

from engine.lab.proxy.owner import Proxy
from engine.lab.proxy.records import EdgeCounts, Hop

__all__ = ["EdgeCounts", "Hop", "Proxy"]
