/** Which placeholders can stand at a place, and which placeholder a place would make: the server's rule, in the browser,
 * so that nobody is offered what would be refused. */

import { freeName, hasDefault, nameFrom, type Parameter, type ParameterFormat, type ParameterType, type WorkflowDocument } from "@/model/document";
import { isList, isObject, jsonEqual, type Json, type JsonObject } from "@/model/json";
import { isReserved, namesParameter, toParameter, whereUsed } from "@/model/references";
import type { Command } from "@/model/commands";
import type { FieldSpec, Shape } from "./shape";

const ELEMENTS: Readonly<Record<string, ParameterType | undefined>> = { str: "STR", int: "INT", float: "FLOAT", bool: "BOOL" };
const FAMILIES: Readonly<Record<string, string | undefined>> = { obs: "path", flavor: "flavor", train_flavor: "flavor", swr: "image" };

/** Formats that a type may have; a LIST must have one. */
export const FORMATS_OF_TYPE: Readonly<Record<ParameterType, readonly ParameterFormat[]>> = {
  STR: ["obs", "flavor", "train_flavor", "swr", "pacific"],
  JSON: ["flavor", "train_flavor", "pacific"],
  LIST: ["str", "int", "float", "bool"],
  INT: [],
  FLOAT: [],
  BOOL: [],
  ENUM: [],
};

/** A place that must have a value takes no placeholder that may be left empty. */
export function fitsField(parameter: Parameter, field: FieldSpec): boolean {
  const maybeEmpty = parameter.required === false && !hasDefault(parameter) && parameter.delay !== true;
  if (field.required && maybeEmpty && !field.mayBeUnset) return false;
  return fitsShape(parameter, field.shape);
}

export function fitsShape(parameter: Parameter, shape: Shape): boolean {
  if (shape.kind === "union") return shape.options.some((option) => fitsShape(parameter, option));
  if (!formatFits(parameter, shape)) return false;
  if (parameter.type === "ENUM") return (parameter.enum ?? []).length > 0 && (parameter.enum ?? []).every((choice) => choiceFits(choice, shape));
  switch (shape.kind) {
    case "any":
      return true;
    case "text":
      return parameter.type === "STR";
    case "number":
      return parameter.type === "INT" || (parameter.type === "FLOAT" && !shape.integer);
    case "switch":
      return parameter.type === "BOOL";
    case "choice":
      return shape.choices.some((choice) => typeFits(parameter.type, choice));
    case "list":
      return parameter.type === "JSON" || (parameter.type === "LIST" && elementsFit(parameter, shape.items));
    case "object":
    case "map":
    case "engine":
    case "flavor":
    case "json":
      return parameter.type === "JSON";
    case "release":
      return false;
  }
}

function formatFits(parameter: Parameter, shape: Shape): boolean {
  const mine = FAMILIES[parameter.format ?? ""];
  const theirs = shape.kind === "flavor" ? "flavor" : shape.kind === "text" ? shape.format : null;
  return mine === undefined || theirs === null || mine === theirs;
}

function elementsFit(parameter: Parameter, items: Shape): boolean {
  const type = ELEMENTS[parameter.format ?? ""];
  return type === undefined || fitsShape({ id: "", name: "", type }, items);
}

function typeFits(type: ParameterType, value: Json): boolean {
  if (typeof value === "string") return type === "STR";
  if (typeof value === "number") return type === "FLOAT" || type === "INT";
  return typeof value === "boolean" && type === "BOOL";
}

function choiceFits(choice: Json, shape: Shape): boolean {
  if (shape.kind === "any") return true;
  if (shape.kind === "choice") return shape.choices.some((allowed) => jsonEqual(allowed, choice));
  if (shape.kind === "text") return typeof choice === "string";
  if (shape.kind === "number") return typeof choice === "number" && (!shape.integer || Number.isInteger(choice));
  return shape.kind === "switch" && typeof choice === "boolean";
}

/** Type, format and choices of the placeholder that a place would become; null where none can stand. */
export function parameterOf(shape: Shape, value: Json | undefined): Pick<Parameter, "type" | "format" | "enum" | "constraint"> | null {
  switch (shape.kind) {
    case "text":
      if (shape.format === "path") return { type: "STR", format: "obs" };
      if (shape.format === "flavor") return { type: "STR", format: "flavor" };
      return shape.format === "image" ? { type: "STR", format: "swr" } : { type: "STR" };
    case "number":
      return { type: shape.integer ? "INT" : "FLOAT", ...limits(shape.minimum, shape.maximum) };
    case "switch":
      return { type: "BOOL" };
    case "choice":
      return { type: "ENUM", enum: shape.choices };
    case "list": {
      const element = elementFormat(shape.items);
      return element === null ? { type: "JSON" } : { type: "LIST", format: element };
    }
    case "flavor":
      return { type: "JSON", format: "train_flavor" };
    case "release":
      return null;
    case "object":
    case "map":
    case "engine":
    case "json":
      return { type: "JSON" };
    case "union":
      return parameterOf(shape.options.find((option) => value !== undefined && takes(option, value)) ?? (shape.options[0] as Shape), value);
    case "any":
      return parameterOfValue(value);
  }
}

function limits(minimum: number | null, maximum: number | null): { constraint?: JsonObject } {
  if (minimum === null && maximum === null) return {};
  return { constraint: { ...(minimum !== null && { minimum }), ...(maximum !== null && { maximum }) } };
}

function elementFormat(items: Shape): ParameterFormat | null {
  if (items.kind === "text") return "str";
  if (items.kind === "number") return items.integer ? "int" : "float";
  return items.kind === "switch" ? "bool" : null;
}

function parameterOfValue(value: Json | undefined): Pick<Parameter, "type" | "format"> {
  if (typeof value === "number") return { type: Number.isInteger(value) ? "INT" : "FLOAT" };
  if (typeof value === "boolean") return { type: "BOOL" };
  if (isList(value)) return listOf(value);
  return { type: isObject(value) ? "JSON" : "STR" };
}

function listOf(value: readonly Json[]): Pick<Parameter, "type" | "format"> {
  const [first] = value;
  const all = (type: string) => value.length > 0 && value.every((entry) => typeof entry === type);
  if (all("string")) return { type: "LIST", format: "str" };
  if (all("boolean")) return { type: "LIST", format: "bool" };
  if (all("number")) return { type: "LIST", format: value.every(Number.isInteger) ? "int" : "float" };
  return first === undefined ? { type: "LIST", format: "str" } : { type: "JSON" };
}

function takes(shape: Shape, value: Json): boolean {
  if (typeof value === "string") return shape.kind === "text" || shape.kind === "choice";
  if (typeof value === "number") return shape.kind === "number";
  if (typeof value === "boolean") return shape.kind === "switch";
  return isList(value) ? shape.kind === "list" : ["object", "map", "engine", "flavor", "release"].includes(shape.kind);
}

/** Whether a literal is a default that the placeholder's type accepts: a half-written one is left out. */
export function isDefaultFor(parameter: Pick<Parameter, "type" | "format" | "enum">, value: Json | undefined): value is Json {
  if (value === undefined || value === null || hasReference(value)) return false;
  switch (parameter.type) {
    case "ENUM":
      return (parameter.enum ?? []).some((choice) => jsonEqual(choice, value));
    case "INT":
      return Number.isInteger(value);
    case "FLOAT":
      return typeof value === "number";
    case "BOOL":
      return typeof value === "boolean";
    case "STR":
      return typeof value === "string" && (value !== "" || (parameter.format ?? null) === null);
    case "JSON":
      return isList(value) || (isObject(value) && (parameter.format !== "train_flavor" || Boolean(value.flavor_id)));
    case "LIST":
      return isList(value);
  }
}

function hasReference(value: Json): boolean {
  if (isList(value)) return value.some(hasReference);
  return isObject(value) && (isReserved(value) || Object.values(value).some((member) => hasReference(member as Json)));
}

/** Names that parameters, data and storages share. */
export function takenNames(document: WorkflowDocument): Set<string> {
  return new Set([...(document.parameters ?? []), ...(document.data ?? []), ...(document.storages ?? [])].map((each) => each.name));
}

export interface Place {
  readonly stepId: string;
  /** JSON Pointer from the step on. */
  readonly pointer: string;
  /** What the field is called there; the placeholder gets this name. */
  readonly name: string;
  readonly field: FieldSpec;
}

export interface Made {
  readonly command: Command;
  readonly name: string;
}

/** One click: a placeholder of the fitting type, with the value as its default, and the reference in the value's place. */
export function toPlaceholder(document: WorkflowDocument, place: Place, value: Json | undefined, id: string): Made | null {
  const { field } = place;
  // The default that holds where nothing is written is the value, too.
  const effective = value === undefined || value === null ? (field.default ?? undefined) : value;
  const form = parameterOf(field.shape, effective);
  if (form === null) return null;
  const name = freeName(nameFrom(place.name, "value"), takenNames(document));
  const given = isDefaultFor(form, effective) ? { default: effective } : {};
  const optional = !field.required && !("default" in given);
  const entry: Parameter = { id, name, ...form, ...given, ...(optional && { required: false }) };
  const set: Command = { type: "step.set", id: place.stepId, pointer: place.pointer, value: toParameter(name) };
  return { name, command: { type: "batch", label: "placeholder.make", commands: [{ type: "entry.add", list: "parameters", entry }, set] } };
}

/** Back to a value: the default where there is one. A placeholder that nothing else uses goes with it. */
export function fromPlaceholder(document: WorkflowDocument, place: Pick<Place, "stepId" | "pointer">, name: string, required = false): Command {
  const parameter = document.parameters?.find((each) => each.name === name);
  const held = parameter !== undefined && hasDefault(parameter) ? parameter.default : undefined;
  const value = held === undefined ? undefined : isReserved(held) ? { $literal: held } : held;
  const set: Command = { type: "step.set", id: place.stepId, pointer: place.pointer, ...(value !== undefined ? { value } : required ? { value: "" } : {}) };
  const uses = whereUsed(document, namesParameter(name));
  if (parameter === undefined || uses.length > 1) return set;
  return { type: "batch", label: "placeholder.unmake", commands: [set, { type: "entry.remove", list: "parameters", key: parameter.id }] };
}
