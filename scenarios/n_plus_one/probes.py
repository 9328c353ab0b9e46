"""The judge's questions to a submitted system, cheap and decisive ones first within each duty."""

from __future__ import annotations

from engine.packs.api import Duty, Probe

from . import costs, promises

PROBES = (
    Probe(
        "limits",
        Duty.PROMISE,
        "Is the carrier never asked for more than 20 parcels at once, however many pages are read?",
        promises.limits,
    ),
    Probe(
        "pages",
        Duty.PROMISE,
        "Are pages complete and in order: all sizes, the last one, orders without items, tenants without orders?",
        promises.pages,
    ),
    Probe(
        "read-after-write",
        Duty.PROMISE,
        "Does the next page show what was just written?",
        promises.read_after_write,
    ),
    Probe(
        "parcels-asked",
        Duty.PROMISE,
        "Is the carrier asked for every parcel shown, each time it is shown?",
        promises.parcels_asked,
    ),
    Probe(
        "all-or-nothing",
        Duty.PROMISE,
        "Is a page refused, and not shown with parts missing, while the carrier does not answer?",
        promises.all_or_nothing,
    ),
    Probe(
        "incident-traffic",
        Duty.SYMPTOM,
        "Do the pages of the drill's service desk cost a few statements now?",
        costs.incident_traffic,
    ),
    Probe(
        "page-sizes",
        Duty.MECHANISM,
        "Does a page that nobody has read before cost as many statements with 10 orders as with 200?",
        costs.page_sizes,
    ),
    Probe("cold-start", Duty.MECHANISM, "Is a page as cheap right after a restart?", costs.cold_start),
    Probe(
        "slow-database",
        Duty.MECHANISM,
        "Does a page wait for a few round trips only when the database is further away?",
        costs.slow_database,
        is_timed=True,
    ),
    Probe(
        "slow-carrier",
        Duty.OPEN,
        "Is the carrier asked for a page's parcels side by side?",
        costs.slow_carrier,
        is_timed=True,
    ),
    Probe("goodput", Duty.OPEN, "Is the work still done as fast as by the reference fix?", costs.goodput),
)
