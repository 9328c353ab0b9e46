"""The two addresses of telemetry that a user may choose: where it comes in, and where it is sent on to."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace

from engine.drill.errors import DrillError, Refusal
from engine.telemetry.settings import TelemetrySettings

FORWARD = "DRILL_FORWARD_OTLP"
PORT = "DRILL_OTLP_PORT"
USUAL_PORT = 4317
"""OTLP's own; OTLP/HTTP and `/metrics` are at the port after it"""
_LAST_PORT = 65_535


class AddressTaken(DrillError):
    """Another program listens where telemetry should come in."""

    def __init__(self, address: str, error: Exception) -> None:
        super().__init__(
            f"Telemetry cannot be taken at {address}: another program listens there ({error}). "
            f"End it, or choose another port ({PORT} or --otlp-port), or none for a free one.",
            Refusal.MACHINE,
        )


def chosen_addresses(
    forward_to: str = "", port: str = "", variables: Mapping[str, str] = os.environ
) -> TelemetrySettings:
    """What was said on the command line, or else in the environment, or else free ports and nothing sent on.

    Raises DrillError where an address is none.
    """
    forward_to = _collector(forward_to or variables.get(FORWARD, ""))
    first = _port(port or variables.get(PORT, ""))
    return replace(TelemetrySettings(), forward_to=forward_to, port=first, http_port=first and first + 1)


def _collector(words: str) -> str:
    """host:port of an OTLP/gRPC collector, with or without http:// before it."""
    if not words:
        return ""
    host, _, port = words.strip().removeprefix("http://").rstrip("/").rpartition(":")
    if not host or "/" in host or not _is_port(port):
        raise DrillError(
            f"“{words}” is no address of a collector. Say HOST:PORT of its OTLP over gRPC without TLS, "
            f"for example 127.0.0.1:{USUAL_PORT} ({FORWARD} or --forward-otlp)."
        )
    return f"{host}:{port}"


def _port(words: str) -> int:
    if not words:
        return 0
    if not _is_port(words.strip()) or int(words) == _LAST_PORT:
        raise DrillError(
            f"“{words}” is no port for OTLP. Say a number from 1 to {_LAST_PORT - 1}, for example {USUAL_PORT}: "
            f"OTLP over HTTP and /metrics take the one after it ({PORT} or --otlp-port)."
        )
    return int(words)


def _is_port(words: str) -> bool:
    return words.isascii() and words.isdecimal() and 0 < int(words) <= _LAST_PORT
