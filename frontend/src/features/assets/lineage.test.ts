import { expect, test } from "vitest";
import { NODE_HEIGHT, placeLineage, type LineageNode } from "./lineage";
import { originOf, runHref } from "./wire";

const node = (id: string, column: number): LineageNode => ({ id, kind: "step", title: id, href: null, column });

test("columns stand side by side, each centred, and nothing overlaps", () => {
  const picture = placeLineage({ nodes: [node("a", 0), node("b", 0), node("c", 2)], edges: [{ from: "a", to: "c" }] });
  const [a, b, c] = picture.nodes;
  expect(a?.x).toBe(b?.x);
  expect((b?.y ?? 0) - (a?.y ?? 0)).toBeGreaterThan(NODE_HEIGHT);
  // Column 1 is empty and takes no room.
  expect((c?.x ?? 0) - (a?.x ?? 0)).toBeLessThan(300);
  expect(c?.y).toBe(((a?.y ?? 0) + (b?.y ?? 0)) / 2);
  expect(picture.edges.map((edge) => edge.id)).toEqual(["a>c"]);
});

test("a wire to what is not shown is left out, and nothing at all is no failure", () => {
  expect(placeLineage({ nodes: [node("a", 0)], edges: [{ from: "a", to: "gone" }] }).edges).toEqual([]);
  expect(placeLineage({ nodes: [], edges: [] })).toMatchObject({ width: 0, height: 0 });
});

test("what was made by hand has no origin; a step's name may hold anything", () => {
  expect([null, {}, { run: "" }, []].map(originOf)).toEqual([null, null, null, null]);
  expect(runHref("r", originOf({ run: "r", run_number: 2, step: "a&b" })?.step)).toBe("/runs/r?step=a%26b");
});
