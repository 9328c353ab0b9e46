"""The drill's rules, pure: events in, state and effects out; time arrives inside events.

Nouns: `Agenda`, the events (events.py), `DrillState` (state.py), what people may do (acts.py), `Audience`.
Rule: no I/O here, and nobody asks a clock.
"""
