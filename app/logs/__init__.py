"""Logs: what the services said, as it is said, and what was said around one line of the same request.

Nouns: `LogsView` (the pane), `LogBook` (the lines that are held: bounded, following or held still), `LogFeed` (asks
the engine), `LevelBins` (lines by time and level).
Rule: following ends as soon as a person looks at something, and nothing moves under the pointer then.
"""

from app.logs.view import LogsView

__all__ = ["LogsView"]
