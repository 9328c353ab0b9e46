"""The engine: one process without Qt that runs the drill, keeps its record, and judges fixes.

Nouns: drill (pure rules), storage, packs, lab (what acts on the world), telemetry, workspace, verification,
reports, runner (carries out effects), rpc (the wire).
Rule: imports point downwards: rehearsal | rpc > runner > verification | reports > lab | telemetry | workspace
> packs | storage > drill > clock.
"""
