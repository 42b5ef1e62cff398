import { expect, test } from "vitest";
import { backgroundOf } from "./background";
import { lineageOf } from "./lineageOf";

const LINEAGE = {
  run: "r1",
  run_number: 3,
  step: "register",
  workflow: "w1",
  dataset_versions: [
    { dataset: "d1", dataset_name: "digits", version: "v1", version_name: "V001" },
    { dataset: "d1", dataset_name: "digits", version: "v1", version_name: "V001" },
    { dataset: "d2" },
  ],
  inputs: { model: "/default/runs/r1/train/" },
  parameters: { rate: 0.5, epochs: 0, note: null },
  metrics: { train: { metrics: { loss: 0.25, accuracy: 0.5, name: "x" } } },
};

test("metrics, parameters and dataset versions are read, doubles and torn ones left out", () => {
  const found = backgroundOf(LINEAGE);
  expect(found.metrics.map((each) => [each.step, each.name, each.value])).toEqual([
    ["train", "loss", 0.25],
    ["train", "accuracy", 0.5],
  ]);
  expect(found.parameters).toEqual([
    ["epochs", 0],
    ["note", null],
    ["rate", 0.5],
  ]);
  expect(found.datasets).toEqual([{ dataset: "d1", datasetName: "digits", version: "V001" }]);
});

test.each([null, {}, [], { metrics: [], dataset_versions: {}, parameters: 3, inputs: null }])("a model without a past (%j) is no failure", (raw) => {
  expect(backgroundOf(raw)).toEqual({ origin: null, workflow: null, datasets: [], inputs: [], parameters: [], metrics: [] });
});

test("the drawing leads from the dataset over its version and the step to the model", () => {
  const graph = lineageOf({ version: "0.0.1", background: backgroundOf(LINEAGE), workflowName: "Digits", words: { run: (number) => `Run ${number}` } });
  const column = (id: string) => graph.nodes.find((node) => node.id === id)?.column;
  expect(["dataset:d1", "version:d1/V001", "step", "model"].map(column)).toEqual([0, 1, 2, 3]);
  expect(graph.edges).toContainEqual({ from: "dataset:d1", to: "version:d1/V001" });
  expect(graph.edges).toContainEqual({ from: "version:d1/V001", to: "step" });
  expect(graph.edges).toContainEqual({ from: "run", to: "step" });
  expect(graph.edges).toContainEqual({ from: "step", to: "model" });
  expect(graph.nodes.find((node) => node.id === "version:d1/V001")?.href).toBe("/datasets/d1?tab=versions&version=V001");
});
