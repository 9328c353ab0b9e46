"""OTLP attributes, read when somebody looks at them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from google.protobuf.message import DecodeError
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from engine.telemetry.records import Attributes, AttributeValue

_LONGEST = 64 * 1024
_DEEPEST = 8
_PEER_NAMES = {"postgresql": "postgres"}


def attributes_of(pairs: Iterable[bytes]) -> Attributes:
    """The attributes in serialized KeyValue messages; of a repeated key the last, a damaged one left out."""
    found: dict[str, AttributeValue] = {}
    for pair in pairs:
        try:
            message = KeyValue.FromString(pair)
        except DecodeError:
            continue
        found[shown(message.key)] = value_of(message.value)
    return found


def decoded(pairs: Iterable[KeyValue]) -> Attributes:
    """The attributes in KeyValue messages."""
    return {shown(pair.key): value_of(pair.value) for pair in pairs}


def value_of(value: AnyValue, depth: int = 0) -> AttributeValue:
    """An attribute's value as JSON knows it; bytes as hex, long texts cut."""
    match value.WhichOneof("value"):
        case "string_value":
            return shown(value.string_value)
        case "bool_value":
            return bool(value.bool_value)
        case "int_value":
            return int(value.int_value)
        case "double_value":
            return float(value.double_value)
        case "bytes_value":
            return shown(value.bytes_value[: _LONGEST // 2].hex())
        case "array_value" if depth < _DEEPEST:
            return [value_of(item, depth + 1) for item in value.array_value.values]
        case "kvlist_value" if depth < _DEEPEST:
            return {shown(p.key): value_of(p.value, depth + 1) for p in value.kvlist_value.values}
        case _:
            return None


def shown(text: str) -> str:
    """A text as people get it: a very long one is cut, and says so."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST]} ... ({len(text):,} characters)"


def service_of(resource: bytes) -> str:
    """`service.name` of a serialized Resource; `unknown` where it has none."""
    try:
        pairs: Sequence[KeyValue] = Resource.FromString(resource).attributes
    except DecodeError:
        return "unknown"
    for pair in pairs:
        if pair.key == "service.name" and pair.value.string_value:
            return pair.value.string_value[:200]
    return "unknown"


def scope_name(scope: bytes) -> str:
    """The name in a serialized InstrumentationScope."""
    try:
        return str(InstrumentationScope.FromString(scope).name)
    except DecodeError:
        return ""


def peer_name(system: str) -> str:
    """A database's `db.system.name` as people and charts call it."""
    return _PEER_NAMES.get(system, system)
