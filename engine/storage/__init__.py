"""The drill file: `drill.sqlite`, the human record of a run.

Nouns: `open_drill_file` (database.py), its migrations, `EventLog`.
Rule: append-only, one writer thread, acknowledged after it is on disk.
"""
