"""Where the cards of the service map go and which way its edges run: layers from left to right, as requests flow.

A node's layer is its longest way from where requests enter; databases stand in the last layer. An edge that skips
layers gets a slot of its own in each of them, so that it runs between the cards and not through one. Pure geometry.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

Pair = tuple[str, str]
Point = tuple[float, float]
SWEEPS = 4
NARROWEST_GAP = 16.0


@dataclass(frozen=True, slots=True)
class CardPlace:
    """Where a node's card lies, in pixels."""

    name: str
    left: float
    top: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """The y at which edges arrive and leave."""
        return self.top + self.height / 2

    def contains(self, x: float, y: float) -> bool:
        """Whether the point lies on the card."""
        return self.left <= x <= self.left + self.width and self.top <= y <= self.top + self.height


@dataclass(frozen=True, slots=True)
class Way:
    """An edge's points from left to right; between two of them it swings level. `label_at` is a quiet spot on it,
    `label_room` the width there."""

    source: str
    target: str
    points: tuple[Point, ...]
    label_at: Point
    label_room: float


@dataclass(frozen=True, slots=True)
class MapPlan:
    """The whole map placed."""

    cards: tuple[CardPlace, ...]
    ways: tuple[Way, ...]

    def card(self, name: str) -> CardPlace | None:
        """The card of that node."""
        return next((card for card in self.cards if card.name == name), None)


def layers(nodes: Sequence[str], edges: Sequence[Pair], last: frozenset[str]) -> dict[str, int]:
    """Each node's layer: its longest way from a node that nobody calls. Cycles are cut where they close."""
    callees: dict[str, list[str]] = {name: [] for name in nodes}
    for source, target in edges:
        if source in callees and target in callees and source != target:
            callees[source].append(target)
    forward = _without_cycles(callees)
    depth = dict.fromkeys(nodes, 0)
    for _ in nodes:
        for source, targets in forward.items():
            for target in targets:
                depth[target] = max(depth[target], depth[source] + 1)
    deepest = max((depth[name] + (name not in last) for name in nodes), default=0)
    return {name: deepest if name in last else depth[name] for name in nodes}


def plan_map(
    nodes: Sequence[str],
    edges: Sequence[Pair],
    last: frozenset[str],
    area: tuple[float, float],
    card: tuple[float, float],
    widths: Mapping[str, float] | None = None,
) -> MapPlan:
    """Place cards of the size `card` in an area of that width and height; `widths` are those that differ."""
    if not nodes:
        return MapPlan((), ())
    layer_of = layers(nodes, edges, last)
    known = [pair for pair in edges if pair[0] in layer_of and pair[1] in layer_of and pair[0] != pair[1]]
    ranks, chains = _slots(nodes, known, layer_of)
    _untangle(ranks, chains)
    wanted = {name: (widths or {}).get(name, card[0]) for name in nodes}
    share = _fitting(ranks, wanted, area[0], card[0])
    width_of = {name: width * share for name, width in wanted.items()}
    lefts = _columns(ranks, width_of, area[0], card[0] * share)
    middles = _rows(ranks, area[1])
    cards = tuple(
        CardPlace(name, lefts[layer_of[name]], middles[name] - card[1] / 2, width_of[name], card[1])
        for name in nodes
    )
    places = {place.name: place for place in cards}
    ways = tuple(_way(chain, places, lefts, middles, card[0]) for chain in chains)
    return MapPlan(cards, ways)


def most_rows(nodes: Sequence[str], edges: Sequence[Pair], last: frozenset[str]) -> int:
    """How many slots lie above each other in the fullest layer."""
    layer_of = layers(nodes, edges, last)
    known = [pair for pair in edges if pair[0] in layer_of and pair[1] in layer_of and pair[0] != pair[1]]
    return max((len(rank) for rank in _slots(nodes, known, layer_of)[0]), default=0)


def _without_cycles(callees: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    kept: dict[str, list[str]] = {name: [] for name in callees}
    done: set[str] = set()
    open_names: list[str] = []

    def visit(name: str) -> None:
        open_names.append(name)
        for target in callees[name]:
            if target in open_names:
                continue
            kept[name].append(target)
            if target not in done:
                visit(target)
        open_names.pop()
        done.add(name)

    called = {target for targets in callees.values() for target in targets}
    for name in sorted(callees, key=lambda name: name in called):
        if name not in done:
            visit(name)
    return kept


def _slots(
    nodes: Sequence[str], edges: Sequence[Pair], layer_of: Mapping[str, int]
) -> tuple[list[list[str]], list[list[str]]]:
    """The names of each layer from top to bottom, and each edge as the chain of slots that it passes."""
    ranks: list[list[str]] = [[] for _ in range(max(layer_of.values(), default=-1) + 1)]
    for name in nodes:
        ranks[layer_of[name]].append(name)
    chains = []
    for source, target in edges:
        first, final = layer_of[source], layer_of[target]
        between = [f"{source}>{target}@{layer}" for layer in range(first + 1, final)]
        for layer, slot in enumerate(between, first + 1):
            ranks[layer].append(slot)
        chains.append([source, *between, target])
    return ranks, chains


def _untangle(ranks: list[list[str]], chains: Sequence[Sequence[str]]) -> None:
    """Order each layer by the mean place of its neighbours, a few times there and back."""
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for chain in chains:
        for one, other in itertools.pairwise(chain):
            after.setdefault(one, []).append(other)
            before.setdefault(other, []).append(one)
    for sweep in range(SWEEPS):
        neighbours = before if sweep % 2 == 0 else after
        place = {name: (number + 1) / (len(rank) + 1) for rank in ranks for number, name in enumerate(rank)}
        for rank in ranks:
            rank.sort(key=lambda name: fmean([place[near] for near in neighbours.get(name, [name])]))


def _widest(ranks: Sequence[Sequence[str]], width_of: Mapping[str, float], usual: float) -> list[float]:
    return [max((width_of[name] for name in rank if name in width_of), default=usual) for rank in ranks]


def _fitting(
    ranks: Sequence[Sequence[str]], width_of: Mapping[str, float], width: float, usual: float
) -> float:
    """How much narrower every card must be so that the columns stay apart in that width (at most 1)."""
    room = width - NARROWEST_GAP * (len(ranks) - 1)
    return min(1.0, max(0.1, room / sum(_widest(ranks, width_of, usual))))


def _columns(
    ranks: Sequence[Sequence[str]], width_of: Mapping[str, float], width: float, usual: float
) -> list[float]:
    wide = _widest(ranks, width_of, usual)
    gap = (width - sum(wide)) / (len(ranks) - 1) if len(ranks) > 1 else 0.0
    lefts, left = [], 0.0
    for column in wide:
        lefts.append(left)
        left += column + gap
    return lefts


def _rows(ranks: Sequence[Sequence[str]], height: float) -> dict[str, float]:
    most = max(len(rank) for rank in ranks)
    pitch = height / most
    return {
        name: height / 2 + (number - (len(rank) - 1) / 2) * pitch
        for rank in ranks
        for number, name in enumerate(rank)
    }


def _way(
    chain: Sequence[str],
    places: Mapping[str, CardPlace],
    lefts: Sequence[float],
    middles: Mapping[str, float],
    usual: float,
) -> Way:
    source, target = places[chain[0]], places[chain[-1]]
    points: list[Point] = [(source.left + source.width, source.middle)]
    for slot in chain[1:-1]:
        left = lefts[int(slot.rsplit("@", 1)[1])]
        points += [(left, middles[slot]), (left + usual, middles[slot])]
    points.append((target.left, target.middle))
    one, other = (points[1], points[2]) if len(points) > 2 else (points[0], points[1])
    label_at = ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
    return Way(source.name, target.name, tuple(points), label_at, abs(other[0] - one[0]))
