"""Every pack keeps the rules: its fault is ordinary code, nothing that participants see tells it, and it is whole.

The packs are those of the tree and the starter pack that `packs new` copies.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.lab.graph import edge_name
from engine.lab.load.traffic import load_traffic, opening_of
from engine.packs.api import Duty
from engine.packs.chaos import ACTIONS, ChaosTarget, checked_duration_s, checked_intensity
from engine.packs.find import SCENARIOS
from engine.packs.loading import load_probes
from engine.packs.reader import list_packs, read_pack
from engine.packs.records import Herring, HintLevel, Pack, Verdict
from engine.packs.starter import STARTER
from engine.packs.topology import Protocol

PACKS = [read_pack(folder) for folder in (*list_packs(SCENARIOS), STARTER)]
SEED = 5

DICE = {"random", "secrets", "uuid"}
WAITS = {"sleep", "sleep_until", "pg_sleep"}
SWITCHES = re.compile(
    r"(?i)(^|_)(flags?|toggles?|features?|faults?|faulty|bugs?|inject\w*|chaos|simulat\w*|incident|drill)(_|$)"
)
"""in a name of the code: something that turns the fault on and off, or tells of it"""
ENVIRONMENT = {"DATABASE_URL", "WORKERS", "CONNECTIONS"}
"""what a service may read, beside the addresses of those that it calls"""

TELLING = {
    "fault", "faulty", "broken", "buggy", "incident", "symptom", "scenario", "drill", "chaos", "inject", "simulate",
    "workshop", "trigger", "herring", "masked",
}  # fmt: skip
"""words that no service of a company would say of itself"""

each_pack = pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)


def trees(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted(folder.rglob("*.py")):
        yield file, ast.parse(file.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    """Modules and names, each by its last and its first part."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {part for alias in node.names for part in alias.name.split(".")}
        elif isinstance(node, ast.ImportFrom):
            found |= {*(node.module or "").split("."), *(alias.name for alias in node.names)}
    return found


def names(tree: ast.Module) -> set[str]:
    """Every name that the code gives or uses, arguments and attributes included."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
    return found


def settings(tree: ast.Module) -> set[str]:
    """What the code reads of its environment; "?" where it does not say which."""
    found: list[str] = []
    uses = 0
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr="environ"):
                uses += 1
            case ast.Subscript(value=ast.Attribute(attr="environ"), slice=ast.Constant(value=str(name))):
                found.append(name)
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(attr="environ")),
                args=[ast.Constant(value=str(name)), *_],
            ):
                found.append(name)
    is_hidden = uses != len(found) or names(tree) & {"getenv"} or imported(tree) & {"environ", "getenv"}
    return {*found, "?"} if is_hidden else set(found)


def texts(tree: ast.AST) -> Iterator[str]:
    """Every string, those inside f-strings too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def log_messages(tree: ast.Module) -> Iterator[str]:
    levels = {"debug", "info", "warning", "error", "critical", "exception", "log"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in levels:
            for argument in node.args:
                yield from texts(argument)


def routes(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                yield from texts(decorator)


def words(text: str) -> set[str]:
    """Its words in small letters; names of code fall apart at underscores and capitals."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).replace("_", " ")
    return {word.lower() for word in re.findall(r"[A-Za-z]+", apart)}


@each_pack
def test_that_no_service_waits_throws_dice_or_has_a_switch(pack: Pack) -> None:
    for service in pack.services:
        called = {
            f"{edge.target.upper().replace('-', '_')}_URL"
            for edge in pack.edges
            if edge.source == service.name
        }
        for file, tree in trees(service.folder):
            assert not imported(tree) & DICE, file
            assert not [name for name in names(tree) if SWITCHES.search(name)], file
            assert settings(tree) <= ENVIRONMENT | called, file
            if not service.stub:
                assert not (imported(tree) | names(tree)) & WAITS, file
                assert not any("pg_sleep" in text.lower() for text in texts(tree)), file


@each_pack
def test_that_no_name_log_line_or_route_tells_the_answer(pack: Pack) -> None:
    """A word of the answer is telling unless the pack's own documents for participants use it."""
    documents = [(pack.folder / name).read_text(encoding="utf-8") for name in ("contract.md", "runbook.md")]
    roles = [service.role for service in pack.services]
    open_words = words(" ".join([*documents, *roles, pack.story, pack.title]))
    fixes = [fix.name for fix in pack.fixes]
    answer = words(" ".join([pack.answer.mechanism, *fixes])) - {pack.answer.component}
    telling = ({word for word in answer if len(word) > 4} - open_words) | TELLING | words(pack.id)
    said = {service.name: service.name for service in pack.services}
    said |= {f"database {name}": name for name in pack.databases}
    for service in pack.services:
        for file, tree in trees(service.folder):
            where = f"{service.name}/{file.name}"
            said[where] = file.stem
            said[f"{where} logs"] = " ".join(log_messages(tree))
            said[f"{where} routes"] = " ".join(routes(tree))
    found = {where: sorted(words(text) & telling) for where, text in said.items()}
    assert {where: told for where, told in found.items() if told} == {}


@each_pack
def test_that_participants_read_neither_the_id_nor_the_name_of_a_fix(pack: Pack) -> None:
    secrets = [pack.id, pack.id.replace("_", " "), pack.id.replace("_", "-")]
    secrets += [fix.name for fix in pack.fixes if "_" in fix.name]
    shown = {name: (pack.folder / name).read_text(encoding="utf-8") for name in ("contract.md", "runbook.md")}
    for service in pack.services:
        files = [file for file in service.folder.rglob("*") if file.suffix in (".py", ".toml", ".sql")]
        shown |= {f"{service.name}/{file.name}": file.read_text(encoding="utf-8") for file in files}
    shown["scenario.toml"] = " ".join(
        [
            pack.codename, pack.title, pack.story, *(service.role for service in pack.services),
            *(f"{alert.id} {alert.title} {alert.detail}" for alert in pack.alerts),
            *(f"{chart.id} {chart.title} {chart.caption}" for chart in pack.charts),
            *(line.label for chart in pack.charts for line in chart.series),
            *(profile.clients for profile in pack.profiles),
        ]
    )  # fmt: skip
    found = {place: [word for word in secrets if word in text.lower()] for place, text in shown.items()}
    assert {place: told for place, told in found.items() if told} == {}


@each_pack
def test_that_it_has_three_levels_hints_of_each_kind_an_alert_and_two_charts(pack: Pack) -> None:
    assert sorted(level.number for level in pack.levels) == [1, 2, 3]
    assert all(pack.at_level(level.number).level == level.number for level in pack.levels)
    assert not next(level for level in pack.levels if level.number == 1).herrings
    assert [hint.level for hint in pack.hints] == list(HintLevel)
    assert pack.alerts
    assert len(pack.charts) >= 2
    assert (pack.folder / "facilitator.md").read_text(encoding="utf-8").strip()
    assert (pack.folder / "guardrails.md").read_text(encoding="utf-8").strip()


@each_pack
def test_that_level_2_is_the_pack_as_written_and_the_others_differ(pack: Pack) -> None:
    for level in pack.levels:
        changes = [*level.profiles.values(), *level.services.values()]
        if level.number == 2:
            assert not changes
        else:
            assert changes


@each_pack
def test_that_each_fix_says_what_it_does_and_is_decided_by_a_probe_of_its_verdict(pack: Pack) -> None:
    meaning = {
        Duty.PROMISE: Verdict.WRONG,
        Duty.SYMPTOM: Verdict.WRONG,
        Duty.MECHANISM: Verdict.MASKED,
        Duty.OPEN: Verdict.PARTIAL,
    }
    probes = {probe.name: probe for probe in load_probes(pack.folder)}
    of_session = {"starts", "observed", "within-limits", "stays-up"}
    assert pack.fix(pack.reference_fix).verdict is Verdict.RIGHT
    assert {fix.verdict for fix in pack.fixes} >= {
        Verdict.RIGHT,
        Verdict.MASKED,
        Verdict.PARTIAL,
        Verdict.WRONG,
    }
    for fix in pack.fixes:
        assert fix.summary.strip(), fix.name
        if fix.verdict is Verdict.RIGHT:
            assert fix.decided_by == "", fix.name
        elif fix.decided_by in of_session:
            assert fix.verdict is Verdict.WRONG, fix.name
        elif fix.decided_by:
            assert meaning[probes[fix.decided_by].duty] is fix.verdict, fix.name


@each_pack
def test_that_questions_come_in_the_order_of_what_their_answers_mean(pack: Pack) -> None:
    duties = [probe.duty for probe in load_probes(pack.folder)]
    assert duties == sorted(duties, key=list(Duty).index)
    assert set(duties) == set(Duty)


@pytest.mark.parametrize(
    ("pack", "herring"),
    [pytest.param(pack, one, id=f"{pack.id}-{one.id}") for pack in PACKS for one in pack.all_herrings],
)
def test_that_a_herring_is_an_action_that_can_be_done_to_its_target(pack: Pack, herring: Herring) -> None:
    action = ACTIONS[herring.action]
    checked_intensity(action, herring.intensity)
    checked_duration_s(action, herring.lasts_s)
    edges = pack.topology.edges
    targets = {
        ChaosTarget.EDGE: {edge_name(edge) for edge in edges},
        ChaosTarget.UPSTREAM: {edge_name(edge) for edge in edges if edge.protocol is Protocol.HTTP},
        ChaosTarget.SERVICE: {service.name for service in pack.services},
        ChaosTarget.HOST: {""},
    }
    assert herring.target in targets[action.target]
    assert herring.text.strip()
    assert any(herring.id in level.herrings for level in pack.levels)


@each_pack
def test_that_traffic_is_the_same_for_the_same_arguments_and_stands_alone(pack: Pack) -> None:
    """As the load generator runs it: by itself, without the pack's other files."""
    one, other = load_traffic(pack.folder), load_traffic(pack.folder)
    asked = {profile.asks for n in (1, 2, 3) for profile in pack.at_level(n).profiles}
    for profile in sorted(asked):
        first = [one.request(profile, SEED, index) for index in range(200)]
        assert first == [other.request(profile, SEED, index) for index in range(200)]
        assert first != [one.request(profile, SEED + 1, index) for index in range(200)]
        assert tuple(opening_of(one, profile, SEED)) == tuple(opening_of(other, profile, SEED))
