"""Bring the tables of the version before to this one's shape. Its rows stay as they are, with revision 1."""

from __future__ import annotations

from sqlalchemy import Engine, inspect, text


def add_columns(engine: Engine) -> None:
    """What the tables of the version before lack."""
    statements = [
        "ALTER TABLE charges ADD COLUMN IF NOT EXISTS revision smallint NOT NULL DEFAULT 1",
        "CREATE UNIQUE INDEX IF NOT EXISTS charges_key_once ON charges (key) WHERE revision = 2",
        "CREATE INDEX IF NOT EXISTS charges_earlier ON charges (id) WHERE revision = 1",
        "ALTER TABLE accounts ADD COLUMN IF NOT EXISTS balance_cents bigint NOT NULL DEFAULT 0",
    ]
    if "balance" in {column["name"] for column in inspect(engine).get_columns("accounts")}:
        statements.append("ALTER TABLE accounts ALTER COLUMN balance DROP NOT NULL")
        statements.append(
            "UPDATE accounts SET balance_cents = round(balance * 100) WHERE balance IS NOT NULL"
        )
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
