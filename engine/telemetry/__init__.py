"""Telemetry: the engine as an OTLP/gRPC receiver, and the questions that people ask of what it received.

Nouns: `Telemetry` (the live facade), `RecordedTelemetry` (the same questions of a finished run),
`SeriesStore` (1 s series), `Queries` (traces, logs, service map), `Feed` (what changed).
Rule: a span is a row of numpy columns and a stretch of a compressed blob, never a Python object on the way
in; this package is the only user of OTLP messages.
"""
