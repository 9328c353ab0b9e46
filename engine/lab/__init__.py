"""The lab: what acts on the world. PostgreSQL, services, the proxy on every edge, and the load.

Nouns: `Environment` (one isolated set of all of it), `Postgres`, `Zygote`, `Supervisor`, `Proxy`, `LoadGenerator`,
`MeterProcess`.
Rule: every process started here carries `DRILL_RUN` and ends with its owner.
"""
