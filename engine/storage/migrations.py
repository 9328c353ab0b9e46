"""The drill file's schema, as ordered and recorded steps. A released step is never changed, only followed."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

MIGRATIONS = Migrations("drill")
FORMAT = 1
"""what `PRAGMA user_version` says; raised when older programs must not open the file"""


@MIGRATIONS()
def m001_events(database: Database) -> None:
    """The log: `fields` is the event's JSON object."""
    database.table("events").create(
        {
            "sequence": int,
            "wall_ns": int,
            "drill_ms": int,
            "actor": str,
            "role": str,
            "kind": str,
            "fields": str,
        },
        pk="sequence",
        not_null={"wall_ns", "drill_ms", "actor", "role", "kind", "fields"},
    )
    database.table("about").create({"key": str, "value": str}, pk="key")
