"""A drill without people: the whole of it, through the same calls that the console uses.

Nouns: `EngineChild` (the engine as a child process), `Rehearsal`, `Step`.
Rule: nothing is read past the contract but the pack's own reference fix; what holds is measured, never assumed.
"""
