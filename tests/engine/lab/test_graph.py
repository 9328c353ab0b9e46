"""The service graph as services see it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from engine.lab.graph import service_environment, url_variable
from engine.packs.records import Pack
from engine.packs.service_settings import ServiceSettings
from engine.packs.topology import Edge, Protocol, ServiceSpec, Topology


def _spec(make_pack: Callable[..., Pack], name: str) -> tuple[Topology, ServiceSpec]:
    pack = make_pack({"gateway": Path("gateway"), "billing": Path("billing")})
    return pack.topology, pack.service(name)


def test_that_a_service_sees_the_proxys_ports_and_never_the_targets(make_pack: Callable[..., Pack]) -> None:
    ports = {"clients->gateway": 1, "gateway->billing": 2, "billing->postgres": 3}

    def seen(name: str) -> Mapping[str, str]:
        topology, spec = _spec(make_pack, name)
        settings = ServiceSettings(spec.workers, 6)
        return service_environment(topology, spec, settings, ports, lambda name, port: f"{name}@{port}")

    assert seen("gateway") == {"WORKERS": "4", "CONNECTIONS": "6", "BILLING_URL": "http://127.0.0.1:2"}
    assert seen("billing") == {"WORKERS": "4", "CONNECTIONS": "6", "DATABASE_URL": "billing@3"}


def test_that_the_edge_of_the_clients_is_there_though_the_pack_omits_it(
    make_pack: Callable[..., Pack],
) -> None:
    pack = make_pack({"gateway": Path("gateway"), "billing": Path("billing")})
    without = replace(pack, edges=pack.edges[1:])
    assert without.topology == pack.topology
    assert without.topology.edges[0] == Edge("clients", "gateway", Protocol.HTTP)


def test_that_a_name_with_a_dash_becomes_a_variable() -> None:
    assert url_variable("tax-rates") == "TAX_RATES_URL"
