"""Log queries on columns: a mask of the lines that match."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, assert_never

import numpy as np

from engine.telemetry.questions.language import And, Field, Node, Not, Op, Or, Text, parse_log_query
from engine.telemetry.questions.trace_match import has_value
from engine.telemetry.records import LEVELS, Attributes, Bool, LogFilter
from engine.telemetry.wire.columns import id_starts
from engine.telemetry.wire.log_columns import LogColumns, ServiceNumbers, rows_with

_COMPARISONS: dict[Op, Callable[[Any, Any], Any]] = {
    Op.IS: np.equal,
    Op.MORE: np.greater,
    Op.MORE_OR_SAME: np.greater_equal,
    Op.LESS: np.less,
    Op.LESS_OR_SAME: np.less_equal,
}
AttributesOf = Callable[[int], Attributes]


def node_of(wanted: LogFilter) -> Node:
    """A filter as one tree. Raises QueryError."""
    nodes: list[Node] = [parse_log_query(wanted.query)]
    if wanted.service:
        nodes.append(Field("service", Op.IS, wanted.service))
    if wanted.min_level is not None:
        number = float(LEVELS.index(wanted.min_level))
        nodes.append(Field("level", Op.MORE_OR_SAME, wanted.min_level.value, number))
    if wanted.trace_id:
        nodes.append(Field("trace", Op.IS, wanted.trace_id))
    return And(tuple(nodes))


def asks_attributes(node: Node) -> bool:
    """Whether the lines' attributes are needed, which only the batches have."""
    match node:
        case And(nodes) | Or(nodes):
            return any(asks_attributes(inner) for inner in nodes)
        case Not(inner):
            return asks_attributes(inner)
        case Field(key):
            return key.startswith("attr.")
        case Text():
            return False
        case _:
            assert_never(node)


def match_lines(
    node: Node, lines: LogColumns, services: ServiceNumbers, attributes: AttributesOf | None = None
) -> Bool:
    """The lines that match; without `attributes` no line has any."""
    match node:
        case And(nodes) | Or(nodes):
            combine = np.logical_and if isinstance(node, And) else np.logical_or
            found = np.full(len(lines), isinstance(node, And))
            for inner in nodes:
                found = combine(found, match_lines(inner, lines, services, attributes))
            return found
        case Not(inner):
            return ~match_lines(inner, lines, services, attributes)
        case Text(text):
            return rows_with(lines, text)
        case Field():
            return _match_field(node, lines, services, attributes)
        case _:
            assert_never(node)


def _match_field(
    field: Field, lines: LogColumns, services: ServiceNumbers, attributes: AttributesOf | None
) -> Bool:
    match field.key:
        case "service":
            number = services.get(field.value)
            return lines.service == number if number is not None else np.zeros(len(lines), np.bool_)
        case "level":
            return np.asarray(_COMPARISONS[field.op](lines.level, field.number), np.bool_)
        case "trace":
            return id_starts(np.stack([lines.trace_high, lines.trace_low], axis=1), field.value)
        case "span":
            return id_starts(lines.span.reshape(-1, 1), field.value)
        case _:
            name = field.key.removeprefix("attr.")
            found = np.zeros(len(lines), np.bool_)
            if attributes is not None:
                found[:] = [has_value(attributes(row).get(name), field) for row in range(len(lines))]
            return found
