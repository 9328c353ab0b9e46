"""What the console's tests share: an engine of their own, and connections that end with the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from app.client import Endpoint, Engine
from tests.app.engine_stub import PARTICIPANT, EngineStub


@pytest.fixture
def engine_stub() -> Iterator[EngineStub]:
    """A real server that speaks the contract; no run is open until `open()`."""
    stub = EngineStub()
    yield stub
    stub.stop()


@pytest.fixture
def connect(qtbot: object, engine_stub: EngineStub) -> Iterator[Callable[..., Engine]]:
    """Makes connections to the stub as a participant, or with the given token."""
    made: list[Engine] = []

    def make(token: str = PARTICIPANT) -> Engine:
        engine = Engine()
        made.append(engine)
        engine.connect_to(Endpoint(engine_stub.address, token))
        return engine

    yield make
    for engine in made:
        engine.close()
