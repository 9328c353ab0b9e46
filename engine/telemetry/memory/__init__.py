"""What is held in memory of spans and log lines: rings of the newest, traces, and figures by second."""
