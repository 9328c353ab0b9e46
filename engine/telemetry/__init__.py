"""Telemetry: what the services say, taken in, kept, and asked.

Nouns: `Telemetry` (the live facade), `RecordedTelemetry` (the same questions of a finished run), in telemetry.py.
The way of an export: `doors` take its bytes, `intake` has `wire` decode them into columns, `memory` and `metrics`
hold what is new, `disk` keeps it all, `questions` are answered from both, and `feed` tells of what changed.
Rule: a span is a row of numpy columns and a stretch of a compressed blob, never a Python object on the way in.
"""
