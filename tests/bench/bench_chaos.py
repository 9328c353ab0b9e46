"""The chaos proxy: are injected delays what was asked for, and what does its way cost against HAProxy's (TCP mode)?

Delays: many connections at once, each request through the edge with 100 +- 20 ms on it, less what the same edge
takes without (mean and variance), in turns.
Cost: one connection, round trips and bulk, each round direct, through our proxy and through HAProxy, one after the
other on the same upstream.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from engine.lab.proxy import Proxy  # noqa: E402
from engine.packs.topology import Protocol  # noqa: E402
from tests.bench.needs import debian  # noqa: E402

DELAY_MS, JITTER_MS = 100.0, 20.0
HALF_A_TICK_MS = 0.5
"""of uvloop's timers: what the proxy may be early"""
CONNECTIONS = 50
DELAYS = 5_000
PARTS = 5
QUIET_SD_MS = 2.0
"""a machine on which the times without any delay vary more cannot tell whether the delays are right"""
IDEAL_SD_MS = JITTER_MS / math.sqrt(3)
BULK_BYTES = 128 * 1024 * 1024
BULK_ROUNDS = 9
TRIP_ROUNDS = 60
TRIPS_A_ROUND = 100
HEAD_END = b"\r\n\r\n"


def serve() -> None:
    """An HTTP server of blocking threads: says the path again, or sends bulk. Ends with its stdin."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=256)
    print(listener.getsockname()[1], flush=True)
    threading.Thread(target=_accept, args=(listener,), name="accept").start()
    sys.stdin.read()
    os._exit(0)


def _accept(listener: socket.socket) -> None:
    while True:
        client, _ = listener.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=_answer, args=(client,), name="client").start()


def _answer(client: socket.socket) -> None:
    bulk = memoryview(bytes(1024 * 1024))
    with client:
        while request := client.recv(65536):
            path = request.split(b" ", 2)[1]
            length = BULK_BYTES if path == b"/bulk" else len(path)
            head = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % length
            if path != b"/bulk":
                client.sendall(head + path)
                continue
            client.sendall(head)
            for _ in range(BULK_BYTES // len(bulk)):
                client.sendall(bulk)


@contextmanager
def upstream() -> Iterator[int]:
    """The server in a process of its own; its port."""
    with subprocess.Popen(
        [sys.executable, __file__, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        yield int(child.stdout.readline())
        child.stdin.close()


@contextmanager
def haproxy(port: int) -> Iterator[int]:
    """HAProxy in TCP mode before `port`, on loopback only; its port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ours = taken.getsockname()[1]
    program = shutil.which("haproxy") or "/usr/sbin/haproxy"
    config = f"""defaults
    mode tcp
    timeout connect 5s
    timeout client 60s
    timeout server 60s
listen edge
    bind 127.0.0.1:{ours}
    server upstream 127.0.0.1:{port}
"""
    with tempfile.TemporaryDirectory(prefix="drill-bench-") as folder:
        file = Path(folder) / "haproxy.cfg"
        file.write_text(config)
        with subprocess.Popen([program, "-db", "-q", "-f", str(file)]) as child:
            try:
                _wait_for(ours)
                yield ours
            finally:
                child.terminate()


def _wait_for(port: int) -> None:
    deadline_s = time.monotonic() + 10.0
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            if time.monotonic() > deadline_s:
                raise
            time.sleep(0.02)


async def delays(port: int, pause: Callable[[], float], number: int) -> tuple[list[float], int]:
    """Times of `number` requests in ms over all connections, and how many answers were not what was sent."""
    times_ms: list[float] = []
    wrong = 0

    async def ask(client: int) -> None:
        nonlocal wrong
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for index in range(number // CONNECTIONS):
            path = f"/{client}/{index}".encode()
            await asyncio.sleep(pause())
            began_s = time.perf_counter()
            writer.write(b"GET %s HTTP/1.1\r\nhost: x\r\n\r\n" % path)
            answer = await reader.readuntil(HEAD_END)
            times_ms.append((time.perf_counter() - began_s) * 1000)
            body = await reader.readexactly(int(answer.rsplit(b" ", 1)[1]))
            wrong += body != path
        writer.close()

    async with asyncio.TaskGroup() as tasks:
        for client in range(CONNECTIONS):
            tasks.create_task(ask(client))
    return times_ms, wrong


async def accuracy(proxy: Proxy, port: int) -> dict[str, object]:
    """What was injected against what was asked for."""
    edge = await proxy.open_edge("delayed", Protocol.HTTP, port)
    spread_s = [(DELAY_MS - JITTER_MS) / 1000, (DELAY_MS + JITTER_MS) / 1000]
    plain_ms: list[float] = []
    found_ms: list[float] = []
    wrong = 0
    for _ in range(PARTS):
        times_ms, bad = await delays(edge, lambda: random.uniform(*spread_s), DELAYS // PARTS // 2)
        plain_ms += times_ms
        wrong += bad
        await proxy.impair("delayed", "latency", delay_ms=DELAY_MS, jitter_ms=JITTER_MS)
        # The starts are spread too, or all connections would go in step.
        times_ms, bad = await delays(edge, lambda: random.uniform(0, 0.02), DELAYS // PARTS)
        found_ms += times_ms
        wrong += bad
        await proxy.clear("delayed", "latency")
    mean_ms = statistics.mean(found_ms) - statistics.mean(plain_ms)
    # What varies without any delay varies with it too; variances add.
    sd_ms = math.sqrt(max(0.0, statistics.variance(found_ms) - statistics.variance(plain_ms)))
    return {
        "delays": len(found_ms),
        "mean_ms": round(mean_ms, 2),
        "goal_mean_ms": [DELAY_MS - 1, DELAY_MS + 1],
        "sd_ms": round(sd_ms, 2),
        "ideal_sd_ms": round(IDEAL_SD_MS, 2),
        "sd_off_percent": round(100 * (sd_ms / IDEAL_SD_MS - 1), 2),
        "goal_sd_off_percent": 3,
        "shortest_ms": round(min(found_ms), 2),
        "wrong_answers": wrong,
        "without_mean_ms": round(statistics.mean(plain_ms), 2),
        "without_sd_ms": round(statistics.stdev(plain_ms), 2),
        "machine_too_noisy": statistics.stdev(plain_ms) > QUIET_SD_MS,
    }


def trips(port: int) -> float:
    """The median time of a small request and its answer, in microseconds."""
    with _connected(port) as sock:
        times = []
        for _ in range(TRIPS_A_ROUND):
            began_s = time.perf_counter()
            sock.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            sock.recv(4096)
            times.append(time.perf_counter() - began_s)
    return statistics.median(times) * 1e6


def bulk(port: int) -> float:
    """Megabytes a second of one large answer; every byte is counted."""
    buffer = bytearray(1024 * 1024)
    with _connected(port) as sock:
        began_s = time.perf_counter()
        sock.sendall(b"GET /bulk HTTP/1.1\r\nhost: x\r\n\r\n")
        head = b""
        while HEAD_END not in head:
            head += sock.recv(4096)
        left = BULK_BYTES - len(head.split(HEAD_END, 1)[1])
        while left > 0:
            got = sock.recv_into(buffer)
            if not got:
                raise SystemExit(f"{left} bytes were lost")
            left -= got
        return BULK_BYTES / 1e6 / (time.perf_counter() - began_s)


@contextmanager
def _connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        sock.recv(4096)
        yield sock


def cost(direct: int, ours: int, theirs: int) -> dict[str, object]:
    """Added round trip and bulk throughput of both proxies, in interleaved rounds."""
    rounds = [(trips(direct), trips(ours), trips(theirs)) for _ in range(TRIP_ROUNDS)]
    plain, own, other = (statistics.median(column) for column in zip(*rounds, strict=True))
    speeds = [(bulk(ours), bulk(theirs)) for _ in range(BULK_ROUNDS)]
    bulk_ratios = [own / other for own, other in speeds]
    return {
        "added_round_trip_us": round(own - plain, 1),
        "haproxy_added_round_trip_us": round(other - plain, 1),
        "added_round_trip_ratio": round((own - plain) / (other - plain), 2),
        "round_trips_us": {
            name: [round(value, 1) for value in statistics.quantiles(column, n=4)]
            for name, column in zip(("direct", "ours", "haproxy"), zip(*rounds, strict=True), strict=True)
        },
        "goal_added_round_trip_ratio": 0.8,
        "bulk_mb_per_s": round(statistics.median(own for own, _ in speeds)),
        "haproxy_bulk_mb_per_s": round(statistics.median(other for _, other in speeds)),
        "bulk_ratio": round(statistics.median(bulk_ratios), 2),
        "bulk_ratio_spread": [round(min(bulk_ratios), 2), round(max(bulk_ratios), 2)],
        "goal_bulk_ratio": 1.5,
    }


async def measure() -> dict[str, object]:
    """Everything, on one proxy process."""
    with upstream() as direct, haproxy(direct) as theirs:
        async with Proxy("bench") as proxy:
            exact = await accuracy(proxy, direct)
            ours = await proxy.open_edge("plain", Protocol.HTTP, direct)
            return {**exact, **await asyncio.to_thread(cost, direct, ours, theirs), "cores": os.cpu_count()}


def missed(found: dict[str, object]) -> list[str]:
    """The goals that were not reached, by name."""
    held = {
        "mean_ms": abs(float(str(found["mean_ms"])) - DELAY_MS) <= 1,
        "sd_off_percent": abs(float(str(found["sd_off_percent"]))) <= 3,
        "wrong_answers": found["wrong_answers"] == 0,
        "shortest_ms": float(str(found["shortest_ms"])) >= DELAY_MS - JITTER_MS - HALF_A_TICK_MS,
        "added_round_trip_ratio": float(str(found["added_round_trip_ratio"])) <= 0.8,
        "bulk_ratio": float(str(found["bulk_ratio"])) >= 1.5,
    }
    return [name for name, is_held in held.items() if not is_held]


def main() -> None:
    """Print one JSON object."""
    debian("haproxy")
    found = asyncio.run(measure())
    print(json.dumps({**found, "missed": missed(found)}))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        serve()
    else:
        main()
