/** The kinds of step as the server lists them, without the schemas that these tests do not read. */
import type { Kinds, StepKind } from "@/model/ports";

const kind = (name: string, inputs: StepKind["inputs"], outputs: StepKind["outputs"]): [string, StepKind] => [
  name,
  { name, title: name, description: "", executes: "server", skippable: name !== "condition", properties: {}, inputs, outputs },
];

export const kinds: Kinds = new Map([
  kind("create_dataset", { accepts: ["obs"], at_least: 1, at_most: 1 }, { ports: [{ type: "dataset", carries: "dataset" }], at_least: 1, at_most: 1 }),
  kind("release_dataset", { accepts: ["dataset", "label_task"], at_least: 1, at_most: 1 }, { ports: [{ type: "dataset", carries: "dataset_version" }], at_least: 1, at_most: 1 }),
  kind("job", { accepts: ["dataset_version", "model", "obs"], at_least: 0, at_most: null }, { ports: [{ type: "obs", carries: "obs" }, { type: "metrics", carries: null }], at_least: 0, at_most: null }),
  kind("condition", { accepts: [], at_least: 0, at_most: 0 }, { ports: [], at_least: 0, at_most: 0 }),
  kind("model", { accepts: ["model", "obs", "swr"], at_least: 0, at_most: 1 }, { ports: [{ type: "model", carries: "model" }], at_least: 1, at_most: 1 }),
]);
