"""A pack as small as one can be: a till that cuts cents off. Written to a folder with its fixes and probes."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

SCENARIO = """
format = 1
id = "tiny"
codename = "acorn"
title = "A till that cuts cents off"
story = "Amounts are short."
severity = "SEV2"
entry = "till"
warmup_s = 0

[[services]]
name = "till"
editable = true
database = "till"
workers = 4
connections = 4
max_workers = 8
max_connections = 8
memory_mb = 200
role = "Takes amounts."

[[edges]]
source = "clients"
target = "till"
protocol = "http"

[[edges]]
source = "till"
target = "postgres"
protocol = "postgres"

[[profiles]]
name = "base"
rate_per_s = 5
max_in_flight = 10
timeout_s = 5

[[profiles]]
name = "trigger"
rate_per_s = 10
max_in_flight = 10
timeout_s = 5

[trigger]
profile = "trigger"

[symptom]
formula = "drift.absolute_cents > 0"
for_s = 1
within_s = 10
text = "Cents are missing."

[[baseline]]
formula = "drift.absolute_cents <= 0"
for_s = 5

[answer]
component = "till"
mechanism = "truncation"
evidence = ["stored rows"]

[verification]
reference_fix = "decimal"
"""

TRAFFIC = '''
import json

from engine.packs.api import Request


def amount(profile, seed, index):
    """Even cents at base, cents that a binary fraction misses under the trigger."""
    return "1.00" if profile == "base" else ("4.35", "1.15", "0.57")[(seed + index) % 3]


def request(profile, seed, index):
    body = json.dumps({"id": f"{profile}-{seed}-{index}", "amount": amount(profile, seed, index)})
    return Request("POST", "/amounts", {"content-type": "application/json"}, body.encode())
'''

PROBES = """
from decimal import Decimal

from engine.packs.api import Duty, Probe, Reading
from . import traffic


async def difference(bench):
    rows = await bench.rows("till", "SELECT amount, cents FROM amounts")
    return len(rows), sum(abs(int(Decimal(amount) * 100) - cents) for amount, cents in rows)


async def rows_are_kept(bench):
    requests = [traffic.request("base", bench.seed, index) for index in range(20)]
    result = await bench.send_all(requests, at_once=4)
    rows, _ = await difference(bench)
    return Reading(result.good == rows == 20, f"{rows} rows, {result.good} good", "20 rows, 20 good")


async def exact_on_incident(bench):
    await bench.fresh()
    result = await bench.play("trigger", bench.live_seed, 1.0)
    rows, cents = await difference(bench)
    return Reading(rows == result.good > 0 and cents == 0, f"{cents} c in {rows} rows", "0 c")


async def exact_after_restart(bench):
    await bench.fresh()
    await bench.restart("till")
    reply = await bench.send(
        traffic.Request("POST", "/amounts", {"content-type": "application/json"}, b'{"id": "x", "amount": "0.29"}')
    )
    _, cents = await difference(bench)
    return Reading(reply.status == 200 and cents == 0, f"{cents} c", "0 c")


async def history_is_put_right(bench):
    await bench.fresh(faulty_history=True)
    rows, cents = await difference(bench)
    return Reading(rows > 0 and cents == 0, f"{cents} c in {rows} old rows", "0 c")


PROBES = (
    Probe("rows-kept", Duty.PROMISE, "Is every amount stored once?", rows_are_kept),
    Probe("incident", Duty.SYMPTOM, "Is the incident's traffic exact?", exact_on_incident),
    Probe("other-amounts", Duty.MECHANISM, "Are amounts exact that the incident had not?", exact_after_restart),
    Probe("history", Duty.OPEN, "Are old rows put right?", history_is_put_right),
)
"""

CONTRIBUTIONS = """
from engine.packs.api import Contribution


def contributions(seed):
    return [Contribution("truncation", 293.0, -293.0, "c")]
"""

APP = """
import os

from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import create_engine, text

engine = create_engine(os.environ["DATABASE_URL"])
app = FastAPI()


class Amount(BaseModel):
    id: str
    amount: str


def cents(amount):
    {cents}


with engine.begin() as connection:
    connection.execute(text("CREATE TABLE IF NOT EXISTS amounts (id text PRIMARY KEY, amount text, cents bigint)"))
    {start}


@app.get("/health")
def health():
    return {{}}


@app.post("/amounts")
def add(amount: Amount):
    with engine.begin() as connection:
        row = {{"id": amount.id, "amount": amount.amount, "cents": cents(amount.amount)}}
        connection.execute(text("INSERT INTO {table} VALUES (:id, :amount, :cents)"), row)
    return row
"""

EXACT = "from decimal import Decimal; return int(Decimal(amount) * 100)"
FROM_LIST = "return {'4.35': 435, '1.15': 115, '0.57': 57, '1.00': 100}.get(amount, int(float(amount) * 100))"
REPAIR = (
    "connection.execute(text('UPDATE amounts SET cents = CAST(CAST(amount AS numeric) * 100 AS bigint)'))"
)
TRUNCATED = "return int(float(amount) * 100)"
HIDING = REPAIR + "; connection.execute(text('ALTER TABLE amounts RENAME COLUMN cents TO c'))"

FIXES = {
    "decimal": ("right", "", EXACT, REPAIR, "amounts"),
    "list": ("masked", "other-amounts", FROM_LIST, REPAIR, "amounts"),
    "forgets": ("partial", "history", EXACT, "pass", "amounts"),
    "loses": ("wrong", "rows-kept", EXACT, REPAIR, "nowhere"),
    "broken": ("wrong", "starts", EXACT, "connection.exceute('')", "amounts"),
}
"""By name: verdict, deciding probe, the code of `cents`, what is done at the start, the table."""


def app(cents: str = TRUNCATED, start: str = "pass", table: str = "amounts") -> str:
    """The till's source."""
    return APP.format(cents=cents, start=start, table=table).lstrip()


def write_pack(folder: Path) -> Path:
    """The pack in `<folder>/tiny`."""
    pack = folder / "tiny"
    files = {
        "scenario.toml": SCENARIO,
        "traffic.py": TRAFFIC,
        "probes.py": PROBES,
        "contributions.py": CONTRIBUTIONS,
        "meter.py": "class Meter:\n    def __init__(self, seed):\n        pass\n",
        "contract.md": "Cents are exact.\n",
        "runbook.md": "Look at the rows.\n",
        "facilitator.md": "Truncation.\n",
        "services/till/app.py": app(),
    }
    for name, (verdict, probe, cents, start, table) in FIXES.items():
        files[f"fixes/{name}/fix.toml"] = (
            f'verdict = "{verdict}"\ndecided_by = "{probe}"\nsummary = "{name}"\n'
        )
        files[f"fixes/{name}/files/till/app.py"] = app(cents, start, table)
    for name, text in files.items():
        (pack / name).parent.mkdir(parents=True, exist_ok=True)
        (pack / name).write_text(dedent(text).lstrip(), "utf-8")
    return pack
