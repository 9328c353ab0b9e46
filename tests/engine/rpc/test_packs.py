"""The contract's calls for scenarios from outside: added as data, trusted by fingerprint, refused otherwise."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.packs.outside import files_of
from engine.packs.starter import make_pack
from engine.rpc.gate import Tokens
from engine.rpc.server import EngineServer
from engine.runner.engine import EngineSettings, build_engine
from protos.drill.v1.client import DrillClient, EngineRefused
from protos.drill.v1.records import PackSummary

TOKENS = Tokens.new()


@pytest.fixture
def marked(tmp_path: Path) -> tuple[Path, Path]:
    """A pack from outside, and the file that any program of it would make as soon as it is loaded."""
    folder, mark = make_pack("mine", tmp_path / "outside", (), ()), tmp_path / "was-run"
    for file in folder.rglob("*.py"):
        text = f"\n__import__('pathlib').Path({str(mark)!r}).touch()\n"
        file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
    return folder, mark


def with_engine(tmp_path: Path, use: Callable[[DrillClient], None]) -> None:
    """An engine of the test's own, in this process, and a facilitator's client of it."""

    def ask(address: str) -> None:
        client = DrillClient(address, TOKENS.facilitator)
        try:
            use(client)
        finally:
            client.close()

    async def serve() -> None:
        engine = build_engine(EngineSettings(home=tmp_path / "home"))
        async with EngineServer(engine, TOKENS) as server:
            await asyncio.to_thread(ask, server.address)

    asyncio.run(serve())


def listed(client: DrillClient) -> PackSummary:
    return next(pack for pack in client.list_packs() if pack.id == "mine")


def test_that_a_folder_is_added_as_data_and_shown_with_what_to_ask(
    tmp_path: Path, marked: tuple[Path, Path]
) -> None:
    folder, mark = marked

    def use(client: DrillClient) -> None:
        assert {(pack.origin, pack.trusted) for pack in client.list_packs()} == {("", True)}
        added = client.add_pack(str(folder))
        assert (added.pack.id, added.pack.origin, added.pack.trusted) == ("mine", str(folder), False)
        assert (added.files, added.fingerprint) == (files_of(folder).number, files_of(folder).fingerprint)
        assert [level.number for level in added.pack.levels] == [1, 2, 3]
        assert listed(client) == added.pack

    with_engine(tmp_path, use)
    assert not mark.exists()


def test_that_an_untrusted_one_is_not_opened_and_none_of_its_code_is_loaded(
    tmp_path: Path, marked: tuple[Path, Path]
) -> None:
    folder, mark = marked

    def use(client: DrillClient) -> None:
        client.add_pack(str(folder))
        for word in ("mine", str(folder)):
            with pytest.raises(EngineRefused, match="nobody trusts them") as refused:
                list(client.open_run((word,)))
            assert refused.value.code == "PERMISSION_DENIED"
        assert client.hello().state == "idle"
        assert client.list_runs() == ()

    with_engine(tmp_path, use)
    assert not mark.exists()


def test_that_trust_is_for_the_files_as_they_were_shown(tmp_path: Path, marked: tuple[Path, Path]) -> None:
    folder, mark = marked

    def use(client: DrillClient) -> None:
        shown = client.add_pack(str(folder)).fingerprint
        with pytest.raises(EngineRefused, match="has changed since"):
            client.trust_pack(str(folder), shown[:-1])
        client.trust_pack(str(folder), shown)
        assert listed(client).trusted
        (folder / "meter.py").write_text("", encoding="utf-8")
        assert not listed(client).trusted
        again = client.add_pack(str(folder))
        assert (again.pack.trusted, again.fingerprint == shown) == (False, False)
        client.remove_pack(str(folder))
        assert "mine" not in [pack.id for pack in client.list_packs()]

    with_engine(tmp_path, use)
    assert not mark.exists()


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        ("", "by its whole path, not “”"),
        ("scenarios/fp_drift", "by its whole path"),
        ("/nowhere/at/all", "There is no folder /nowhere/at/all"),
    ],
)
def test_that_a_folder_that_cannot_be_added_is_refused_in_words(
    tmp_path: Path, folder: str, message: str
) -> None:
    def use(client: DrillClient) -> None:
        with pytest.raises(EngineRefused, match=message):
            client.add_pack(folder)

    with_engine(tmp_path, use)


def test_that_a_malformed_one_is_refused_with_file_line_and_key(
    tmp_path: Path, marked: tuple[Path, Path]
) -> None:
    folder, mark = marked
    file = folder / "scenario.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('entry = "desk"', 'entry = "dsek"'), "utf-8")

    def use(client: DrillClient) -> None:
        with pytest.raises(EngineRefused, match=r"scenario\.toml:\d+: entry: 'dsek' is unknown"):
            client.add_pack(str(folder))

    with_engine(tmp_path, use)
    assert not mark.exists()
