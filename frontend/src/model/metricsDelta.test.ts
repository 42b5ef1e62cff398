import { expect, test } from "vitest";
import { golden } from "@testing/golden";
import { applyDelta, Misfit, type MetricItem, type MetricsDelta } from "./metricsDelta";

interface Case {
  readonly name: string;
  readonly old: readonly MetricItem[];
  readonly new: readonly MetricItem[];
  readonly delta: MetricsDelta;
}
const cases = golden<Case[]>("metrics/deltas.json");

test.each(cases.map((each) => [each.name, each] as const))("it applies the golden change: %s", (_name, { old, delta, ...each }) => {
  const before = structuredClone(old);
  expect(applyDelta(old, delta)).toEqual(each.new);
  expect(old).toEqual(before);
});

const curve: MetricItem = {
  key: "loss",
  title: "Loss",
  type: "line chart",
  data: { x_axis: [{ title: "", value: [1] }], y_axis: [{ title: "", value: [0.5] }] },
};

test.each([
  ["a tail beyond the end", { ops: [{ op: "splice", key: "loss", x: [{ at: 2, value: [] }], y: [{ at: 1, value: [] }] }] }],
  ["more axes than there are", { ops: [{ op: "splice", key: "loss", x: [], y: [{ at: 1, value: [] }] }] }],
  ["an unknown key", { ops: [{ op: "remove", key: "nothing" }] }],
  ["an unknown operation", { ops: [{ op: "swap", key: "loss" }] }],
  ["an order of other metrics", { ops: [], order: ["loss", "loss"] }],
] as const)("it refuses %s", (_name, delta) => {
  expect(() => applyDelta([curve], delta as unknown as MetricsDelta)).toThrow(Misfit);
});
