"""The graph of steps: order, cycles, ancestors, at any size."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.design.graph import cycles, graph_from

edges = st.dictionaries(st.sampled_from("abcdefgh"), st.lists(st.sampled_from("abcdefghx"), max_size=4))

#     a ─ b ─ d
#      └─ c ──┘   e
DIAMOND = {"d": ["b", "c"], "b": ["a"], "c": ["a", "a", "unknown"], "a": [], "e": []}


def test_it_knows_parents_children_order_and_kin() -> None:
    graph = graph_from(DIAMOND)

    assert graph.parents == {"d": ("b", "c"), "b": ("a",), "c": ("a",), "a": (), "e": ()}
    assert graph.children == {"d": (), "b": ("d",), "c": ("d",), "a": ("b", "c"), "e": ()}
    assert graph.order == ("a", "e", "b", "c", "d")
    assert graph.is_acyclic
    assert graph.ancestors("d") == {"a", "b", "c"}
    assert graph.descendants("a") == {"b", "c", "d"}
    assert graph.ancestors("a") == set()
    assert cycles(graph) == []


@pytest.mark.parametrize(
    ("depends_on", "found"),
    [
        ({"a": ["a"]}, [("a", "a")]),
        ({"a": ["b"], "b": ["a"]}, [("a", "b", "a")]),
        ({"a": [], "b": ["a", "d"], "c": ["b"], "d": ["c"], "e": ["d"]}, [("b", "d", "c", "b")]),
        ({"a": ["b"], "b": ["a"], "c": ["d"], "d": ["c"], "e": ["a", "c"]}, [("a", "b", "a"), ("c", "d", "c")]),
    ],
)
def test_it_shows_a_way_round_each_knot(depends_on: dict[str, list[str]], found: list[tuple[str, ...]]) -> None:
    assert cycles(graph_from(depends_on)) == found


@given(edges)
def test_it_finds_cycles_exactly_when_there_are_some(depends_on: dict[str, list[str]]) -> None:
    graph = graph_from(depends_on)

    found = cycles(graph)

    assert bool(found) == any(name in graph.ancestors(name) for name in graph.parents)
    assert bool(found) != graph.is_acyclic
    for cycle in found:
        assert cycle[0] == cycle[-1]
        assert all(parent in graph.parents[name] for name, parent in pairwise(cycle))
    place = {name: index for index, name in enumerate(graph.order)}
    assert all(place[parent] < place[name] for name in graph.order for parent in graph.parents[name])
    assert graph == graph_from(depends_on)


def test_it_does_not_recurse() -> None:
    chain = {f"s{index}": [f"s{index - 1}"] for index in range(1, 50_000)} | {"s0": []}
    ring = {**chain, "s0": ["s49999"]}

    assert len(graph_from(chain).order) == 50_000
    assert len(graph_from(chain).ancestors("s49999")) == 49_999
    assert len(cycles(graph_from(ring))[0]) == 50_001
