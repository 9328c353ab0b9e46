"""The service graph as services see it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from engine.lab.graph import graph_edges, service_environment, url_variable
from engine.packs.records import Edge, Pack, Protocol


def _pack(make_pack: Callable[[Mapping[str, Path]], Pack]) -> Pack:
    return make_pack({"gateway": Path("gateway"), "billing": Path("billing")})


def test_that_a_service_sees_the_proxys_ports_and_never_the_targets(make_pack: Callable[..., Pack]) -> None:
    ports = {"clients->gateway": 1, "gateway->billing": 2, "billing->postgres": 3}
    pack = _pack(make_pack)
    gateway = service_environment(pack, "gateway", ports, lambda name, port: f"{name}@{port}")
    billing = service_environment(pack, "billing", ports, lambda name, port: f"{name}@{port}")
    assert gateway == {"WORKERS": "4", "CONNECTIONS": "2", "BILLING_URL": "http://127.0.0.1:2"}
    assert billing == {"WORKERS": "4", "CONNECTIONS": "2", "DATABASE_URL": "billing@3"}


def test_that_the_edge_of_the_clients_is_there_though_the_pack_omits_it(
    make_pack: Callable[..., Pack],
) -> None:
    pack = _pack(make_pack)
    without = replace(pack, edges=pack.edges[1:])
    assert graph_edges(without) == graph_edges(pack)
    assert graph_edges(without)[0] == Edge("clients", "gateway", Protocol.HTTP)


def test_that_a_name_with_a_dash_becomes_a_variable() -> None:
    assert url_variable("tax-rates") == "TAX_RATES_URL"
