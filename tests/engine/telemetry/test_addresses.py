"""The addresses that a user chooses: said, kept in the environment, or none; and nonsense with what to do."""

from __future__ import annotations

import pytest

from engine.drill.errors import DrillError
from engine.telemetry.doors.addresses import FORWARD, PORT, chosen_addresses


def test_that_nothing_is_sent_on_and_ports_are_free_ones_unless_said() -> None:
    settings = chosen_addresses(variables={})

    assert (settings.forward_to, settings.port, settings.http_port) == ("", 0, 0)


def test_that_http_comes_in_at_the_port_after_grpc() -> None:
    settings = chosen_addresses(variables={PORT: "4317"})

    assert (settings.port, settings.http_port) == (4317, 4318)


def test_that_the_command_line_wins_over_the_environment() -> None:
    settings = chosen_addresses("collector:4317", "5000", {FORWARD: "127.0.0.1:9", PORT: "4317"})

    assert (settings.forward_to, settings.port) == ("collector:4317", 5000)


@pytest.mark.parametrize("words", ["127.0.0.1:4317", "http://127.0.0.1:4317", "http://127.0.0.1:4317/"])
def test_that_a_collector_may_be_written_as_exporters_write_it(words: str) -> None:
    assert chosen_addresses(words, variables={}).forward_to == "127.0.0.1:4317"


@pytest.mark.parametrize(
    "words", ["4317", ":4317", "host", "host:", "host:0", "host:65536", "https://host:4317"]
)
def test_that_nonsense_for_a_collector_is_refused_with_an_example(words: str) -> None:
    with pytest.raises(DrillError, match=r"HOST:PORT.*127\.0\.0\.1:4317"):
        chosen_addresses(words, variables={})


@pytest.mark.parametrize("words", ["x", "-1", "0", "65535", "70000", "4317.5", "٤"])
def test_that_nonsense_for_a_port_is_refused_with_an_example(words: str) -> None:
    with pytest.raises(DrillError, match="for example 4317"):
        chosen_addresses("", words, {})
