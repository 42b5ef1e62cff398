import { expect, test } from "vitest";
import type { Step, WorkflowDocument } from "@/model/document";
import { afterEdit, changedPlace, editOf, stepInRun, storiesOf } from "./edits";

const STEP = {
  id: "1",
  name: "fit",
  kind: "job",
  properties: { algorithm: { command: ["true"], parameters: [{ name: "rate", value: 0.1 }] } },
  outputs: [{ name: "m", type: "metrics", config: { metric_files: ["/default/m.json"] } }],
} as unknown as Step;
const DOCUMENT = { schema: 1, name: "w", steps: [STEP], parameters: [{ id: "p", name: "asked", type: "INT" }] } as unknown as WorkflowDocument;

test("only the parts that are otherwise are sent, each as a whole", () => {
  expect(editOf(STEP, { ...STEP, properties: { ...STEP.properties } } as Step)).toEqual({});
  expect(editOf(STEP, { ...STEP, policy: {} } as Step)).toEqual({});
  const other = { ...STEP, policy: { max_execution_minutes: 5 } } as Step;
  expect(editOf(STEP, other)).toEqual({ policy: { max_execution_minutes: 5 } });
  expect(editOf(other, STEP)).toEqual({ policy: {} });
});

test("a step of a run is the document's with what was changed before", () => {
  const edited = { step: { policy: { max_execution_minutes: 5 } }, changes: [] };
  expect(stepInRun(STEP, edited).policy).toEqual({ max_execution_minutes: 5 });
  expect(stepInRun(STEP, edited).properties).toBe(STEP.properties);
  expect(stepInRun(STEP, null)).toEqual(STEP);
});

test("an edit changes the step and nothing else of the document", () => {
  const command = { type: "batch", commands: [{ type: "step.set", id: "1", pointer: "/policy/max_execution_minutes", value: 3 }, { type: "entry.remove", list: "parameters", key: "p" }] } as const;
  const after = afterEdit(DOCUMENT, command);
  expect(after?.steps?.[0]?.policy).toEqual({ max_execution_minutes: 3 });
  expect(after?.parameters).toBe(DOCUMENT.parameters);
  expect(afterEdit(DOCUMENT, { type: "step.set", id: "gone", pointer: "/title", value: "x" })).toBeNull();
});

test("a change is told by the names of what it is about", () => {
  const parts = { properties: STEP.properties, outputs: STEP.outputs } as never;
  expect(changedPlace("/properties/algorithm/parameters/0/value", parts)).toBe("rate");
  expect(changedPlace("/values/epochs", parts)).toBe("epochs");
  expect(changedPlace("/policy/max_execution_minutes", parts)).toBe("max_execution_minutes");
  expect(changedPlace("/outputs/0/config/metric_files/0", parts)).toBe("m › metric_files › 1");
  expect(changedPlace("/properties/algorithm/parameters", undefined)).toBe("parameters");
  expect(storiesOf(null)).toEqual([]);
});
