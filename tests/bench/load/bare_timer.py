"""How late this machine wakes whoever asked for a millisecond: prints the P99 gap in ms once its input closes."""

from __future__ import annotations

import sys
import threading
import time

TICK_S = 0.001


def main() -> None:
    """Sleep tick after tick."""
    is_over = threading.Event()
    waiting = threading.Thread(target=lambda: (sys.stdin.read(), is_over.set()))
    waiting.start()
    gaps_ms, last_ns = [0.0], time.monotonic_ns()
    while not is_over.is_set():
        time.sleep(TICK_S)
        now_ns = time.monotonic_ns()
        gaps_ms.append((now_ns - last_ns) / 1e6)
        last_ns = now_ns
    waiting.join()
    print(sorted(gaps_ms)[int(len(gaps_ms) * 0.99)])


if __name__ == "__main__":
    main()
