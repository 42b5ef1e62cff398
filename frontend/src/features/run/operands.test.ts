import { expect, test } from "vitest";
import { operandsOf } from "./Operands";

test("it tells what placeholders and metrics were, once each, and no constants", () => {
  const metric = { $metric: { step: "train", output: "figures", key: "accuracy" } };
  const operands = [
    { path: "/0/left", written: metric, value: 0.25 },
    { path: "/0/right", written: 0.5, value: 0.5 },
    { path: "/1/left/left", written: { $parameter: "flag" }, value: false },
    { path: "/1/left/right", written: true, value: true },
    { path: "/1/right/left", written: metric, value: 0.25 },
    { path: "/1/right/right", written: { $parameter: "names" }, value: ["a", "b"] },
    { path: "/2/left", written: { $parameter: "who" }, value: "ada" },
  ];
  expect(operandsOf({ code: "run.skip_condition_met", operands })).toEqual([
    ["train.accuracy", "0.25"],
    ["flag", "false"],
    ["names", '["a","b"]'],
    ["who", "ada"],
  ]);
});

test("a reason without operands has none", () => {
  expect(operandsOf(null)).toEqual([]);
  expect(operandsOf({ code: "run.parents_skipped" })).toEqual([]);
  expect(operandsOf({ operands: "odd" })).toEqual([]);
  expect(operandsOf({ operands: [3, { written: { $parameter: 5 }, value: 1 }] })).toEqual([]);
});
