import { expect, test } from "vitest";
import type { WorkflowDocument } from "@/model/document";
import { arrangedAtOnce } from "./arrange";

const KINDS = new Map();

function chain(count: number): WorkflowDocument {
  const steps = Array.from({ length: count }, (_, at) => ({
    id: `s${String(at)}`,
    name: `step${String(at)}`,
    kind: "job",
    ...(at === 0 ? {} : { depends_on: [`step${String(at - 1)}`] }),
    outputs: [{ name: "figures", type: "metrics" as const, config: { metric_files: ["/default/m.json"] } }],
  }));
  return { schema: 1, name: "Chain", steps };
}

test("steps that nobody has placed follow one another from left to right", () => {
  const places = arrangedAtOnce(KINDS, chain(4)).layout?.nodes ?? {};
  const xs = ["s0", "s1", "s2", "s3"].map((id) => places[id]?.x ?? Number.NaN);
  expect(xs).toEqual([...xs].sort((left, right) => left - right));
  expect(new Set(xs).size).toBe(4);
  expect(new Set(Object.values(places).map(({ x, y }) => `${String(x)} ${String(y)}`)).size).toBe(8);
});

test("what somebody has placed stays as it is, and what is too much waits to be tidied up", () => {
  const placed = { ...chain(3), layout: { nodes: { s1: { x: 7, y: 9 } } } };
  expect(arrangedAtOnce(KINDS, placed)).toBe(placed);
  const large = chain(501);
  expect(arrangedAtOnce(KINDS, large)).toBe(large);
});
