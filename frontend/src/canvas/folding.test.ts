import { expect, test } from "vitest";
import { kinds } from "@testing/kinds";
import type { Step, WorkflowDocument } from "@/model/document";
import { toFlow } from "./convert";
import { GROUP_IN, GROUP_OUT, hiding, unfolded, withGroups } from "./folding";
import { around } from "./place";
import { summed } from "./summed";

const step = (name: string, ...from: string[]): Step => ({
  id: `i-${name}`,
  name,
  kind: "job",
  inputs: from.map((each, index) => ({ name: `x${String(index)}`, data: { $output: { step: each, output: "o" } } })),
  outputs: [{ name: "o", type: "obs" }],
  depends_on: from,
});
const document: WorkflowDocument = {
  schema: 1,
  name: "w",
  steps: [step("a"), step("b", "a"), step("c", "a", "b"), step("d", "b", "c")],
  subgraphs: [{ id: "g", name: "Middle", steps: ["b", "c"] }],
  layout: { nodes: { "i-a": { x: 0, y: 0 }, "i-b": { x: 300, y: 0 }, "i-c": { x: 600, y: 200 }, "i-d": { x: 1000, y: 0 } } },
};
const plain = toFlow(kinds, document);

test("open, a group is a frame around its steps and changes no wire", () => {
  const graph = withGroups(plain, document, new Set());
  const [frame] = graph.nodes;
  expect(frame).toMatchObject({ id: "group:g", type: "subgraph", data: { names: ["b", "c"], folded: false } });
  const members = around(plain.nodes.filter((node) => node.id === "i-b" || node.id === "i-c"));
  expect(frame?.position.x).toBeLessThan(members?.x ?? 0);
  expect(frame?.width).toBeGreaterThan(members?.width ?? 0);
  expect(graph.edges).toBe(plain.edges);
});

test("folded, it stands for its steps, and of wires that then look alike one is left", () => {
  const graph = withGroups(plain, document, new Set(["g"]));
  expect(graph.nodes.map((node) => node.id)).toEqual(["i-a", "i-d", "group:g"]);
  expect(graph.edges.map((edge) => [edge.source, edge.sourceHandle, edge.target, edge.targetHandle])).toEqual([
    ["i-a", "out:o", "group:g", GROUP_IN],
    ["group:g", GROUP_OUT, "i-d", "in:x0"],
    ["group:g", GROUP_OUT, "i-d", "in:x1"],
  ]);
  expect(hiding(document, "i-b", new Set(["g"]))?.id).toBe("g");
  expect(hiding(document, "i-a", new Set(["g"]))).toBeNull();
});

test("laying out a folded group moves its steps", () => {
  const graph = withGroups(plain, document, new Set(["g"]));
  expect(unfolded(plain, graph, { "i-a": { x: 8, y: 8 }, "group:g": { x: 400, y: 50 } })).toEqual({ "i-a": { x: 8, y: 8 }, "i-b": { x: 400, y: 50 }, "i-c": { x: 700, y: 250 } });
});

test("a group says of its steps what matters most", () => {
  expect(summed([undefined, undefined])).toBeNull();
  expect(summed(["completed", "running", "init"])).toEqual({ state: "running", over: 1, count: 3 });
  expect(summed(["completed", "failed", "running"])).toMatchObject({ state: "failed" });
  expect(summed(["completed", "skipped", "reuse"])).toEqual({ state: "completed", over: 3, count: 3 });
  expect(summed(["completed", "init"])).toMatchObject({ state: "pending" });
});
