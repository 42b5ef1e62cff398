import { expect, test } from "vitest";
import { emptyDocument, PARAMETER_TYPES, type Parameter } from "@/model/document";
import { execute } from "@/model/commands";
import { delayed, newParameter, NEW_PARAMETERS, rechosen, reformatted, relimited, required, retyped, shapeOfParameter, type NewParameter } from "./placeholders";
import { FORMATS_OF_TYPE } from "./fit";

const changed = (parameter: Parameter, changes: ReturnType<typeof retyped>): Parameter => {
  const document = { ...emptyDocument("x"), parameters: [parameter] };
  return execute(document, { type: "entry.update", list: "parameters", key: parameter.id, changes }).document.parameters?.[0] as Parameter;
};

test.each(PARAMETER_TYPES.flatMap((from) => PARAMETER_TYPES.map((to) => [from, to] as const)))("a placeholder of %s becomes one of %s that is well-formed", (from, to) => {
  const start: Parameter = { id: "p", name: "p", type: from, ...(from === "ENUM" && { enum: ["a"] }), ...(from === "LIST" && { format: "int" }), default: from === "ENUM" ? "a" : 3 };
  const after = changed(start, retyped(start, to));
  expect(after.type).toBe(to);
  expect(to === "ENUM").toBe((after.enum ?? []).length > 0);
  expect(to === "LIST" ? FORMATS_OF_TYPE.LIST : [null, undefined]).toContain(after.format);
  if (to === "INT" || to === "FLOAT") expect(typeof (after.default ?? 0)).toBe("number");
  if (to === "ENUM" && after.default !== undefined) expect(after.enum).toContain(after.default);
});

test("a default goes when it is no value of the new form any more", () => {
  const list: Parameter = { id: "p", name: "p", type: "LIST", format: "int", default: [1, 2] };
  expect(changed(list, reformatted(list, "float")).default).toEqual([1, 2]);
  expect(changed(list, reformatted(list, "str"))).not.toHaveProperty("default");
  const choice: Parameter = { id: "p", name: "p", type: "ENUM", enum: ["a", "b"], default: "b" };
  expect(changed(choice, rechosen(choice, ["a", "c"]))).not.toHaveProperty("default");
  expect(changed(choice, rechosen(choice, ["b"])).default).toBe("b");
});

test("what is asked while the run waits must be answered", () => {
  const parameter: Parameter = { id: "p", name: "p", type: "STR", required: false };
  expect(changed(parameter, delayed(true))).toMatchObject({ delay: true, required: true });
  expect(changed({ ...parameter, delay: true, required: true }, required(false))).toMatchObject({ delay: false, required: false });
});

test("limits come and go, and an empty constraint is none", () => {
  const parameter: Parameter = { id: "p", name: "p", type: "INT" };
  const limited = changed(parameter, relimited(parameter, "minimum", 0));
  expect(limited.constraint).toEqual({ minimum: 0 });
  expect(shapeOfParameter(limited)).toMatchObject({ kind: "number", minimum: 0 });
  expect(changed(limited, relimited(limited, "minimum", undefined))).not.toHaveProperty("constraint");
});

test.each(Object.keys(NEW_PARAMETERS) as NewParameter[])("a new placeholder (%s) has a name of its own, and a control", (of) => {
  const document = { ...emptyDocument("x"), parameters: [newParameter(emptyDocument("x"), of, "a")] };
  const second = newParameter(document, of, "b");
  expect(second.name).not.toBe(document.parameters[0]?.name);
  expect(shapeOfParameter(second).kind).not.toBe("any");
});
