import { expect, test } from "vitest";
import { golden } from "@testing/golden";
import { asText, copied, fromText, planPaste } from "./clipboard";
import { execute } from "./commands";
import { emptyDocument, stepByName, type WorkflowDocument } from "./document";

const sample = golden<WorkflowDocument>("documents/valid/digits.json");
let count = 0;
const newId = () => `n${String((count += 1))}`;
const at = { x: 100, y: 50 };

test("it takes along what the steps name, and survives the trip as text", () => {
  const fragment = copied(sample, ["s3"]);
  expect(fragment.parameters.map((each) => each.name)).toContain("epochs");
  expect(fragment.storages.map((each) => each.name)).toEqual(["runs"]);
  expect(fromText(asText(fragment))).toEqual(fragment);
});

test.each(["", "hello", "[1]", '{"steps":[]}', '{"pipeloom/steps":1,"steps":7}'])("it leaves foreign text alone: %s", (text) => {
  expect(fromText(text)).toBeNull();
});

test("it pastes beside the original under new names, wires inside following", () => {
  const plan = planPaste(sample, copied(sample, ["s2", "s3"]), { at, newId });
  expect(plan.steps.map((step) => step.name)).toEqual(["release_2", "train_2"]);
  expect(plan.steps[1]).toMatchObject({ depends_on: ["release_2"], inputs: [{ data: { $output: { step: "release_2" } } }] });
  expect(plan.steps[0]).toMatchObject({ depends_on: [], inputs: [{ data: null }] });
  expect(plan.parameters).toEqual([]);
  const { document, inverse } = execute(sample, { type: "paste", fragment: plan });
  expect(stepByName(document, "train_2")).toBeDefined();
  expect(execute(document, inverse).document).toEqual(sample);
});

test("it keeps incoming wires when asked to", () => {
  const plan = planPaste(sample, copied(sample, ["s3"]), { at, newId, keepIncoming: true });
  expect(plan.steps[0]).toMatchObject({ depends_on: ["release"], inputs: [{ data: { $output: { step: "release" } } }] });
});

test("it brings the placeholders into a workflow that lacks them", () => {
  const plan = planPaste(emptyDocument("other"), copied(sample, ["s3"]), { at, newId });
  expect(plan.steps.map((step) => step.name)).toEqual(["train"]);
  expect(plan.parameters.map((each) => each.name)).toContain("epochs");
});
