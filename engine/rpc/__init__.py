"""The wire: the contract's services on loopback, for holders of a token.

Nouns: `EngineServer` (server.py), `Gate` (who may call what; how refusals travel), encoding.py.
Rule: filtering by audience happens here and below, never in a view.
"""
