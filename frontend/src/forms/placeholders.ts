/** Placeholders by themselves: which control asks for one, what a change of its type does to the rest of it. */

import { freeName, hasDefault, type Data, type DataPlaceholderType, type Parameter, type ParameterFormat, type ParameterType, type Storage, type WorkflowDocument } from "@/model/document";
import { isList, type Json, type JsonObject } from "@/model/json";
import type { Changes } from "@/model/commands";
import { dataFields } from "./dataValues";
import { FORMATS_OF_TYPE, isDefaultFor, takenNames } from "./fit";
import type { Shape } from "./shape";

const TEXT = { kind: "text", format: null, file: null, pattern: null, minLength: 0, maxLength: null } as const satisfies Shape;

export function shapeOfParameter(parameter: Pick<Parameter, "type" | "format" | "enum" | "constraint">): Shape {
  const format = parameter.format ?? null;
  switch (parameter.type) {
    case "INT":
    case "FLOAT":
      return { kind: "number", integer: parameter.type === "INT", minimum: limitOf(parameter, "minimum"), maximum: limitOf(parameter, "maximum") };
    case "BOOL":
      return { kind: "switch" };
    case "ENUM":
      return { kind: "choice", choices: parameter.enum ?? [] };
    case "LIST":
      return { kind: "list", items: elementShape(format), least: 0, most: null };
    case "JSON":
      return format === "flavor" || format === "train_flavor" ? { kind: "flavor", fields: [] } : { kind: "json" };
    case "STR":
      if (format === "obs") return { ...TEXT, format: "path" };
      if (format === "flavor" || format === "train_flavor") return { ...TEXT, format: "flavor" };
      return format === "swr" ? { ...TEXT, format: "image" } : TEXT;
  }
}

function elementShape(format: ParameterFormat | null): Shape {
  if (format === "int" || format === "float") return { kind: "number", integer: format === "int", minimum: null, maximum: null };
  return format === "bool" ? { kind: "switch" } : TEXT;
}

export function shapeOfData(data: Pick<Data, "type" | "object_type">): Shape {
  const fields = dataFields(data.type, data.object_type ?? "directory");
  return { kind: "object", fields };
}

/** The root of a storage: a folder. */
export const STORAGE_SHAPE: Shape = { ...TEXT, format: "path", file: false };

export function limitOf(parameter: Pick<Parameter, "constraint">, key: "minimum" | "maximum"): number | null {
  const limit = parameter.constraint?.[key];
  return typeof limit === "number" ? limit : null;
}

export function gpuOnly(parameter: Pick<Parameter, "constraint">): boolean {
  const wanted = parameter.constraint?.flavor_type;
  return isList(wanted) && wanted.length > 0 && wanted.every((type) => type === "GPU");
}

/** Another type: the format that it needs, and everything else that still fits. */
export function retyped(parameter: Parameter, type: ParameterType): Changes {
  const set: Record<string, Json> = { type };
  const unset: string[] = [];
  const format: ParameterFormat | null = type === "LIST" ? "str" : null;
  if ((parameter.format ?? null) !== format) set.format = format;
  const choices = type === "ENUM" ? (hasDefault(parameter) && isChoice(parameter.default) ? [parameter.default as Json] : ["a", "b"]) : null;
  if (choices !== null) set.enum = choices;
  else if (parameter.enum !== undefined) unset.push("enum");
  if (parameter.constraint !== undefined) unset.push("constraint");
  const form = { type, format, ...(choices !== null && { enum: choices }) };
  if (hasDefault(parameter) && !isDefaultFor(form, parameter.default)) unset.push("default");
  return { set, unset };
}

const isChoice = (value: Json | undefined): boolean => ["string", "number", "boolean"].includes(typeof value);

export function reformatted(parameter: Parameter, format: ParameterFormat | null): Changes {
  const keeps = hasDefault(parameter) && isDefaultFor({ ...parameter, format }, parameter.default) && (parameter.type !== "LIST" || (isList(parameter.default) && parameter.default.every((entry) => elementFits(entry, format))));
  return { set: { format }, unset: hasDefault(parameter) && !keeps ? ["default"] : [] };
}

function elementFits(entry: Json, format: ParameterFormat | null): boolean {
  if (format === "int") return Number.isInteger(entry);
  if (format === "float") return typeof entry === "number";
  return format === "bool" ? typeof entry === "boolean" : typeof entry === "string";
}

/** Other choices; a default that is none of them any more goes. */
export function rechosen(parameter: Parameter, choices: readonly Json[]): Changes {
  const lost = hasDefault(parameter) && !isDefaultFor({ ...parameter, enum: choices }, parameter.default);
  return { set: { enum: choices }, unset: lost ? ["default"] : [] };
}

export function relimited(parameter: Parameter, key: string, value: Json | undefined): Changes {
  const { [key]: _, ...others } = parameter.constraint ?? {};
  const constraint: JsonObject = value === undefined ? others : { ...others, [key]: value };
  return Object.keys(constraint).length === 0 ? { unset: ["constraint"] } : { set: { constraint } };
}

/** What is asked while the run waits must be answered. */
export const delayed = (delay: boolean): Changes => (delay ? { set: { delay, required: true } } : { set: { delay } });
export const required = (needed: boolean): Changes => (needed ? { set: { required: true } } : { set: { required: false, delay: false } });

/** What can be added with one press: the types, and the formats that people think of as types. */
export const NEW_PARAMETERS = {
  text: { type: "STR" },
  int: { type: "INT" },
  float: { type: "FLOAT" },
  bool: { type: "BOOL" },
  choice: { type: "ENUM", enum: ["a", "b"] },
  list: { type: "LIST", format: "str" },
  path: { type: "STR", format: "obs" },
  flavor: { type: "JSON", format: "train_flavor" },
  image: { type: "STR", format: "swr" },
  json: { type: "JSON" },
} as const satisfies Readonly<Record<string, Pick<Parameter, "type" | "format" | "enum">>>;
export type NewParameter = keyof typeof NEW_PARAMETERS;

export function newParameter(document: WorkflowDocument, of: NewParameter, id: string): Parameter {
  return { id, name: freeName(of === "int" || of === "float" ? "number" : of, takenNames(document)), ...NEW_PARAMETERS[of] };
}

export function newData(document: WorkflowDocument, type: DataPlaceholderType, id: string): Data {
  return { id, name: freeName(type === "obs" ? "files" : type, takenNames(document)), type, placeholder: true, ...(type === "obs" && { object_type: "directory" as const }), ...(type === "data_selector" && { data_type_list: ["dataset", "obs"] as const }) };
}

export function newStorage(document: WorkflowDocument): Storage {
  return { name: freeName("storage", takenNames(document)), title: "", description: "", create_dir: true, with_execution_id: true };
}

export { FORMATS_OF_TYPE };
