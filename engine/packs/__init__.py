"""Scenario packs: what a folder in `scenarios/` says, read and validated.

Nouns: `Pack` (records.py), `Topology` (services and edges, topology.py), `Level` (levels.py), the author's interface
(api.py), `read_pack` (reader.py), `PackErrors` (errors.py), conditions as text (formulas.py), a pack's own modules
(loading.py), a service's own pool sizes (service_settings.py), `Shelf` (all packs, find.py), `OutsidePacks` (from
other folders: whose code may run), `make_pack` (starter.py).
Rule: nothing here starts a process or opens a socket; a pack that was read is known to be well formed.
"""
