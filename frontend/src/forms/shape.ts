/** From a kind's JSON Schema to what a form draws. Only the part of JSON Schema that pydantic writes for us is read;
 * anything else may hold any value, and gets a JSON editor. */

import { isList, isObject, partsOf, valueAt, type Json, type JsonObject } from "@/model/json";

/** What kind of thing a text is, beyond being a text. */
export type TextFormat = "path" | "flavor" | "image" | "dataset" | "dataset_version" | "model";

export type Shape =
  | { readonly kind: "text"; readonly format: TextFormat | null; /** Of a path: a file, a folder, or either (null). */ readonly file: boolean | null; readonly pattern: string | null; readonly minLength: number; readonly maxLength: number | null }
  | { readonly kind: "number"; readonly integer: boolean; readonly minimum: number | null; readonly maximum: number | null }
  | { readonly kind: "switch" }
  | { readonly kind: "choice"; readonly choices: readonly Json[] }
  | { readonly kind: "list"; readonly items: Shape; readonly least: number; readonly most: number | null }
  | { readonly kind: "object"; readonly fields: readonly FieldSpec[] }
  /** Names that people give, each with a value. */
  | { readonly kind: "map"; readonly names: string | null; readonly values: Shape }
  | { readonly kind: "engine"; readonly fields: readonly FieldSpec[] }
  /** `{flavor_id}`, from the flavors that this server has. */
  | { readonly kind: "flavor"; readonly fields: readonly FieldSpec[] }
  /** `{workflow, version}`: a release of a workflow of the same project. No placeholder stands there. */
  | { readonly kind: "release"; readonly fields: readonly FieldSpec[] }
  | { readonly kind: "union"; readonly options: readonly Shape[] }
  | { readonly kind: "any" }
  /** An object or a list, written as JSON. */
  | { readonly kind: "json" };

export interface FieldSpec {
  readonly name: string;
  readonly shape: Shape;
  /** The schema's own words: English, and the last resort. */
  readonly title: string;
  readonly description: string;
  /** Absent: there is none. */
  readonly default?: Json;
  readonly required: boolean;
  /** null is a value that may stand here; it mostly means the same as leaving it out. */
  readonly nullable: boolean;
  /** A placeholder that has no value may stand here: it is then left out. */
  readonly mayBeUnset: boolean;
}

const FORMATS: Readonly<Record<string, TextFormat | undefined>> = {
  obs: "path",
  flavor: "flavor",
  train_flavor: "flavor",
  swr: "image",
  dataset: "dataset",
  dataset_version: "dataset_version",
  model: "model",
};
const NOTHING: JsonObject = {};

/** The fields of an object schema, as the schema orders them. */
export function fieldsOf(schema: JsonObject, root: JsonObject = schema): readonly FieldSpec[] {
  const properties = isObject(schema.properties) ? schema.properties : NOTHING;
  const required = new Set(isList(schema.required) ? schema.required : []);
  return Object.entries(properties).map(([name, written]) => fieldSpec(name, isObject(written) ? written : NOTHING, root, required.has(name)));
}

function fieldSpec(name: string, written: JsonObject, root: JsonObject, required: boolean): FieldSpec {
  const schema = resolved(written, root);
  const options = isList(schema.anyOf) ? schema.anyOf.filter(isObject) : [];
  const spec = {
    name,
    shape: shapeOf(written, root),
    title: text(written.title) || text(schema.title) || name,
    description: text(written.description) || text(schema.description),
    required,
    nullable: options.some((option) => option.type === "null"),
    mayBeUnset: written["x-may-be-unset"] === true,
  };
  return Object.hasOwn(written, "default") ? { ...spec, default: written.default as Json } : spec;
}

export function shapeOf(written: JsonObject, root: JsonObject): Shape {
  const schema = resolved(written, root);
  if (isList(schema.anyOf)) return unionShape(schema, root);
  if (isList(schema.enum)) return { kind: "choice", choices: schema.enum };
  if (Object.hasOwn(schema, "const")) return { kind: "choice", choices: [schema.const as Json] };
  return SHAPES[text(schema.type)]?.(schema, root) ?? { kind: "any" };
}

const SHAPES: Readonly<Record<string, ((schema: JsonObject, root: JsonObject) => Shape) | undefined>> = {
  string: textShape,
  integer: (schema) => numberShape(schema, true),
  number: (schema) => numberShape(schema, false),
  boolean: () => ({ kind: "switch" }),
  array: (schema, root) => ({ kind: "list", items: isObject(schema.items) ? shapeOf(schema.items, root) : { kind: "any" }, least: number(schema.minItems) ?? 0, most: number(schema.maxItems) }),
  object: objectShape,
};

function numberShape(schema: JsonObject, integer: boolean): Shape {
  return { kind: "number", integer, minimum: number(schema.minimum), maximum: number(schema.maximum) };
}

function unionShape(schema: JsonObject, root: JsonObject): Shape {
  const options = (schema.anyOf as readonly Json[]).filter(isObject).filter((option) => option.type !== "null");
  // What is said beside the alternatives holds for each of them.
  const { "x-format": format, "x-file": file } = schema;
  const given = { ...(format !== undefined && { "x-format": format }), ...(file !== undefined && { "x-file": file }) };
  const shapes = options.map((option) => shapeOf({ ...option, ...given }, root));
  return shapes.length === 1 ? (shapes[0] as Shape) : { kind: "union", options: shapes };
}

function textShape(schema: JsonObject): Shape {
  return {
    kind: "text",
    format: FORMATS[text(schema["x-format"])] ?? null,
    file: schema["x-file"] === true,
    pattern: text(schema.pattern) || null,
    minLength: number(schema.minLength) ?? 0,
    maxLength: number(schema.maxLength),
  };
}

function objectShape(schema: JsonObject, root: JsonObject): Shape {
  const fields = fieldsOf(schema, root);
  const names = fields.map((field) => field.name).join(" ");
  if (["engine_name", "engine_version"].every((name) => fields.some((field) => field.name === name))) return { kind: "engine", fields };
  if (names === "flavor_id") return { kind: "flavor", fields };
  if (names === "workflow version") return { kind: "release", fields };
  if (fields.length > 0) return { kind: "object", fields };
  const [pattern, values] = Object.entries(isObject(schema.patternProperties) ? schema.patternProperties : NOTHING)[0] ?? [];
  if (isObject(values)) return { kind: "map", names: pattern ?? null, values: shapeOf(values, root) };
  if (isObject(schema.additionalProperties)) return { kind: "map", names: null, values: shapeOf(schema.additionalProperties, root) };
  return Object.hasOwn(schema, "properties") || schema.additionalProperties === false ? { kind: "object", fields } : { kind: "any" };
}

/** With `$ref` followed; what is written beside it wins. */
function resolved(schema: JsonObject, root: JsonObject): JsonObject {
  let found = schema;
  for (let depth = 0; typeof found.$ref === "string" && depth < 20; depth += 1) {
    const { $ref, ...beside } = found;
    const target = valueAt(root, partsOf(($ref as string).replace(/^#/, "")));
    found = { ...(isObject(target) ? target : NOTHING), ...beside };
  }
  return found;
}

/** The field at a place below an object shape: ["algorithm", "engine"]. */
export function fieldAt(fields: readonly FieldSpec[], path: readonly string[]): FieldSpec | null {
  const [first, ...rest] = path;
  const field = fields.find((each) => each.name === first);
  if (field === undefined || rest.length === 0) return field ?? null;
  return field.shape.kind === "object" ? fieldAt(field.shape.fields, rest) : null;
}

/** Only one value may stand there, and it does without being written: nothing to choose. */
export function isFixed(field: FieldSpec): boolean {
  return field.shape.kind === "choice" && field.shape.choices.length <= 1 && Object.hasOwn(field, "default");
}

/** A value to begin with where one is needed and none is said: never a wrong choice, only an empty one. */
export function startValue(shape: Shape): Json {
  switch (shape.kind) {
    case "text":
      return "";
    case "number":
      return shape.minimum ?? 0;
    case "switch":
      return false;
    case "choice":
      return shape.choices[0] ?? null;
    case "list":
      return [];
    case "object":
      return Object.fromEntries(shape.fields.filter((field) => field.required).map((field) => [field.name, field.default ?? startValue(field.shape)]));
    case "map":
    case "json":
      return {};
    case "engine":
      return { engine_name: "", engine_version: "" };
    case "flavor":
      return { flavor_id: "" };
    case "release":
      return { workflow: "", version: 1 };
    case "union":
      return startValue(shape.options[0] ?? { kind: "any" });
    case "any":
      return "";
  }
}

/** What a script can be given: any JSON value, but mostly one of these. */
export type ConstantType = "text" | "number" | "truth" | "json";

export function constantType(value: Json | undefined): ConstantType {
  if (typeof value === "number") return "number";
  if (typeof value === "boolean") return "truth";
  return typeof value === "string" || value === undefined ? "text" : "json";
}

const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const number = (value: Json | undefined): number | null => (typeof value === "number" ? value : null);
