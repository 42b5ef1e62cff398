import { expect, test } from "vitest";
import { golden } from "@testing/golden";
import { applyDelta, type MetricItem, type MetricsDelta } from "@/model/metricsDelta";
import { figureOf, pointsOf, sixDigits, type Figure } from "./figure";

const plainJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test.each(golden<{ item: MetricItem; figure: Figure }[]>("metrics/figures.json").map((each) => [each.item.key, each] as const))("it draws what the server draws: %s", (_, { item, figure }) => {
  expect(plainJson(figureOf(item))).toEqual(figure);
});

test.each(golden<{ name: string; old: MetricItem[]; new: MetricItem[]; delta: MetricsDelta }[]>("metrics/deltas.json").map((each) => [each.name, each] as const))(
  "a change leads to the figures of the whole: %s",
  (_, { old, delta, new: whole }) => {
    expect(applyDelta(old, delta).map(figureOf)).toEqual(whole.map(figureOf));
  },
);

test.each([
  [1234567.5, "1.23457e+06"],
  [100000.5, "100000"],
  [100001.5, "100002"],
  [0.00001, "1e-05"],
  [-0.0001, "-0.0001"],
  [0.1 + 0.2, "0.3"],
  [9999995.5, "1e+07"],
  [999999.5, "1e+06"],
])("%s is written %s", (value, text) => {
  expect(sixDigits(value)).toBe(text);
});

test("it counts what is drawn, not what is missing", () => {
  const axis = (title: string, value: (number | null)[]) => ({ title, value });
  const line = { key: "l", title: "", type: "line chart", data: { x_axis: [axis("x", [1, 2, 3])], y_axis: [axis("a", [1, null, 3]), axis("b", [1, 2, 3])] } } as MetricItem;
  expect(pointsOf(figureOf(line))).toBe(5);
  expect(pointsOf(figureOf({ key: "f", title: "", type: "float", data: { value: null } }))).toBe(0);
});
