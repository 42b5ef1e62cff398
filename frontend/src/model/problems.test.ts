import { expect, test } from "vitest";
import { asProblem, filled, placeOf, problemsAt, worded } from "./problems";

const found = asProblem({ code: "value.missing", path: "/steps/2/properties/a~1b", params: { name: "epochs", limit: 3 }, message: "English", hint: "Do.", severity: "error" });

test("it fills templates as Python does", () => {
  expect(filled("“{name}” {limit} {{x}} {gone}", found.params)).toBe("“epochs” 3 {x} {gone}");
  expect(filled("{list}", { list: [1, 2] })).toBe("[1,2]");
});

test("it translates by code, and stays English for what it does not know", () => {
  expect(worded(found, { "value.missing": { message: "“{name}”没有值。", hint: "" } }, "").message).toBe("“epochs”没有值。");
  expect(worded(found, {}, "")).toEqual({ message: "English", hint: "Do." });
  const near = asProblem({ ...found, params: { suggestion: "epochs" } });
  expect(worded(near, { "value.missing": { message: "", hint: "H" } }, "Or “{suggestion}”? ").hint).toBe("Or “epochs”? H");
});

test("it finds the entry that a problem is about", () => {
  expect(placeOf(found)).toEqual({ list: "steps", index: 2, rest: ["properties", "a/b"] });
  expect(placeOf(asProblem({ path: "/name" }))).toBeNull();
  expect(problemsAt([found], "/steps/2")).toHaveLength(1);
  expect(problemsAt([found], "/steps/20")).toHaveLength(0);
});

test("it reads anything without falling over", () => {
  for (const odd of [null, 3, "x", [], { code: 1, params: [] }]) expect(asProblem(odd).code).toBe("request.failed");
});
