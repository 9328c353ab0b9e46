"""The contract's generated code is fresh, its records agree with it, and every call has a right."""

from __future__ import annotations

import dataclasses
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from engine.rpc.gate import RIGHTS
from protos.drill.v1 import drill_pb2, records, telemetry_pb2, workbench_pb2

ROOT = Path(__file__).resolve().parents[2]
MODULES = (drill_pb2, telemetry_pb2, workbench_pb2)
RECORDS = [kind for _, kind in inspect.getmembers(records, dataclasses.is_dataclass)]


@pytest.mark.parametrize("folder", ["protos/drill/v1", "engine/telemetry/wire"])
def test_that_generated_code_is_fresh(folder: str, tmp_path: Path) -> None:
    sources = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / folder).glob("*.proto"))
    outputs = [f"--python_out={tmp_path}", f"--pyi_out={tmp_path}"]
    if folder.startswith("protos"):
        outputs.append(f"--grpc_python_out={tmp_path}")
    subprocess.run(
        [sys.executable, "-m", "grpc_tools.protoc", "-I", ".", *outputs, *sources], cwd=ROOT, check=True
    )
    generated = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert generated
    for path in generated:
        kept = ROOT / path.relative_to(tmp_path)
        assert kept.read_text() == path.read_text(), f"{kept.name} is stale: run protoc again"


@pytest.mark.parametrize("record", RECORDS, ids=lambda kind: kind.__name__)
def test_that_a_record_has_the_fields_of_its_message(record: type) -> None:
    module = next(module for module in MODULES if record.__name__ in module.DESCRIPTOR.message_types_by_name)
    message = module.DESCRIPTOR.message_types_by_name[record.__name__]
    stated = {field.name.removesuffix("_json") for field in message.fields}
    assert {field.name for field in dataclasses.fields(record)} == stated


def test_that_every_call_of_the_contract_has_a_row_of_rights_and_no_other() -> None:
    calls = {
        f"{service.name}/{method.name}"
        for module in MODULES
        for service in module.DESCRIPTOR.services_by_name.values()
        for method in service.methods
    }
    assert set(RIGHTS) == calls
