import { expect, test } from "vitest";
import { golden } from "@testing/golden";
import { kinds } from "@testing/kinds";
import { execute } from "./commands";
import { stepByName, type Step, type WorkflowDocument } from "./document";
import { graphOf } from "./graph";
import { connecting, fit, inputPorts, kindsTaking, newStep, outputPorts, removalWithHealing, type StepKind } from "./ports";

const sample = golden<WorkflowDocument>("documents/valid/digits.json");
const graph = graphOf(sample);
const step = (name: string) => stepByName(sample, name) as Step;

test("it gives ports the type of what they carry", () => {
  expect(outputPorts(kinds, step("release"))).toMatchObject([{ type: "dataset_version" }]);
  expect(outputPorts(kinds, step("train"))).toMatchObject([{ type: "obs" }, { type: "metrics" }]);
  expect(inputPorts(kinds, sample, step("train"))).toMatchObject([{ type: "dataset_version" }]);
  expect(inputPorts(kinds, sample, step("create"))).toMatchObject([{ type: "obs" }]);
});

test.each([
  ["a cycle", { type: "model", step: "register" }, "train", "cycle"],
  ["itself", { type: "obs", step: "train" }, "train", "same_step"],
  ["metrics", { type: "metrics", step: "train" }, "register", "metrics"],
  ["a dataset without a version", { type: "dataset", step: "create" }, "train", "needs_version"],
  ["another type", { type: "obs", step: null }, "release", "type"],
] as const)("it refuses %s with its reason", (_name, source, target, code) => {
  expect(fit(kinds, graph, source, step(target)).refusal).toMatchObject({ code });
});

test("it finds the input that takes the wire: a free one, a new one, or the only one", () => {
  expect(fit(kinds, graph, { type: "obs", step: "create" }, step("train"))).toEqual({ input: null, refusal: null });
  expect(fit(kinds, graph, { type: "obs", step: "create" }, step("register"))).toEqual({ input: "weights", refusal: null });
  const free = { ...step("train"), inputs: [{ name: "empty", data: null }] };
  expect(fit(kinds, graph, { type: "obs", step: "create" }, free)).toEqual({ input: "empty", refusal: null });
  expect(connecting(step("train"), null, null, "data_url")).toMatchObject({ type: "input.add", input: { name: "data_url_2" } });
});

test("it lists the kinds that could follow", () => {
  expect(kindsTaking(kinds, "dataset").map((kind) => kind.name)).toEqual(["release_dataset"]);
  expect(kindsTaking(kinds, "metrics")).toEqual([]);
});

test("it heals the wire around a deleted step where the types fit", () => {
  const chain: WorkflowDocument = {
    schema: 1,
    name: "chain",
    steps: ["a", "b", "c"].map((name, index, names) => ({
      id: name,
      name,
      kind: "job",
      inputs: index === 0 ? [] : [{ name: "x", data: { $output: { step: names[index - 1] as string, output: "out" } } }],
      outputs: [{ name: "out", type: "obs" }],
      depends_on: index === 0 ? [] : [names[index - 1] as string],
    })),
  };
  const { document } = execute(chain, removalWithHealing(kinds, chain, "b"));
  expect(stepByName(document, "c")).toMatchObject({ depends_on: ["a"], inputs: [{ data: { $output: { step: "a", output: "out" } } }] });
});

test("it makes new steps with the ports that their kind demands", () => {
  const made = newStep(kinds.get("release_dataset") as StepKind, "s9", "release");
  expect(made).toMatchObject({ inputs: [{ name: "dataset", data: null }], outputs: [{ type: "dataset" }] });
  expect(newStep(kinds.get("condition") as StepKind, "s9", "c")).toMatchObject({ inputs: [], outputs: [] });
});
