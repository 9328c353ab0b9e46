"""gRPC's words for a lost connection, in plain ones."""

from __future__ import annotations

_PLAIN = (
    ("connection refused", "nothing listens at its address"),
    ("failed to connect", "nothing listens at its address"),
    ("socket closed", "the connection broke"),
    ("connection reset", "the connection broke"),
    ("deadline exceeded", "no answer in time"),
    ("channel closed", "the connection was closed"),
    ("locally cancelled", "the connection was closed"),
)


def plain_reason(details: str) -> str:
    """Why the engine is lost, for people; words that are not known stay as they are."""
    lowered = details.lower()
    return next((plain for words, plain in _PLAIN if words in lowered), details)
