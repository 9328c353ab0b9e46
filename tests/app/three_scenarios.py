"""A run of three scenarios side by side, as the contract tells of it: incidents, herrings, chaos, a thread dump."""

from __future__ import annotations

import time

from protos.drill.v1 import drill_pb2 as pb
from protos.drill.v1 import workbench_pb2 as workbench
from tests.app.engine_stub import snapshot

NS = 10**9
CODENAMES = ("copperfield", "larkspur", "saltmarsh")
TITLES = ("Month-end close", "Flash sale", "Order history")
EDGES = (
    "clients->gateway",
    "gateway->billing",
    "billing->ledger",
    "clients->orders",
    "orders->inventory",
    "orders->catalog",
    "inventory->pricing",
    "clients->storefront",
    "storefront->shipping",
    "shipping->carrier",
)
SERVICES = (
    "gateway",
    "billing",
    "ledger",
    "orders",
    "inventory",
    "pricing",
    "catalog",
    "storefront",
    "shipping",
    "carrier",
)
UNCHANGEABLE = ("ledger", "catalog", "carrier")


def packs() -> tuple[pb.PackSummary, ...]:
    """Three scenarios to choose from, each with its three levels."""
    texts = (
        (
            "Every customer is one of the troublesome ones: the drift is large at once.",
            "As written: retail customers with sub-cent prices. One innocent alert.",
            "Fewer of them, and doubled charges only under load. Two innocent alerts.",
        ),
        (
            "Openings are larger and orders has four workers: it locks at the first one. No other alert.",
            "As described. One innocent alert: the catalog answers late for a while.",
            "Fewer customers, who order bundles of the same few products in any order. Two innocent alerts.",
        ),
        (
            "The service desk has more screens open: the symptom is strong at once, and nothing else happens.",
            "As written: one large tenant with pages of fifty, and somebody else's job on the CPU.",
            "Two large tenants, fewer and more different pages. The symptom comes and goes.",
        ),
    )
    stories = (
        "It is month end. Finance calls: the billing total and the ledger disagree, by little, and it grows.",
        "The sale opened at three. Customers see a spinner, then nothing; every health check is green.",
        "A department store has moved in tonight with a thousand orders. Since then small shops wait for seconds.",
    )
    return tuple(
        pb.PackSummary(
            id=name,
            codename=CODENAMES[place],
            title=TITLES[place],
            story=stories[place],
            severity=("SEV-2", "SEV-1", "SEV-2")[place],
            services=(3, 4, 3)[place],
            levels=[pb.Level(number=n, text=text) for n, text in enumerate(texts[place], start=1)],
        )
        for place, name in enumerate(("fp_drift", "deadlock", "n_plus_one"))
    )


def scenarios() -> list[pb.Scenario]:
    """One that runs with its symptom measured, one that has just been triggered, one that waits."""
    return [
        pb.Scenario(
            pack="fp_drift",
            codename="copperfield",
            title="Month-end close",
            state="running",
            triggered_drill_ms=15 * 60_000 + 61_000,
            symptom_drill_ms=15 * 60_000 + 102_000,
            symptom="drift.absolute_cents 14 (at least 1 for 3 s)",
            herrings=[
                pb.Herring(
                    id="books-late",
                    title="The books are further away for a while",
                    text="Each call to the ledger takes 40 ms more. Amounts are the same before and after.",
                )
            ],
        ),
        pb.Scenario(
            pack="deadlock",
            codename="larkspur",
            title="Flash sale",
            state="running",
            triggered_drill_ms=15 * 60_000 + 121_000,
            symptom="client.shoppers.good_per_s below 1 for 5 s",
            herrings=[
                pb.Herring(
                    id="catalog-network",
                    title="The catalog's network is slow",
                    text="Only product pages go to the catalog, and they stay far inside the SLO. Orders do not "
                    "touch it: the lock comes with it and without it.",
                    chaos="c3",
                ),
                pb.Herring(
                    id="night-job",
                    title="A report runs on the same machine",
                    text="It takes what the others leave of one core. Services that wait for each other need no CPU.",
                ),
            ],
        ),
        pb.Scenario(
            pack="n_plus_one",
            codename="saltmarsh",
            title="Order history",
            state="ready",
            symptom="client.tenants.latency.p95_ms above 600 for 10 s",
            herrings=[
                pb.Herring(
                    id="host-cpu",
                    title="A job of somebody else keeps a core busy",
                    text="The nightly rendering of pictures runs at the lowest priority. It takes only what nobody "
                    "else wants.",
                )
            ],
        ),
    ]


def chaos(now_ns: int) -> list[pb.Chaos]:
    """Two that are on, one of them a red herring, one that is looked for, and two that are over."""
    return [
        pb.Chaos(
            id="c1",
            action="cpu_spike",
            title="CPU spike",
            intensity="60 % of one core",
            started_ns=now_ns - 400 * NS,
            ends_ns=now_ns - 280 * NS,
            ended_ns=now_ns - 280 * NS,
            effect="visible after 3 s: host.cpu_percent from 41 to 63",
            visible=True,
            end="its time was over",
        ),
        pb.Chaos(
            id="c2",
            action="upstream_errors",
            title="The other side answers with errors",
            target="shipping->carrier",
            intensity="20 %",
            started_ns=now_ns - 200 * NS,
            ends_ns=now_ns - 80 * NS,
            ended_ns=now_ns - 150 * NS,
            effect="no effect seen in edge.shipping-to-carrier.errors_per_s",
            end="undone by the facilitator",
        ),
        pb.Chaos(
            id="c3",
            action="latency",
            title="Network latency",
            target="orders->catalog",
            intensity="45 ms, jitter 10 ms",
            started_ns=now_ns - 50 * NS,
            ends_ns=now_ns + 190 * NS,
            effect="visible after 4 s: edge.orders-to-catalog.latency_ms from 6.2 to 52",
            visible=True,
            herring="catalog-network",
        ),
        pb.Chaos(
            id="c4",
            action="latency",
            title="Network latency",
            target="gateway->billing",
            intensity="120 ms, jitter 20 ms, both ways",
            started_ns=now_ns - 3 * NS,
            ends_ns=now_ns + 117 * NS,
        ),
    ]


def menu() -> pb.ChaosMenu:
    """Actions of every kind, with intensity of several numbers, of one, and of none."""
    return pb.ChaosMenu(
        actions=[
            pb.ChaosAction(
                name="latency",
                title="Network latency",
                text="Everything on its way from source to target is late, in order.",
                target_kind="edge",
                targets=EDGES,
                intensity=[
                    _number("delay_ms", "ms", 100, 0, 5000, "How late it is."),
                    _number("jitter_ms", "ms", 0, 0, 1000, "Each delay differs by up to this, both ways."),
                    _number("both_ways", "", 0, 0, 1, "Answers are late too."),
                ],
                longest_s=1800,
            ),
            pb.ChaosAction(
                name="loss",
                title="Lost connections",
                text="That share of new connections is dropped, and of those in use broken each second.",
                target_kind="edge",
                targets=EDGES,
                intensity=[_number("percent", "%", 20, 1, 100, "Share of connections.")],
                longest_s=1800,
            ),
            pb.ChaosAction(
                name="upstream_errors",
                title="The other side answers with errors",
                text="That share of requests is answered 500 or 503 without reaching the target.",
                target_kind="upstream",
                targets=EDGES[3:],
                intensity=[_number("percent", "%", 20, 1, 100, "Share of requests.")],
                longest_s=1800,
            ),
            pb.ChaosAction(
                name="freeze",
                title="Freeze a service",
                text="The service's process stands still: it accepts and never answers.",
                target_kind="service",
                targets=SERVICES,
                longest_s=60,
            ),
            pb.ChaosAction(
                name="cpu_spike",
                title="CPU spike",
                text="One unrelated job keeps a part of one core busy, at the lowest priority.",
                target_kind="host",
                targets=[""],
                intensity=[_number("percent", "% of one core", 60, 5, 100, "How much of one core.")],
                longest_s=600,
            ),
        ]
    )


def page(pack: str) -> pb.FacilitatorPage:
    """The facilitator's page of a pack; each names its own component."""
    component = {"fp_drift": "billing", "deadlock": "orders", "n_plus_one": "storefront"}[pack]
    return pb.FacilitatorPage(
        component=component,
        mechanism=f"Requests that enter {component} wait for each other in a circle, each with a worker in hand.",
        evidence=[
            "CPU is near zero while every worker is busy: they wait.",
            "Thread dumps: each service stands in a call to the next one.",
            "Health checks stay green: they need no worker.",
        ],
        notes=f"# {component}\n\nLet the team find that **nobody works** before they look at code.\n\n"
        "- At ten minutes: ask what each worker waits for.\n- At twenty: a thread dump is a button.\n",
        hints=[
            pb.Hint(
                level="nudge",
                text="Nobody is working, and nobody is free. What is each worker waiting for at this moment?",
                cost=5,
                index=0,
                released=True,
            ),
            pb.Hint(
                level="pointer",
                text="Take a thread dump of each service and follow who waits for whom.",
                cost=15,
                index=1,
            ),
            pb.Hint(level="answer", text="orders asks inventory, which asks orders again.", cost=40, index=2),
        ],
    )


def three(now_ns: int = 0) -> pb.Snapshot:
    """The facilitator's snapshot of all three."""
    now_ns = now_ns or time.time_ns()
    message = snapshot()
    message.codename, message.title = " ".join(CODENAMES), " · ".join(TITLES)
    message.level = 2
    message.severity = "SEV-1"
    message.scenarios.extend(scenarios())
    message.chaos.extend(chaos(now_ns))
    message.stress.append(
        pb.Stress(
            scenario="larkspur",
            started_ns=now_ns - 90 * NS,
            seconds=20,
            measured="1,184 sent, 12 good; P95 9.8 s; goodput 0.6/s of 59/s",
        )
    )
    del message.services[:]
    for name in SERVICES:
        message.services.add(
            name=name, role="", state="running", commit="4f1c2ab", editable=name not in UNCHANGEABLE
        )
    for segment in message.agenda:
        segment.activities = (
            "Find what is wrong by charts, traces and logs alone. No AI, no code changes yet."
        )
        segment.notes = (
            "Watch who asks for evidence before they act. Offer a hint after twelve quiet minutes."
        )
    return message


def stacks(service: str = "inventory") -> workbench.Stacks:
    """Seven workers that wait for an answer, and one thread at work."""
    return workbench.Stacks(
        service=service,
        wall_ns=time.time_ns(),
        groups=[
            workbench.StackGroup(
                waits_for="an answer over HTTP, asked for in reserve (app.py:41)",
                threads=[f"worker-{n}" for n in range(1, 8)],
                frames=[
                    _frame("starlette/routing.py", 73, "app", "await response(scope, receive, send)"),
                    _frame("anyio/_backends/_asyncio.py", 962, "run", "result = context.run(func, *args)"),
                    _frame(
                        "app.py",
                        33,
                        "reserve_all",
                        "return [reserve(line) for line in order.lines]",
                        own=True,
                    ),
                    _frame("app.py", 41, "reserve", "price = pricing.unit_price_cents(sku)", own=True),
                    _frame("clients.py", 18, "unit_price_cents", "return self._get(path).json()", own=True),
                    _frame("httpx/_client.py", 1053, "get", "return self.request("),
                    _frame(
                        "httpcore/_sync/http11.py", 217, "_receive_event", "data = self._network_stream.read("
                    ),
                ],
            ),
            workbench.StackGroup(
                waits_for="work",
                threads=["MainThread"],
                frames=[
                    _frame("uvicorn/server.py", 71, "serve", "await self.main_loop()"),
                    _frame("selectors.py", 468, "select", "fd_event_list = self._selector.poll(timeout)"),
                ],
            ),
            workbench.StackGroup(
                threads=["metrics"],
                frames=[_frame("metrics.py", 12, "collect", "return sum(sizes)", own=True)],
            ),
        ],
    )


def _number(name: str, unit: str, usual: float, least: float, most: float, text: str) -> pb.ChaosIntensity:
    return pb.ChaosIntensity(name=name, unit=unit, usual=usual, least=least, most=most, text=text)


def _frame(file: str, line: int, function: str, text: str, own: bool = False) -> workbench.StackFrame:
    return workbench.StackFrame(file=file, line=line, function=function, text=text, own=own)
