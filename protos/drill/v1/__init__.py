"""Version 1 of the contract: drill.proto (lead), telemetry.proto (investigate), workbench.proto (fix).

Nouns: `DrillClient` (client.py), the records it returns (records.py).
Rule: only this package, `engine.rpc` and tests touch a `_pb2` module.
"""
