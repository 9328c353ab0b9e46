"""What people ask: the query language, traces, log lines, and the measured map."""
