import { expect, test } from "vitest";
import { classBars, splitBars, versionCounts } from "./counts";

test("classes come as people count, those without a label last", () => {
  const bars = classBars({ "10": 1, "": 4, "2": 3 }, "no label");
  expect(bars.map((bar) => [bar.id, bar.label, bar.parts[0]])).toEqual([
    ["2", "2", 3],
    ["10", "10", 1],
    ["", "no label", 4],
  ]);
});

test("a dataset whose samples all have labels says nothing of others", () => {
  expect(classBars({ "": 0, cat: 2 }, "no label").map((bar) => bar.label)).toEqual(["cat"]);
});

test("a version's numbers are read from what the step wrote", () => {
  const counts = versionCounts({ total: 5, train: 3, eval: 2, unlabelled: 1, labels: { b: { train: 1, eval: 1 }, a: { train: 2, eval: 1 } } });
  expect(counts).toMatchObject({ total: 5, train: 3, eval: 2, unlabelled: 1 });
  expect(splitBars(counts).map((bar) => [bar.label, ...bar.parts])).toEqual([
    ["a", 2, 1],
    ["b", 1, 1],
  ]);
});

test.each([null, [], {}, { labels: 3, train: "many" }, { labels: { a: null } }])("strange numbers (%j) are none, never a failure", (raw) => {
  expect(versionCounts(raw)).toMatchObject({ total: 0, train: 0, eval: 0, unlabelled: 0 });
});
