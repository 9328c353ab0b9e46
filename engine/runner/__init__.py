"""The runner: opens a run, carries out what people decide, and feeds results back as events.

Nouns: `Run` (run.py), `Recorder` (the log and its folds), `Monitor` (alerts and symptom), `Judging` (the queue of
verifications), `RunFolders` (where runs live).
Rule: what happens to the world follows from the log; after a crash the world is brought to what the log says.
"""
