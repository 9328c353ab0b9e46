"""The judge's questions."""

PROBES = ()
