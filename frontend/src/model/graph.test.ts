import fc from "fast-check";
import { expect, test } from "vitest";
import { ancestors, closesCycle, cycles, descendants, graphFrom } from "./graph";

const graphs = fc.array(fc.tuple(fc.constantFrom(..."abcdefgh"), fc.array(fc.constantFrom(..."abcdefghz"), { maxLength: 3 })), { maxLength: 8 }).map((edges) => graphFrom(new Map(edges)));

test("it orders every step behind all of its parents, and leaves out only what a cycle holds up", () => {
  fc.assert(fc.property(graphs, (graph) => {
    const place = new Map(graph.order.map((name, index) => [name, index]));
    for (const name of graph.order) {
      for (const parent of graph.parents.get(name) ?? []) expect(place.get(parent)).toBeLessThan(place.get(name) ?? -1);
    }
    expect(cycles(graph).length > 0).toBe(graph.order.length < graph.parents.size);
  }));
});

test("it names cycles as closed paths of real edges", () => {
  fc.assert(fc.property(graphs, (graph) => {
    for (const cycle of cycles(graph)) {
      expect(cycle[0]).toBe(cycle.at(-1));
      cycle.slice(1).forEach((parent, index) => {
        expect(graph.parents.get(cycle[index] ?? "")).toContain(parent);
      });
    }
  }));
});

test("it knows beforehand which edge would close a cycle", () => {
  fc.assert(fc.property(graphs, fc.constantFrom(..."abcd"), fc.constantFrom(..."abcd"), (graph, from, to) => {
    fc.pre(cycles(graph).length === 0 && graph.parents.has(from) && graph.parents.has(to));
    const more = new Map([...graph.parents].map(([name, above]) => [name, name === to ? [...above, from] : above]));
    expect(closesCycle(graph, from, to)).toBe(cycles(graphFrom(more)).length > 0);
  }));
});

test("it follows edges both ways", () => {
  const graph = graphFrom([["a", []], ["b", ["a"]], ["c", ["b"]], ["d", ["a", "unknown", "a"]]]);
  expect([...ancestors(graph, "c")].sort()).toEqual(["a", "b"]);
  expect([...descendants(graph, "a")].sort()).toEqual(["b", "c", "d"]);
  expect(graph.parents.get("d")).toEqual(["a"]);
});

test("it walks a chain of 10,000 steps", () => {
  const chain = Array.from({ length: 10_000 }, (_, index) => [String(index), index === 0 ? [] : [String(index - 1)]] as const);
  expect(descendants(graphFrom(chain), "0").size).toBe(9_999);
});
