import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import {
  DATA_TYPES,
  freeName,
  NAME_PATTERN,
  nameFrom,
  OPERATORS,
  OUTPUT_TYPES,
  PARAMETER_FORMATS,
  PARAMETER_TYPES,
  type Condition,
  type Data,
  type DataCondition,
  type Group,
  type Input,
  type Layout,
  type Note,
  type Output,
  type Parameter,
  type Policy,
  type Position,
  type Step,
  type Storage,
  type WorkflowDocument,
} from "./document";
import fc from "fast-check";

interface Schema {
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly $defs?: Record<string, Schema>;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
}
const schema = JSON.parse(readFileSync(fileURLToPath(new URL("../../../backend/contract/workflow.schema.json", import.meta.url)), "utf8")) as Schema;
const at = (name: string) => schema.$defs?.[name] as Schema;

/** Each field by name: the compiler sees to it that none is missing here and none is too many. */
type Fields<Type> = { readonly [Field in keyof Required<Type>]: true };
const FIELDS = {
  Parameter: { id: true, name: true, type: true, format: true, default: true, enum: true, required: true, delay: true, description: true, constraint: true, title: true, example: true } satisfies Fields<Parameter>,
  Data: { id: true, name: true, type: true, placeholder: true, object_type: true, default: true, value: true, delay: true, required: true, description: true, conditions: true, data_type_list: true } satisfies Fields<Data>,
  DataCondition: { attribute: true, operator: true, value: true } satisfies Fields<DataCondition>,
  Storage: { name: true, title: true, description: true, create_dir: true, with_execution_id: true, default: true } satisfies Fields<Storage>,
  Input: { name: true, data: true } satisfies Fields<Input>,
  Output: { name: true, type: true, config: true } satisfies Fields<Output>,
  Condition: { type: true, left: true, right: true } satisfies Fields<Condition>,
  Policy: { poll_interval_seconds: true, max_execution_minutes: true, skip_conditions: true, reuse: true } satisfies Fields<Policy>,
  Step: { id: true, name: true, kind: true, title: true, description: true, inputs: true, outputs: true, properties: true, policy: true, depends_on: true } satisfies Fields<Step>,
  Group: { id: true, name: true, steps: true, description: true } satisfies Fields<Group>,
  Note: { id: true, text: true } satisfies Fields<Note>,
  Position: { x: true, y: true } satisfies Fields<Position>,
  Layout: { nodes: true, folded: true } satisfies Fields<Layout>,
};
const DOCUMENT: Fields<WorkflowDocument> = { schema: true, name: true, description: true, parameters: true, data: true, storages: true, steps: true, scenes: true, subgraphs: true, notes: true, layout: true };

test("it has the fields of the server's schema, no more and no fewer", () => {
  expect(Object.keys(DOCUMENT).sort()).toEqual(Object.keys(schema.properties ?? {}).sort());
  expect(Object.keys(FIELDS).sort()).toEqual(Object.keys(schema.$defs ?? {}).filter((name) => name !== "JsonValue").sort());
  for (const [name, fields] of Object.entries(FIELDS)) expect(Object.keys(fields).sort(), name).toEqual(Object.keys(at(name).properties ?? {}).sort());
});

test("it has the server's closed lists", () => {
  const choices = (definition: string, field: string) => {
    const found = at(definition).properties?.[field] as Schema;
    return found.enum ?? found.anyOf?.find((each) => each.enum)?.enum;
  };
  expect(PARAMETER_TYPES).toEqual(choices("Parameter", "type"));
  expect(PARAMETER_FORMATS).toEqual(choices("Parameter", "format"));
  expect(DATA_TYPES).toEqual(choices("Data", "type"));
  expect(OUTPUT_TYPES).toEqual(choices("Output", "type"));
  expect(OPERATORS).toEqual(choices("Condition", "type"));
});

test("it makes names that the document takes, and that nobody has", () => {
  fc.assert(fc.property(fc.string(), (typed) => {
    expect(nameFrom(typed, "step")).toMatch(NAME_PATTERN);
  }));
  expect(nameFrom("Train / test split", "step")).toBe("Train_test_split");
  expect(freeName("train_2", new Set(["train", "train_2"]))).toBe("train_3");
});
