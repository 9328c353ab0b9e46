"""The console's side of the contract: calls and streams on threads of their own, answers on the GUI thread.

Nouns: `Engine` (one audience's connection), `Endpoint` (where and as whom), `Subscription` (a stream being read).
Rule: gRPC is imported, called and decoded on worker threads only; a pane sees records and sentences.

    engine.ask(lambda client: client.list_traces(query, from_ns), self._show, self._complain, owner=self)
    self._live = engine.follow(lambda client: client.watch_series(names, from_ns), self._append, owner=self)
"""

from app.client.connections import Endpoint
from app.client.engine import Engine, EngineState
from app.client.subscription import Subscription

__all__ = ["Endpoint", "Engine", "EngineState", "Subscription"]
