import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { commands, documents } from "@testing/documents";
import { kinds } from "@testing/kinds";
import { tryExecute } from "@/model/commands";
import type { Step, WorkflowDocument } from "@/model/document";
import { keepingOld, toFlow, type FlowGraph } from "./convert";

const sample = JSON.parse(readFileSync(fileURLToPath(new URL("../../../workers/samples/digits/workflow.json", import.meta.url)), "utf8")) as WorkflowDocument;
const step = (id: string, more: Partial<Step> = {}): Step => ({ id, name: id, kind: "job", ...more });
const drawn = (steps: Step[]): FlowGraph => toFlow(kinds, { schema: 1, name: "x", steps });
const wires = (graph: FlowGraph) => graph.edges.map((edge) => [edge.data?.role, edge.source, edge.sourceHandle, edge.target, edge.targetHandle]);

test("the sample is four steps, its chart, and the wires between them", () => {
  const graph = toFlow(kinds, sample);
  expect(graph.nodes.map((node) => node.id)).toEqual(["s-create", "s-release", "s-train", "s-train/metrics", "s-model"]);
  expect(wires(graph)).toEqual([
    ["data", "s-create", "out:dataset", "s-release", "in:dataset"],
    ["chart", "s-train", "out:metrics", "s-train/metrics", "top"],
    ["data", "s-release", "out:version", "s-train", "in:data_url"],
    ["data", "s-train", "out:train_url", "s-model", "in:model"],
  ]);
  expect(graph.edges.filter((edge) => edge.data?.role === "data").map((edge) => edge.data?.type)).toEqual(["dataset", "dataset_version", "obs"]);
});

test("a chart below its step is reached from above, one beside it from the left, one elsewhere from the right", () => {
  const outputs = [{ name: "metrics", type: "metrics" as const }];
  const beside = toFlow(kinds, { schema: 1, name: "x", steps: [step("a", { outputs })], layout: { nodes: { a: { x: 0, y: 0 }, "a/metrics": { x: 320, y: 0 } } } });
  expect(beside.edges[0]?.targetHandle).toBe("left");
  expect(drawn([step("a", { outputs })]).edges[0]?.targetHandle).toBe("top");
  const left = toFlow(kinds, { schema: 1, name: "x", steps: [step("a", { outputs })], layout: { nodes: { a: { x: 0, y: 0 }, "a/metrics": { x: -600, y: 200 } } } });
  expect(left.edges[0]?.targetHandle).toBe("right");
  expect(drawn([step("a", { outputs: [{ name: "metrics", type: "metrics", config: { visualization: false } }] })]).nodes).toHaveLength(1);
});

test("what is only waited for is an order edge; a branch and a metric say so", () => {
  const metric = { $metric: { step: "train", output: "metrics", key: "accuracy" } };
  const graph = drawn([
    step("train", { outputs: [{ name: "metrics", type: "metrics", config: { visualization: false } }] }),
    step("first"),
    step("check", { kind: "condition", depends_on: ["train", "first"], properties: { conditions: [{ type: "GT", left: metric, right: 1 }], if_then_steps: ["good"], else_then_steps: ["bad"] } }),
    step("good", { depends_on: ["check"] }),
    step("bad", { depends_on: ["check"] }),
  ]);
  expect(wires(graph)).toEqual([
    ["reads", "train", "out:metrics", "check", "order:in"],
    ["order", "first", "order:out", "check", "order:in"],
    ["branch", "check", "branch:then", "good", "order:in"],
    ["branch", "check", "branch:else", "bad", "order:in"],
  ]);
});

test("every option of a selector is a wire", () => {
  const out = (name: string) => ({ $output: { step: name, output: "o" } });
  const outputs = [{ name: "o", type: "obs" as const }];
  const graph = drawn([step("a", { outputs }), step("b", { outputs }), step("c", { inputs: [{ name: "x", data: { $any_of: [out("a"), out("b"), out("gone")] } }], depends_on: ["a", "b"] })]);
  expect(wires(graph)).toEqual([
    ["data", "a", "out:o", "c", "in:x"],
    ["data", "b", "out:o", "c", "in:x"],
  ]);
});

test("every wire ends at ports that its nodes have, whatever the document says", () => {
  fc.assert(
    fc.property(documents, (document) => {
      const graph = toFlow(kinds, document);
      const nodes = new Map(graph.nodes.map((node) => [node.id, new Set((node.handles ?? []).map((handle) => `${handle.type}/${handle.id ?? ""}`))]));
      expect(nodes.size).toBe(graph.nodes.length);
      expect(new Set(graph.edges.map((edge) => edge.id)).size).toBe(graph.edges.length);
      for (const edge of graph.edges) {
        expect(nodes.get(edge.source)).toContain(`source/${edge.sourceHandle ?? ""}`);
        expect(nodes.get(edge.target)).toContain(`target/${edge.targetHandle ?? ""}`);
      }
    }),
  );
});

test("keeping old objects changes nothing but their identity", () => {
  fc.assert(
    fc.property(documents, commands, (document, command) => {
      const before = toFlow(kinds, document);
      const after = tryExecute(document, command)?.document ?? document;
      const plain = toFlow(kinds, after);
      expect(keepingOld(before, plain)).toEqual(plain);
      expect(keepingOld(before, toFlow(kinds, document))).toEqual(before);
      expect(keepingOld(before, toFlow(kinds, document)).nodes).toBe(before.nodes);
    }),
  );
});

test("moving one step renews that node alone", () => {
  const before = toFlow(kinds, sample);
  const moved = tryExecute(sample, { type: "step.move", positions: { "s-release": { x: 320, y: 160 } } })?.document as WorkflowDocument;
  const after = keepingOld(before, toFlow(kinds, moved));
  expect(after.nodes.filter((node, index) => node !== before.nodes[index]).map((node) => node.id)).toEqual(["s-release"]);
  expect(after.edges).toBe(before.edges);
});
