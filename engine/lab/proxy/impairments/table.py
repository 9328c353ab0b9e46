"""Every kind by its name, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Mapping

from engine.lab.proxy.impairments.bandwidth import Bandwidth
from engine.lab.proxy.impairments.blackhole import Blackhole
from engine.lab.proxy.impairments.impairment import Impairment
from engine.lab.proxy.impairments.latency import Latency
from engine.lab.proxy.impairments.loss import Loss
from engine.lab.proxy.impairments.reset import Reset
from engine.lab.proxy.impairments.upstream_errors import UpstreamErrors
from engine.lab.proxy.impairments.upstream_malformed import UpstreamMalformed
from engine.lab.proxy.impairments.upstream_quota import UpstreamQuota
from engine.lab.proxy.impairments.upstream_slow import UpstreamSlow

KINDS: Mapping[str, type[Impairment]] = {
    "latency": Latency,
    "loss": Loss,
    "bandwidth": Bandwidth,
    "reset": Reset,
    "blackhole": Blackhole,
    "upstream_quota": UpstreamQuota,
    "upstream_errors": UpstreamErrors,
    "upstream_slow": UpstreamSlow,
    "upstream_malformed": UpstreamMalformed,
}
