"""From protobuf messages to records, by field name: one rule instead of a function a message."""

from __future__ import annotations

import json
import types
from collections.abc import Hashable
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

import numpy as np
from google.protobuf.message import Message

from protos.drill.v1 import records

T = TypeVar("T")


def decode(kind: type[T], message: Message) -> T:
    """The record of class `kind` that `message` holds; their fields have the same names (tested)."""
    return kind(**{name: _value(message, name, hint) for name, hint in _plan(cast(Hashable, kind))})


@cache
def _plan(kind: Any) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind, vars(records))
    return tuple((field.name, hints[field.name]) for field in fields(kind))


def _value(message: Message, name: str, hint: Any) -> Any:
    if not hasattr(message, name):
        text = getattr(message, f"{name}_json")
        empty: Any = () if get_origin(hint) is tuple else {}
        return (tuple(json.loads(text)) if get_origin(hint) is tuple else json.loads(text)) if text else empty
    if get_origin(hint) is types.UnionType:
        inner = next(part for part in get_args(hint) if part is not type(None))
        return _one(getattr(message, name), inner) if message.HasField(name) else None
    if get_origin(hint) is tuple:
        inner = get_args(hint)[0]
        return tuple(_one(item, inner) for item in getattr(message, name))
    return _one(getattr(message, name), hint)


def _one(value: Any, hint: Any) -> Any:
    if isinstance(value, Message):
        return decode(hint, value)
    if isinstance(value, bytes):
        return np.frombuffer(value, _type_of(hint))
    return value


@cache
def _type_of(hint: Any) -> np.dtype[Any]:
    """The element type of an `NDArray[...]`, as it is sent: little endian."""
    (scalar,) = get_args(get_args(hint)[1])
    kind: np.dtype[Any] = np.dtype(scalar).newbyteorder("<")
    return kind
