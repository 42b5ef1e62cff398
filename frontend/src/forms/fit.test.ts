import { expect, test } from "vitest";
import { golden } from "@testing/golden";
import { execute } from "@/model/commands";
import type { Parameter, WorkflowDocument } from "@/model/document";
import { valueAt, type Json } from "@/model/json";
import { asJson } from "@/model/document";
import { fitsField, fromPlaceholder, parameterOf, toPlaceholder } from "./fit";
import type { FieldSpec, Shape } from "./shape";

const TEXT: Shape = { kind: "text", format: null, file: false, pattern: null, minLength: 0, maxLength: null };
const field = (shape: Shape, more: Partial<FieldSpec> = {}): FieldSpec => ({ name: "x", shape, title: "X", description: "", required: false, nullable: false, mayBeUnset: false, ...more });
const parameter = (of: Partial<Parameter>): Parameter => ({ id: "p", name: "p", type: "STR", ...of });
const digits = golden<WorkflowDocument>("documents/valid/digits.json");
const train = (document: WorkflowDocument): Json | undefined => valueAt(asJson(document), ["steps", 2, "properties"]);

test.each<[Shape, Json | undefined, object]>([
  [{ kind: "number", integer: true, minimum: 1, maximum: null }, 12, { type: "INT", constraint: { minimum: 1 } }],
  [{ kind: "number", integer: false, minimum: null, maximum: null }, 12, { type: "FLOAT" }],
  [{ ...TEXT, format: "path" }, "/default/x/", { type: "STR", format: "obs" }],
  [{ kind: "flavor", fields: [] }, undefined, { type: "JSON", format: "train_flavor" }],
  [{ kind: "choice", choices: ["a", "b"] }, "a", { type: "ENUM", enum: ["a", "b"] }],
  [{ kind: "list", items: TEXT, least: 0, most: null }, [], { type: "LIST", format: "str" }],
  [{ kind: "any" }, 0, { type: "INT" }],
  [{ kind: "any" }, 0.5, { type: "FLOAT" }],
  [{ kind: "any" }, false, { type: "BOOL" }],
  [{ kind: "any" }, "", { type: "STR" }],
  [{ kind: "any" }, [1, 2.5], { type: "LIST", format: "float" }],
  [{ kind: "any" }, [1, "a"], { type: "JSON" }],
])("a placeholder gets the type that its place takes (%#)", (shape, value, wanted) => {
  expect(parameterOf(shape, value)).toEqual(wanted);
});

test.each<[Partial<Parameter>, Shape, boolean]>([
  [{ type: "INT" }, { kind: "number", integer: false, minimum: null, maximum: null }, true],
  [{ type: "FLOAT" }, { kind: "number", integer: true, minimum: null, maximum: null }, false],
  [{ type: "STR", format: "swr" }, { ...TEXT, format: "path" }, false],
  [{ type: "STR" }, { ...TEXT, format: "path" }, true],
  [{ type: "ENUM", enum: ["a", "b"] }, { kind: "choice", choices: ["a", "b", "c"] }, true],
  [{ type: "ENUM", enum: ["a", "z"] }, { kind: "choice", choices: ["a", "b", "c"] }, false],
  [{ type: "ENUM", enum: [] }, TEXT, false],
  [{ type: "LIST", format: "int" }, { kind: "list", items: TEXT, least: 0, most: null }, false],
  [{ type: "JSON", format: "train_flavor" }, { kind: "flavor", fields: [] }, true],
  [{ type: "BOOL" }, { kind: "any" }, true],
])("only placeholders that the server would take are offered (%#)", (of, shape, fits) => {
  expect(fitsField(parameter(of), field(shape))).toBe(fits);
});

test("a place that needs a value takes no placeholder that may stay empty", () => {
  expect(fitsField(parameter({ required: false }), field(TEXT, { required: true }))).toBe(false);
  expect(fitsField(parameter({ required: false, default: "" }), field(TEXT, { required: true }))).toBe(true);
  expect(fitsField(parameter({ required: false }), field(TEXT, { required: true, mayBeUnset: true }))).toBe(true);
});

test.each<[string, Json]>([
  ["0", 0],
  ["the empty text", ""],
  ["false", false],
  ["an empty list", []],
])("%s is a value: it is the new placeholder's default, and comes back", (_, value) => {
  const place = { stepId: "s3", pointer: "/properties/algorithm/parameters/2/value", name: "seed", field: field({ kind: "any" }, { required: true }) };
  const before = execute(digits, { type: "step.set", id: "s3", pointer: place.pointer, value }).document;
  const made = toPlaceholder(before, place, value, "new");
  const after = execute(before, made?.command ?? { type: "batch", commands: [] }).document;
  expect(after.parameters?.at(-1)).toMatchObject({ id: "new", name: "seed", default: value });
  expect(valueAt(train(after), ["algorithm", "parameters", 2, "value"])).toEqual({ $parameter: "seed" });
  expect(execute(after, fromPlaceholder(after, place, "seed", true)).document).toEqual(before);
});

test("making and unmaking are one undo step each", () => {
  const made = toPlaceholder(digits, { stepId: "s3", pointer: "/properties/algorithm/boot_file", name: "boot_file", field: field({ ...TEXT, format: "path" }) }, "train.py", "new");
  const { document, inverse } = execute(digits, made?.command ?? { type: "batch", commands: [] });
  expect(execute(document, inverse).document).toEqual(digits);
});

test("a taken name is counted on, and what has no value may stay empty", () => {
  const made = toPlaceholder(digits, { stepId: "s3", pointer: "/properties/spec/resource/flavor", name: "epochs", field: field({ kind: "flavor", fields: [] }) }, undefined, "new");
  const after = execute(digits, made?.command ?? { type: "batch", commands: [] }).document;
  expect(after.parameters?.at(-1)).toEqual({ id: "new", name: "epochs_2", type: "JSON", format: "train_flavor", required: false });
});

test("a placeholder that others use stays when one field leaves it", () => {
  const place = { stepId: "s3", pointer: "/properties/algorithm/parameters/2/value" };
  const shared = execute(digits, { type: "step.set", id: "s3", pointer: place.pointer, value: { $parameter: "epochs" } }).document;
  const after = execute(shared, fromPlaceholder(shared, place, "epochs")).document;
  expect(after.parameters?.map((each) => each.name)).toContain("epochs");
  expect(valueAt(train(after), ["algorithm", "parameters", 2, "value"])).toBe(12);
});

test("a default that looks like a reference comes back as a value", () => {
  const document: WorkflowDocument = { ...digits, parameters: [{ id: "p", name: "p", type: "JSON", default: { $parameter: "no" } }] };
  const after = execute(document, fromPlaceholder(document, { stepId: "s3", pointer: "/properties/algorithm/parameters/2/value" }, "p")).document;
  expect(valueAt(train(after), ["algorithm", "parameters", 2, "value"])).toEqual({ $literal: { $parameter: "no" } });
});
