import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { en } from "@/i18n/en";
import { isObject, type JsonObject } from "@/model/json";
import { fieldAt, fieldsOf, isFixed, shapeOf, startValue, type FieldSpec } from "./shape";
import { forMode, jobMode, layoutOf } from "./layout";

const FOLDER = fileURLToPath(new URL("../../../backend/contract/steps/", import.meta.url));
const schemas = Object.fromEntries(readdirSync(FOLDER).map((name) => [name.replace(".schema.json", ""), JSON.parse(readFileSync(FOLDER + name, "utf8")) as JsonObject]));
const job = fieldsOf(schemas.job as JsonObject);

function configs(schema: JsonObject): [string, JsonObject][] {
  const ports = isObject(schema["x-outputs"]) && isObject(schema["x-outputs"].ports) ? schema["x-outputs"].ports : {};
  return Object.entries(ports).flatMap(([type, port]) => (isObject(port) && isObject(port.config) ? [[type, port.config] as [string, JsonObject]] : []));
}

function* deep(fields: readonly FieldSpec[]): Generator<FieldSpec> {
  for (const field of fields) {
    yield field;
    const { shape } = field;
    if (shape.kind === "object" || shape.kind === "engine" || shape.kind === "flavor") yield* deep(shape.fields);
    // Conditions have an editor of their own.
    if (shape.kind === "list" && shape.items.kind === "object" && field.name !== "conditions") yield* deep(shape.items.fields);
  }
}

test.each([
  ["algorithm/code_dir", { kind: "text", format: "path", file: false }],
  ["algorithm/boot_file", { kind: "text", format: "path", file: true }],
  ["algorithm/command", { kind: "list" }],
  ["algorithm/engine", { kind: "engine" }],
  ["algorithm/environments", { kind: "map" }],
  ["spec/resource/flavor", { kind: "flavor" }],
  ["spec/resource/node_count", { kind: "number", integer: true, minimum: 1, maximum: 1000 }],
])("a property of a job is drawn as what it is: %s", (path, shape) => {
  expect(fieldAt(job, path.split("/"))?.shape).toMatchObject(shape);
});

test("what may stay empty, and what holds then, is read from the schema", () => {
  expect(fieldAt(job, ["algorithm", "boot_file"])).toMatchObject({ required: false, nullable: true, default: null });
  expect(fieldAt(job, ["spec", "resource", "node_count"])).toMatchObject({ required: false, nullable: false, default: 1 });
  const value = fieldAt(job, ["algorithm", "parameters"])?.shape;
  expect(value).toMatchObject({ kind: "list", items: { kind: "object", fields: [{ name: "name", required: true }, { name: "value", shape: { kind: "any" }, mayBeUnset: true }] } });
});

test("a schema that refers to itself ends", () => {
  const root: JsonObject = { $defs: { a: { $ref: "#/$defs/a" } }, $ref: "#/$defs/a" };
  expect(shapeOf(root, root)).toEqual({ kind: "any" });
});

test("every property of every kind has a word in the interface", () => {
  const missing: string[] = [];
  for (const [kind, schema] of Object.entries(schemas)) {
    for (const [of, fields] of [[kind, fieldsOf(schema)], ...configs(schema).map(([type, config]) => [`${kind}/${type}`, fieldsOf(config)] as const)] as const) {
      for (const field of deep(fields)) if (!Object.hasOwn(en, `prop.${of}.${field.name}`) && !Object.hasOwn(en, `prop.${field.name}`)) missing.push(`${of}: ${field.name}`);
    }
  }
  expect(missing).toEqual([]);
});

test("a text that explains a property in English is there in the interface, too", () => {
  const missing: string[] = [];
  for (const [kind, schema] of Object.entries(schemas)) {
    for (const [of, fields] of [[kind, fieldsOf(schema)], ...configs(schema).map(([type, config]) => [`${kind}/${type}`, fieldsOf(config)] as const)] as const) {
      for (const field of fields) {
        const said = Object.hasOwn(en, `prop.${of}.${field.name}.help`) || Object.hasOwn(en, `prop.${field.name}.help`);
        if (field.description !== "" && field.name !== "if_then_steps" && field.name !== "else_then_steps" && field.shape.kind !== "object" && !said) missing.push(`${of}: ${field.name}`);
      }
    }
  }
  expect(missing).toEqual([]);
});

test("no property is missing in the form, wherever it stands", () => {
  const { basic, advanced } = layoutOf("job", job, {});
  const places = [...basic, ...advanced].map(({ path }) => path.join("/"));
  expect(places).toEqual(expect.arrayContaining(["algorithm/code_dir", "algorithm/command", "algorithm/environments", "spec/resource/flavor", "spec/resource/node_count"]));
  expect(new Set(places).size).toBe(places.length);
  expect(advanced.map(({ path }) => path.join("/"))).toEqual(expect.arrayContaining(["algorithm/environments", "spec/resource/node_count"]));
});

test("an algorithm by its id hides code and engine, and is told from the others also while the id is still empty", () => {
  const shown = (algorithm: JsonObject) => forMode(layoutOf("job", job, { algorithm }), jobMode({ algorithm }), { algorithm }).basic.map(({ path }) => path.at(-1));
  expect(shown({ algorithm_id: "" })).toEqual(["algorithm_id", "parameters", "flavor"]);
  expect(shown({ subscription_id: "s" })).toEqual(["subscription_id", "item_version_id", "parameters", "flavor"]);
  expect(shown({})).toEqual(["code_dir", "boot_file", "engine", "parameters", "flavor"]);
});

test("a value that can only be one is not asked for, unless it is another", () => {
  const create = fieldsOf(schemas.create_dataset as JsonObject);
  const names = (values: JsonObject) => [...layoutOf("create_dataset", create, values).basic, ...layoutOf("create_dataset", create, values).advanced].map(({ field }) => field.name);
  expect(isFixed(create.find((field) => field.name === "work_path_type") as FieldSpec)).toBe(true);
  expect(names({})).not.toContain("work_path_type");
  expect(names({ work_path_type: 7 })).toContain("work_path_type");
});

test("a command hides the script, and what is written is never hidden", () => {
  const shown = (properties: JsonObject) => forMode(layoutOf("job", job, properties), jobMode(properties), properties).basic.map(({ path }) => path.at(-1));
  expect(shown({ algorithm: { command: ["true"] } })).not.toContain("boot_file");
  expect(shown({ algorithm: { boot_file: "a.py" } })).not.toContain("command");
  expect(shown({ algorithm: { boot_file: "a.py", command: ["true"] } })).toEqual(expect.arrayContaining(["boot_file", "command"]));
});

test("a new entry of a list holds what it needs", () => {
  const labels = fieldAt(fieldsOf(schemas.create_dataset as JsonObject), ["import_config", "annotation_format_config"])?.shape;
  expect(labels?.kind === "list" && startValue(labels.items)).toEqual({ format_name: "MA_IMAGENET_V1" });
});
