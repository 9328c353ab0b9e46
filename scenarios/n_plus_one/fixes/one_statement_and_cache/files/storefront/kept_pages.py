"""Pages that were read before, each good for as long as the tenant's orders are at the revision that it was read at.

The database counts the revision by itself, in the transaction of the write and whichever version of the storefront
writes: a page that is older than any answered write is never given out.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from schemas import OrderView

Key = tuple[str, int, int]
"""tenant, page, size"""

READ_REVISION = text("SELECT revision FROM revisions WHERE tenant = :tenant")

COUNT_REVISIONS = """
    CREATE TABLE IF NOT EXISTS revisions (tenant varchar(40) PRIMARY KEY, revision bigint NOT NULL);
    CREATE OR REPLACE FUNCTION count_revision() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO revisions AS r SELECT DISTINCT tenant, 1 FROM changed
        ON CONFLICT (tenant) DO UPDATE SET revision = r.revision + 1;
        RETURN NULL;
    END $$;
    CREATE OR REPLACE TRIGGER orders_came AFTER INSERT ON orders
        REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_revision();
    CREATE OR REPLACE TRIGGER orders_changed AFTER UPDATE ON orders
        REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_revision();
"""


@dataclass(frozen=True, slots=True)
class KeptPage:
    """The orders of a page, without their parcels, and how many the tenant has in all."""

    total: int
    orders: list[OrderView]


class KeptPages:
    """The pages that were asked for last, up to `capacity`."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._pages: OrderedDict[Key, tuple[int, KeptPage]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key, revision: int) -> KeptPage | None:
        """The page if it was read at this revision."""
        with self._lock:
            kept = self._pages.get(key)
            if kept is None or kept[0] != revision:
                return None
            self._pages.move_to_end(key)
            return kept[1]

    def put(self, key: Key, revision: int, page: KeptPage) -> None:
        """Keep a page; the one that nobody asked for longest makes room."""
        with self._lock:
            self._pages[key] = (revision, page)
            self._pages.move_to_end(key)
            while len(self._pages) > self._capacity:
                self._pages.popitem(last=False)


def revision_of(session: Session, tenant: str) -> int:
    """How often the tenant's orders were written to; 0 before the first time."""
    return session.execute(READ_REVISION, {"tenant": tenant}).scalar() or 0


def prepare(connection: Connection) -> None:
    """Have the database count revisions from now on."""
    connection.exec_driver_sql(COUNT_REVISIONS)
