"""How far billing's rows are from what its requests come to, in cents, once a second.

Every key names the request it came with, so each row is compared with a recomputation that no service takes part in.
New rows are read as they come. Rows seen before are read again, all of them when the server has counted an update
or a deletion since, a slice at a time otherwise: a repaired row stops counting, a deleted one is missed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from engine.packs.api import Connection

from . import exact, traffic
from .books import COLUMNS_QUERY, Books, Error, Row, balance_error, charge_error

_PAGE = 10_000
"""rows that one reading looks at when everything is read again"""
_SLICE = 500
"""rows that it looks at again when nothing is known to have changed"""
_OVERLAP = 300
"""the newest rows are read again each time: a transaction with an earlier id may commit late"""

_STATE_QUERY = """
    SELECT c.oid, pg_relation_filenode(c.oid),
        pg_stat_get_tuples_updated(c.oid) + pg_stat_get_tuples_deleted(c.oid)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relname IN ('charges', 'charge_parts') ORDER BY c.oid
"""
_LEDGER_QUERY = "SELECT key, created_at FROM entries WHERE created_at >= %s ORDER BY created_at LIMIT 20000"


@dataclass(frozen=True, slots=True)
class _Seen:
    """A row as it was last read, and how wrong it is."""

    row: Row
    error: Error


class Meter:
    """The pack's meter for one seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._rows: dict[int, _Seen] = {}
        self._ids: list[int] = []
        self._by_key: dict[str, list[int]] = {}
        self._owed: defaultdict[str, int] = defaultdict(int)
        self._doubled: set[str] = set()
        self._off: set[int] = set()
        self._posted: dict[str, int] = {}
        self._missing: set[str] = set()
        self._ledger_since: Any = "-infinity"
        self._readings = 0
        self._state: Sequence[Any] | None = None
        self._again_from = 0
        self._again_to = 0

    def read(self, databases: Mapping[str, Connection]) -> Mapping[str, float]:
        """The series now; none before billing has its tables. Raises Unreadable when it has them no longer."""
        self._readings += 1
        with _snapshot(databases["billing"]) as billing:
            columns = billing.execute(COLUMNS_QUERY).fetchall()
            if not columns and self._state is None:
                return {}
            books = Books(columns)
            self._read_ledger(databases["ledger"])
            self._look_again(billing, books)
            if not self._read_new(billing, books):
                return {}
            balances = dict(map(books.balance, billing.execute(books.accounts_query()).fetchall()))
        return self._series(balances)

    def _read_ledger(self, ledger: Connection) -> None:
        """The keys that the books know: billing must have a row for each."""
        if ledger.execute("SELECT to_regclass('public.entries')").fetchone() == (None,):
            return
        for key, created_at in ledger.execute(_LEDGER_QUERY, (self._ledger_since,)).fetchall():
            self._ledger_since = created_at
            if key not in self._posted:
                self._posted[key] = self._readings
                if key not in self._by_key:
                    self._missing.add(key)

    def _look_again(self, billing: Connection, books: Books) -> None:
        state = billing.execute(_STATE_QUERY).fetchall()
        if state != self._state:
            self._state, self._again_from = state, 0
            self._again_to = self._ids[-1] if self._ids else 0
        elif self._again_from >= self._again_to and self._ids:
            self._again_to = 0
            if self._again_from >= self._ids[-1]:
                self._again_from = 0
        limit = _PAGE if self._again_to else _SLICE
        self._again_from = self._scan(billing, books, self._again_from, limit)

    def _read_new(self, billing: Connection, books: Books) -> bool:
        """False while there are more new rows than one reading takes (a meter that was started late)."""
        start = self._ids[-min(_OVERLAP, len(self._ids))] - 1 if self._ids else 0
        before = len(self._ids)
        self._scan(billing, books, start, _PAGE)
        return len(self._ids) - before < _PAGE - _OVERLAP

    def _scan(self, billing: Connection, books: Books, after: int, limit: int) -> int:
        """Read rows above id `after`; the id up to which all is known now."""
        found = billing.execute(books.charges_query("c.id > %s", f"LIMIT {limit}"), (after,)).fetchall()
        rows = {row.id: row for row in map(books.charge, found)}
        last = max(rows) if len(rows) == limit else max([after, *rows, *self._ids[-1:]])
        known = self._ids[bisect_right(self._ids, after) : bisect_right(self._ids, last)]
        for id_ in known:
            if id_ not in rows:
                self._forget(id_)
        for row in rows.values():
            self._take(row)
        return last

    def _take(self, row: Row) -> None:
        before = self._rows.get(row.id)
        if before is not None:
            if before.row == row:
                return
            self._forget(row.id)
        error = charge_error(row, exact.of_key(row.key, self._seed))
        self._rows[row.id] = _Seen(row, error)
        insort(self._ids, row.id)
        self._owed[row.customer] += row.cents
        insort(self._by_key.setdefault(row.key, []), row.id)
        self._missing.discard(row.key)
        if len(self._by_key[row.key]) > 1:
            self._doubled.add(row.key)
        if error.absolute:
            self._off.add(row.id)

    def _forget(self, id_: int) -> None:
        row = self._rows.pop(id_).row
        del self._ids[bisect_left(self._ids, id_)]
        self._owed[row.customer] -= row.cents
        self._off.discard(id_)
        ids = self._by_key[row.key]
        ids.remove(id_)
        if len(ids) < 2:
            self._doubled.discard(row.key)
        if not ids:
            del self._by_key[row.key]
            if row.key in self._posted:
                self._missing.add(row.key)

    def _series(self, balances: Mapping[str, int]) -> Mapping[str, float]:
        groups = {"retail": Error(), "business": Error()}
        charges_off = 0
        for customer, error in self._charge_errors():
            groups[traffic.group_of(customer)] += error
            charges_off += 1
        for customer in {*balances, *self._owed}:
            error = balance_error(balances.get(customer, 0), self._owed.get(customer, 0))
            groups[traffic.group_of(customer)] += error
        total = groups["retail"] + groups["business"]
        return {
            "drift.absolute_cents": float(total.absolute),
            "drift.net_cents": float(total.net),
            "drift.retail_cents": float(groups["retail"].absolute),
            "drift.business_cents": float(groups["business"].absolute),
            "drift.doubled_cents": float(sum(self._doubled_cents(key) for key in self._doubled)),
            "drift.charges_off": float(charges_off),
        }

    def _charge_errors(self) -> Iterator[tuple[str, Error]]:
        """Charges that are stored wrong (a key's first row stands for it), and those not stored at all."""
        for id_ in self._off:
            seen = self._rows[id_]
            if self._by_key[seen.row.key][0] == id_:
                yield seen.row.customer, seen.error
        for key in self._missing:
            expected = exact.of_key(key, self._seed)
            # A posting of this very second may be ahead of its charge.
            if expected is not None and self._posted[key] < self._readings:
                yield expected.customer, Error(abs(expected.cents), -expected.cents)

    def _doubled_cents(self, key: str) -> int:
        return sum(abs(self._rows[id_].row.cents) for id_ in self._by_key[key][1:])


@contextmanager
def _snapshot(connection: Connection) -> Iterator[Connection]:
    """All reads inside see one moment."""
    connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    try:
        connection.execute("SET LOCAL lock_timeout = '3s'")
        yield connection
    finally:
        connection.execute("ROLLBACK")
