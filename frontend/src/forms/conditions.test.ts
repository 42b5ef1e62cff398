import { expect, test } from "vitest";
import { golden } from "@testing/golden";
import type { Condition, Operator, WorkflowDocument } from "@/model/document";
import type { Json } from "@/model/json";
import { comparable, knownKeys, metricSources, mismatch, newCondition, operandOf, operandType, orElse, withOperator, type ValueKind } from "./conditions";

const every = golden<WorkflowDocument>("documents/valid/every_construct.json");
const digits = golden<WorkflowDocument>("documents/valid/digits.json");
const KINDS: readonly ValueKind[] = ["number", "text", "truth", "list", "object", "null"];

test("every condition of a valid document can be decided", () => {
  const conditions = (every.steps ?? []).flatMap((step) => step.policy?.skip_conditions ?? []);
  expect(conditions.length).toBeGreaterThan(8);
  for (const condition of conditions) expect(mismatch(every, condition)).toBeNull();
});

test.each<[Operator, number]>([
  ["EQ", 16],
  ["NOT", 16],
  ["GT", 2],
  ["IN", 6],
  ["OR", 1],
])("%s compares %i pairs of kinds", (operator, count) => {
  expect(KINDS.flatMap((left) => KINDS.filter((right) => comparable(operator, left, right)))).toHaveLength(count);
});

test.each<[Condition, boolean]>([
  [{ type: "LT", left: { $metric: { step: "train", output: "metrics", key: "a" } }, right: "0.9" }, true],
  [{ type: "LT", left: { $parameter: "min_accuracy" }, right: 0.9 }, false],
  [{ type: "EQ", left: { $parameter: "gone" }, right: 1 }, false],
  [{ type: "IN", left: 1, right: 1 }, true],
  [{ type: "OR", left: { type: "EQ", left: 1, right: 1 }, right: true }, false],
  [{ type: "OR", left: 1, right: true }, true],
  [{ type: "EQ", left: null, right: { $parameter: "epochs" } }, false],
])("what can never be decided is told while it is built (%#)", (condition, wrong) => {
  expect(mismatch(digits, condition) !== null).toBe(wrong);
});

test.each<[Json, string]>([
  [0, "number"],
  ["", "text"],
  [false, "truth"],
  [null, "null"],
  [[], "list"],
  [{ $parameter: "a" }, "parameter"],
  [{ $metric: { step: "a", output: "b", key: "c" } }, "metric"],
  [{ type: "EQ", left: 1, right: 2 }, "condition"],
  [{ $literal: { a: 1 } }, "json"],
])("an operand is what is written (%#)", (operand, type) => {
  expect(operandType(operand)).toBe(type);
});

test("another type keeps what was typed, where that says something", () => {
  const offer = { parameter: "epochs", metric: { step: "train", title: "Train", output: "metrics" } };
  expect(operandOf("number", "0.9", offer)).toBe(0.9);
  expect(operandOf("text", 0.9, offer)).toBe("0.9");
  expect(operandOf("list", "a", offer)).toEqual(["a"]);
  expect(operandOf("metric", 1, offer)).toEqual({ $metric: { step: "train", output: "metrics", key: "" } });
  expect(operandOf("parameter", 1, offer)).toEqual({ $parameter: "epochs" });
});

test("or holds two conditions, and gives the first one back", () => {
  const condition = { type: "LT", left: { $parameter: "epochs" }, right: 3 } as const;
  const both = orElse(condition) as unknown as Condition;
  expect(both).toMatchObject({ type: "OR", left: condition, right: { type: "EQ", left: { $parameter: "epochs" } } });
  expect(mismatch(digits, both)).toBeNull();
  expect(withOperator(both, "LT")).toEqual(condition);
});

test.each<Operator>(["EQ", "GT", "IN", "OR", "NOT"])("a changed comparison (%s) can be changed back", (operator) => {
  const condition: Condition = { type: "LTE", left: { $parameter: "epochs" }, right: 3 };
  const there = withOperator(condition, operator) as unknown as Condition;
  expect(withOperator(there, "LTE")).toEqual(condition);
});

test("metrics are offered of the steps that come before only", () => {
  expect(metricSources(digits, new Set(["create", "release", "train"]))).toEqual([{ step: "train", title: "训练", output: "metrics" }]);
  expect(metricSources(digits, new Set(["create"]))).toEqual([]);
  expect(knownKeys(digits, "train", "metrics")).toEqual(["accuracy"]);
  expect(newCondition()).toEqual({ type: "EQ", left: "", right: "" });
});
