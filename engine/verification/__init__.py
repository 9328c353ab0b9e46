"""Judging a fix: a `VerificationRequest` becomes a `VerificationResult` with exactly one verdict.

`judge` decides from readings and does nothing else; `session` asks the probes; `bench` is the isolated system that
they ask; `process` is the program that holds both; `verification` runs one such program at a time; `check` proves a
pack by judging its reference fixes; `commands` is what the command line calls.
The one rule: a fix is judged by how the system behaves, and no difference of its source is ever read.
"""
