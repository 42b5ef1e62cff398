import fc from "fast-check";
import { expect, test } from "vitest";
import { layeredLayout, placeBeside, type Box } from "./layout";

const box = (id: string, height = 80): Box => ({ id, width: 220, height });
const dags = fc.nat({ max: 24 }).chain((count) =>
  fc.tuple(
    fc.constant(Array.from({ length: count }, (_, index) => box(String(index), 60 + (index % 5) * 30))),
    fc.array(fc.tuple(fc.nat(24), fc.nat(24)).filter(([from, to]) => from < to).map(([from, to]) => [String(from), String(to)] as const), { maxLength: 40 }),
  ),
);

test("it puts every node somewhere, right of its parents, and none over another", () => {
  fc.assert(fc.property(dags, ([boxes, edges]) => {
    const places = layeredLayout(boxes, edges);
    expect(Object.keys(places).sort()).toEqual(boxes.map((each) => each.id).sort());
    for (const [from, to] of edges) {
      const [start, end] = [places[from], places[to]];
      if (start !== undefined && end !== undefined) expect(end.x).toBeGreaterThanOrEqual(start.x + 220);
    }
    for (const [index, one] of boxes.entries()) {
      for (const other of boxes.slice(index + 1)) {
        const [a, b] = [places[one.id], places[other.id]];
        if (a?.x === b?.x) expect(Math.abs((a?.y ?? 0) - (b?.y ?? 0))).toBeGreaterThanOrEqual(60);
      }
    }
  }));
});

test("it does not mind cycles, edges to nowhere and nothing at all", () => {
  expect(layeredLayout([], [])).toEqual({});
  expect(Object.keys(layeredLayout([box("a"), box("b")], [["a", "b"], ["b", "a"], ["b", "gone"], ["a", "a"]]))).toHaveLength(2);
});

test("it is the same for the same graph, on the grid, and keeps a chain straight", () => {
  const chain = ["a", "b", "c"].map((id) => box(id));
  const places = layeredLayout(chain, [["a", "b"], ["b", "c"]]);
  expect(places).toEqual(layeredLayout(chain, [["a", "b"], ["b", "c"]]));
  expect(new Set(Object.values(places).map((place) => place.y)).size).toBe(1);
  for (const { x, y } of Object.values(places)) expect([x % 8, y % 8]).toEqual([0, 0]);
});

test("it finds room beside a node, below what is there", () => {
  const first = placeBeside({ x: 0, y: 0, width: 220 }, { width: 220, height: 80 }, []);
  const second = placeBeside({ x: 0, y: 0, width: 220 }, { width: 220, height: 80 }, [{ ...first, width: 220, height: 80 }]);
  expect(second).toEqual({ x: first.x, y: first.y + 104 });
});
