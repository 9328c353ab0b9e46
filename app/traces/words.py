"""What the query language of traces offers while one types, and how queries are put together. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from app.widgets.completion import Offer, Vocabulary

ERRORS = "status:error"


def vocabulary(services: Iterable[str], entries: Iterable[str] = ()) -> Vocabulary:
    """Keys and values for a run with these services and routes."""
    return Vocabulary(
        keys=(
            Offer("service:", "a service that took part"),
            Offer("route:", "the request that came in"),
            Offer("name:", "any span's name"),
            Offer("status:", "ok or error"),
            Offer("duration:", "how long, such as >200ms"),
            Offer("spans:", "how many spans, such as >50"),
            Offer("trace:", "a trace id or its beginning"),
            Offer("attr.", "an attribute, such as attr.http.route:/x"),
        ),
        values={
            "service:": tuple(Offer(name, "service") for name in services),
            "route:": tuple(Offer(f'"{name}"' if " " in name else name, "route") for name in entries),
            "status:": (Offer("error", "at least one span failed"), Offer("ok", "no span failed")),
            "duration:": tuple(
                Offer(text, meaning)
                for text, meaning in (
                    (">100ms", "longer than 100 ms"),
                    (">500ms", "longer than half a second"),
                    (">1s", "longer than a second"),
                    ("<=50ms", "at most 50 ms"),
                )
            ),
            "spans:": (Offer(">20", "more than 20 spans"), Offer(">100", "more than 100 spans")),
        },
    )


def whole_query(typed: str, errors_only: bool) -> tuple[str, int]:
    """The query to ask, and how far the typed text was moved in it."""
    typed = typed.rstrip()
    if not errors_only:
        return typed, 0
    return (f"({typed}) {ERRORS}", 1) if typed.strip() else (ERRORS, 0)
