"""Traces: which requests were slow or failed, and what happened inside one of them.

Nouns: `TracesView` (the pane), `OneTrace` (its lower half), `SpanTree` (the spans of a trace in order),
`CriticalPath` (what made it last), `Row` (what the waterfall shows: a span or a fold of repeated ones), `TimeView`
(which part of it is shown).
Rule: tree, path, rows and geometry know no Qt; the waterfall paints rows and is asked for nothing else.
"""

from app.traces.view import TracesView

__all__ = ["TracesView"]
