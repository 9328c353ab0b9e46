"""The load generator: open-loop traffic of a pack, in a process of its own.

Nouns: `LoadGenerator` (the owner's side), `LoadReport`, `ClientStatistics` (reports to series), `LoadClient` (the
same HTTP client as a library, for the judge).
Rule: latency counts from the intended send time, and a request that could not be sent is counted, never skipped.
"""

from engine.lab.load.client import LoadClient, Played
from engine.lab.load.owner import LoadGenerator
from engine.lab.load.records import Completion, Completions, LoadReport, SecondOfLoad, StreamReport
from engine.lab.load.statistics import ClientStatistics

__all__ = [
    "ClientStatistics",
    "Completion",
    "Completions",
    "LoadClient",
    "LoadGenerator",
    "LoadReport",
    "Played",
    "SecondOfLoad",
    "StreamReport",
]
