import { expect, test } from "vitest";
import type { Step } from "@/model/document";
import type { JsonObject } from "@/model/json";
import type { MetricItem } from "@/model/metricsDelta";
import { progressOf } from "./progress";

const step = (name: string, value: JsonObject | number | string): Step => ({ id: "s", name: "s", kind: "job", properties: { algorithm: { parameters: [{ name: "seed", value: 0 }, { name, value }] } } });
const line = (title: string, ...positions: (number | string)[]): MetricItem => ({ key: title, title: "", type: "line chart", data: { x_axis: [{ title, value: positions }], y_axis: [{ title: "", value: positions.map(() => 1) }] } });

test.each([
  ["epochs", { $parameter: "n" }, [line("epoch", 1, 2, 3)], 0.75],
  ["num_epochs", 4, [line("Epoch", 4)], 1],
  ["epochs", 4, [line("epoch", 9)], 1],
  ["rounds", 10, [line("round", 1), line("round", 5)], 0.5],
  ["max_steps", 1000, [line("global step", 250)], 0.25],
  ["n_estimators", 8, [line("trees", 2)], 0.25],
  ["epochs", 4, [line("digit", 3)], null],
  ["epochs", 4, [line("epoch", "first")], null],
  ["epochs", "4", [line("epoch", 1)], null],
  ["epochs", 0, [line("epoch", 1)], null],
  ["epochs", { $parameter: "unknown" }, [line("epoch", 1)], null],
  ["rate", 4, [line("epoch", 1)], null],
  ["epochs", 4, [], null],
] as const)("%s of %j: %#", (name, value, items, share) => {
  expect(progressOf(step(name, value), { n: 4 }, items)).toBe(share);
});
