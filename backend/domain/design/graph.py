"""The graph of steps: parents, children, order, cycles and ancestors. Nothing here recurses, and all of it is linear
in steps and edges except a question about ancestors, which walks once per asker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from backend.domain.design.document import Document


@dataclass(frozen=True, slots=True)
class Graph:
    """`parents` and `children` name only known steps, each once. `order` is topological and the same for the same
    document; steps on or behind a cycle are missing in it."""

    parents: Mapping[str, tuple[str, ...]]
    children: Mapping[str, tuple[str, ...]]
    order: tuple[str, ...]

    @property
    def is_acyclic(self) -> bool:
        return len(self.order) == len(self.parents)

    def ancestors(self, name: str) -> set[str]:
        return reachable(name, self.parents)

    def descendants(self, name: str) -> set[str]:
        return reachable(name, self.children)


def graph_of(document: Document) -> Graph:
    return graph_from({step.name: step.depends_on for step in document.steps})


def graph_from(depends_on: Mapping[str, Iterable[str]]) -> Graph:
    """A graph of step names and what each depends on; unknown names and repetitions are ignored."""
    parents = {
        name: tuple(dict.fromkeys(parent for parent in named if parent in depends_on))
        for name, named in depends_on.items()
    }
    children: dict[str, list[str]] = {name: [] for name in parents}
    for name, named in parents.items():
        for parent in named:
            children[parent].append(name)
    frozen = {name: tuple(below) for name, below in children.items()}
    return Graph(parents, frozen, _order(parents, frozen))


def _order(parents: Mapping[str, tuple[str, ...]], children: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    missing = {name: len(named) for name, named in parents.items()}
    ready = [name for name, count in missing.items() if count == 0]
    order: list[str] = []
    at = 0
    while at < len(ready):
        name = ready[at]
        at += 1
        order.append(name)
        for child in children[name]:
            missing[child] -= 1
            if missing[child] == 0:
                ready.append(child)
    return tuple(order)


def reachable(start: str, edges: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Everything that can be reached from `start` by at least one edge."""
    found: set[str] = set()
    stack = list(edges.get(start, ()))
    while stack:
        name = stack.pop()
        if name not in found:
            found.add(name)
            stack.extend(edges.get(name, ()))
    return found


def cycles(graph: Graph) -> list[tuple[str, ...]]:
    """One cycle of every knot of steps that depend on one another, as a path along `depends_on` that ends where it
    begins: ("a", "b", "a") says that a depends on b and b on a."""
    done = set(graph.order)
    found: list[tuple[str, ...]] = []
    for start in graph.parents:
        if start not in done:
            cycle = _walk_back(start, graph.parents, done)
            if cycle:
                found.append(cycle)
    return found


def _walk_back(start: str, parents: Mapping[str, tuple[str, ...]], done: set[str]) -> tuple[str, ...]:
    """Depth first along `parents` until a step of the present path is met again; everything seen is done."""
    path: list[str] = [start]
    place = {start: 0}
    untried = [iter(parents[start])]
    cycle: tuple[str, ...] = ()
    while path:
        parent = next(untried[-1], None)
        if parent is None:
            untried.pop()
            done.add(path[-1])
            del place[path.pop()]
        elif parent in place:
            if not cycle:
                cycle = (*path[place[parent] :], parent)
        elif parent not in done:
            place[parent] = len(path)
            path.append(parent)
            untried.append(iter(parents[parent]))
    return cycle
