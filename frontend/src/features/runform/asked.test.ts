import { expect, test } from "vitest";
import { golden } from "@testing/golden";
import type { WorkflowDocument } from "@/model/document";
import { asProblem } from "@/model/problems";
import { askedBy, effective, groupsOf, missing, otherProblems, problemsOfValue, reusable, together, withValue, type Asked } from "./asked";

const digits = golden<WorkflowDocument>("documents/valid/digits.json");
const every = golden<WorkflowDocument>("documents/valid/every_construct.json");
const named = (asked: readonly Asked[], name: string): Asked => asked.find((each) => each.name === name) as Asked;

test("everything is asked once, under the step that needs it first", () => {
  const groups = groupsOf(digits, askedBy(digits));
  expect(groups.map((group) => [group.step, group.asked.map((each) => each.name)])).toEqual([
    ["create", ["raw"]],
    ["release", ["ratio"]],
    ["train", ["epochs", "learning_rate", "train_flavor"]],
    ["register", ["min_accuracy", "model_name"]],
  ]);
  const names = groups.flatMap((group) => group.asked.map((each) => each.name));
  expect(new Set(names).size).toBe(names.length);
});

test("fixed data is not asked for, storages are, with all their users", () => {
  const asked = askedBy(every);
  expect(asked.map((each) => each.name)).not.toContain("weights");
  expect(named(asked, "runs")).toMatchObject({ kind: "storage", users: expect.arrayContaining(["work"]) as unknown, default: "/default/runs/" });
  expect(named(asked, "shared_place")).toMatchObject({ required: true });
});

test("a delayed question stands apart, and is never missing before the run", () => {
  const asked = askedBy(every);
  expect(groupsOf(every, asked).flatMap((group) => group.asked)).not.toContain(named(asked, "a_float"));
  expect(missing(asked, {})).toEqual(["shared_place"]);
});

test.each([
  [0, 0],
  ["", ""],
  [false, false],
  [null, null],
])("%j is a value that was set, not the default", (value, held) => {
  const asked = named(askedBy(every), "true_as_text");
  expect(effective(asked, withValue({}, "true_as_text", value))).toBe(held);
  expect(effective(asked, withValue({ true_as_text: value }, "true_as_text", undefined))).toBe("True");
});

test("only what was set is sent", () => {
  expect(withValue(withValue({}, "a", 1), "b", "")).toEqual({ a: 1, b: "" });
  expect(withValue({ a: 1, b: "" }, "a", undefined)).toEqual({ b: "" });
});

test("of the last run, what is known, fits, and is not the default anyway, is offered", () => {
  expect(reusable(askedBy(digits), { epochs: 30, learning_rate: 0.05, model_name: 7, gone: 1, ratio: "0.5" })).toEqual({ epochs: 30, ratio: "0.5" });
});

test("what the refusal and the plan both say is said once", () => {
  const [range, type] = [asProblem({ code: "value.out_of_range", path: "/values/epochs" }), asProblem({ code: "value.bad_type", path: "/values/epochs" })];
  expect(together([range], [range, type])).toEqual([range, type]);
});

test("a problem of the server stands at its field, and nowhere twice", () => {
  const found = [
    asProblem({ code: "value.out_of_range", path: "/values/epochs" }),
    asProblem({ code: "value.bad_path", path: "/values/raw/obs_path" }),
    asProblem({ code: "value.unknown", path: "/values/gone" }),
    asProblem({ code: "document.missing", path: "/steps/0" }),
  ];
  const asked = askedBy(digits);
  expect(problemsOfValue(found, "raw").map((each) => each.code)).toEqual(["value.bad_path"]);
  expect(problemsOfValue(found, "epoch")).toEqual([]);
  expect(otherProblems(found, asked).map((each) => each.code)).toEqual(["value.unknown", "document.missing"]);
});
