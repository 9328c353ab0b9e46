"""The run's telemetry file: its schema, the writer and readers, what is loaded again, and what is let go of."""
