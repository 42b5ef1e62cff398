import { expect, test } from "vitest";
import type { WorkflowDocument } from "@/model/document";
import { problem } from "@/model/problems";
import { byFate, excerpt, stepAbout, stepAt } from "./notes";

const document: WorkflowDocument = { schema: 1, name: "w", steps: [{ id: "s1", name: "load_data", kind: "job", title: "Load data" }, { id: "s2", name: "train", kind: "job" }] };

test("notes are sorted by what they mean, the worst first", () => {
  const notes = [
    { ...problem("document.scene_needs", "", ""), severity: "warning" as const },
    problem("interop.approximated", "", "", "/a"),
    problem("interop.unknown_reference", "", "", "/b"),
    problem("document.unknown_kind", "", "", "/steps/0/kind"),
  ];
  expect([...byFate(notes)].map(([fate, those]) => [fate, those.length])).toEqual([
    ["wrong", 1],
    ["dropped", 1],
    ["approximated", 1],
    ["warning", 1],
  ]);
});

test("a place in a file of ModelArts, Elyra or Kubeflow leads to the step that it became", () => {
  const wire = { steps: [{ name: "train", properties: { x: { name: "inner" } } }] };
  expect(stepAbout(wire, "/steps/0/properties/x/name", document)).toBe("s2");
  const elyra = { pipelines: [{ nodes: [{ id: "n", app_data: { ui_data: { label: "Load data" }, cpu: 1 } }] }] };
  expect(stepAbout(elyra, "/pipelines/0/nodes/0/app_data/cpu", document)).toBe("s1");
  const kubeflow = { root: { dag: { tasks: { "load data": { cachingOptions: {} } } } } };
  expect(stepAbout(kubeflow, "/root/dag/tasks/load data/cachingOptions", document)).toBe("s1");
  expect(stepAbout(wire, "/other", document)).toBeNull();
});

test("a place in the document leads to its step, and a place in the file to its text", () => {
  expect(stepAt("/steps/1/kind", document)).toBe("s2");
  expect(stepAt("/name", document)).toBeNull();
  expect(excerpt({ a: { b: "x".repeat(300) } }, "/a/b")).toHaveLength(121);
  expect(excerpt({ a: 1 }, "/b")).toBeNull();
});
