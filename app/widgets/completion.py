"""What may follow in a query of traces or logs, as one types: pure, so that it has tests.

The language itself is the engine's; here is only which keys and values are worth offering.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

_WORD = re.compile(r'(?:[^\s()"]|"(?:[^"\\]|\\.)*"?)*$')


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing to insert, and what it means."""

    text: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The keys of a language with their meaning, and the values worth offering for some."""

    keys: Sequence[Offer]
    values: Mapping[str, Sequence[Offer]] = field(default_factory=dict)


def word_at(text: str, cursor: int) -> tuple[int, str]:
    """Where the term before the cursor begins, without a leading minus, and what is typed of it."""
    found = _WORD.search(text[:cursor])
    start = found.start() if found is not None else cursor
    typed = text[start:cursor]
    return (start + 1, typed[1:]) if typed.startswith("-") else (start, typed)


def offers(text: str, cursor: int, vocabulary: Vocabulary) -> tuple[Offer, ...]:
    """What may complete the term before the cursor: keys while a key is typed, else the key's values."""
    _, typed = word_at(text, cursor)
    key, colon, value = typed.partition(":")
    if not colon:
        if not typed and cursor < len(text):
            return ()
        return tuple(
            offer for offer in vocabulary.keys if offer.text.startswith(typed) and offer.text != typed
        )
    known = vocabulary.values.get(f"{key}:", ())
    return tuple(offer for offer in known if offer.text.startswith(value) and offer.text != value)


def completed(text: str, cursor: int, offer: Offer) -> tuple[str, int]:
    """The text with an offer taken, and where the cursor then stands; a whole term is followed by a blank."""
    start, typed = word_at(text, cursor)
    _, colon, _ = typed.partition(":")
    begin = start + len(typed.partition(":")[0]) + 1 if colon else start
    ends = not offer.text.endswith((":", "."))
    blank = " " if ends and not text[cursor:].startswith(" ") else ""
    return text[:begin] + offer.text + blank + text[cursor:], begin + len(offer.text) + len(blank)
