import { expect, test } from "vitest";
import { kinds } from "@testing/kinds";
import type { Position, Step } from "@/model/document";
import { toFlow } from "./convert";
import { endsOf } from "./place";
import { levelPath, routesOf } from "./routing";

const step = (name: string, from?: string): Step => ({
  id: name,
  name,
  kind: "job",
  outputs: [{ name: "o", type: "obs" }],
  ...(from !== undefined && { inputs: [{ name: "x", data: { $output: { step: from, output: "o" } } }], depends_on: [from] }),
});
const graph = (steps: Step[], nodes: Record<string, Position>) => toFlow(kinds, { schema: 1, name: "x", steps, layout: { nodes } });

test("a wire with nothing in its way goes straight", () => {
  expect(routesOf(graph([step("a"), step("b", "a")], { a: { x: 0, y: 0 }, b: { x: 400, y: 100 } })).size).toBe(0);
});

test("a wire passes a node that it has nothing to do with, on the nearer side", () => {
  const flow = graph([step("a"), step("other"), step("b", "a")], { a: { x: 0, y: 0 }, other: { x: 340, y: 0 }, b: { x: 700, y: 0 } });
  const height = routesOf(flow).get("d:b:x:0") as number;
  const other = flow.nodes.find((node) => node.id === "other");
  expect(height).toBeGreaterThan(other?.height ?? 0);
  expect(levelPath(endsOf(flow).get("d:b:x:0") as never, height)).toContain(`${String(height)}L`);
});

test("a wire that goes back passes below or above what is between, and its own ends", () => {
  const flow = graph([step("a"), step("b", "a")], { a: { x: 400, y: 0 }, b: { x: 0, y: 8 } });
  const height = routesOf(flow).get("d:b:x:0") as number;
  for (const node of flow.nodes) expect(height < node.position.y || height > node.position.y + (node.height ?? 0)).toBe(true);
});

test("wires of two outputs do not lie on one another", () => {
  const tall: Step = { ...step("tall"), inputs: Array.from({ length: 12 }, (_, index) => ({ name: `in${String(index)}`, data: null })) };
  const far = { a: { x: 0, y: 0 }, c: { x: -20, y: 50 }, tall: { x: 340, y: -200 }, b: { x: 700, y: 0 }, d: { x: 700, y: 50 } };
  const routes = [...routesOf(graph([step("a"), step("c"), tall, step("b", "a"), step("d", "c")], far)).values()];
  expect(routes).toHaveLength(2);
  expect(new Set(routes).size).toBe(2);
});
