"""Bring the tables of the version before to this one's shape. Its rows stay as they are, with revision 1."""

from __future__ import annotations

from sqlalchemy import REAL, Engine, inspect, text


def add_columns(engine: Engine) -> None:
    """What the tables of the version before lack."""
    statements = [
        "ALTER TABLE charges ADD COLUMN IF NOT EXISTS revision smallint NOT NULL DEFAULT 1",
        "CREATE UNIQUE INDEX IF NOT EXISTS charges_key_once ON charges (key) WHERE revision = 2",
        "CREATE INDEX IF NOT EXISTS charges_earlier ON charges (id) WHERE revision = 1",
    ]
    kinds = {column["name"]: column["type"] for column in inspect(engine).get_columns("accounts")}
    if isinstance(kinds["balance"], REAL):
        # A REAL goes to NUMERIC with six digits; by way of a double it keeps all that it has.
        statements.append(
            "ALTER TABLE accounts ALTER COLUMN balance TYPE numeric(16, 2) USING balance::float8::numeric"
        )
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
