/** References: one-key objects that stand where a value could stand. The same reading as the server's.
 *
 * Every key that begins with `$` is ours; `{"$literal": …}` lets an object through that looks like a reference. */

import type { Output, Step, WorkflowDocument } from "./document";
import { isList, isObject, type Json, type JsonObject, type Part } from "./json";

export type Reference =
  | { readonly kind: "parameter"; readonly name: string }
  | { readonly kind: "data"; readonly name: string }
  | { readonly kind: "output"; readonly step: string; readonly output: string }
  | { readonly kind: "metric"; readonly step: string; readonly output: string; readonly key: string }
  | {
      readonly kind: "storage";
      readonly name: string;
      readonly path: string;
      readonly with_execution_id: boolean | null;
      readonly create_dir: boolean | null;
    }
  | { readonly kind: "system"; readonly name: string }
  | { readonly kind: "any_of"; readonly options: readonly { readonly step: string; readonly output: string }[] };

/** An object in the reserved namespace that is no reference. `place` is below the object. */
export interface Malformed {
  readonly kind: "malformed";
  readonly key: string;
  readonly place: readonly Part[];
}

export interface Found {
  readonly path: readonly Part[];
  readonly reference: Reference | Malformed;
}

const LITERAL = "$literal";

export const toParameter = (name: string): JsonObject => ({ $parameter: name });
export const toData = (name: string): JsonObject => ({ $data: name });
export const toOutput = (step: string, output: string): JsonObject => ({ $output: { step, output } });

export function isReserved(value: unknown): value is JsonObject {
  return isObject(value) && Object.keys(value).some((key) => key.startsWith("$"));
}

export function isLiteral(value: unknown): value is JsonObject {
  return isObject(value) && Object.keys(value).length === 1 && Object.hasOwn(value, LITERAL);
}

/** The reference that a value is; null for any other value, also for an escaped literal. */
export function asReference(value: unknown): Reference | Malformed | null {
  if (!isReserved(value) || isLiteral(value)) return null;
  const keys = Object.keys(value);
  const key = keys.find((each) => each.startsWith("$")) ?? "";
  const read = READERS[key];
  if (keys.length !== 1 || read === undefined) return malformed(key);
  return read(value[key] as Json);
}

/** Every reference at or under a value, with its path from there, in document order. Literals are not entered. */
export function* referencesWithin(value: Json, path: readonly Part[] = []): Generator<Found> {
  if (isList(value)) {
    for (const [index, entry] of value.entries()) yield* referencesWithin(entry, [...path, index]);
  } else if (isObject(value) && !isLiteral(value)) {
    const reference = asReference(value);
    if (reference !== null) yield { path, reference };
    else for (const key of Object.keys(value)) yield* referencesWithin(value[key] as Json, [...path, key]);
  }
}

/** The places of a step in which references can stand. */
const PLACES = ["inputs", "outputs", "properties", "policy"] as const;

/** Every reference of a step, with its path from the step; a selector counts as one. */
export function* referencesIn(step: Step): Generator<Found> {
  for (const place of PLACES) {
    const part = step[place];
    if (part !== undefined) yield* referencesWithin(part as unknown as Json, [place]);
  }
}

export interface Use {
  readonly stepId: string;
  readonly stepName: string;
  readonly path: readonly Part[];
}

/** Where something is used: every reference to it, by step. */
export function whereUsed(document: WorkflowDocument, wanted: (reference: Reference) => boolean): Use[] {
  const uses: Use[] = [];
  for (const step of document.steps ?? []) {
    for (const { path, reference } of referencesIn(step)) {
      if (reference.kind !== "malformed" && wanted(reference)) uses.push({ stepId: step.id, stepName: step.name, path });
    }
  }
  return uses;
}

export const namesParameter = (name: string) => (reference: Reference) => reference.kind === "parameter" && reference.name === name;
export const namesData = (name: string) => (reference: Reference) => reference.kind === "data" && reference.name === name;
export const namesStorage = (name: string) => (reference: Reference) => reference.kind === "storage" && reference.name === name;
export const namesStep = (name: string) => (reference: Reference) =>
  reference.kind === "any_of"
    ? reference.options.some((option) => option.step === name)
    : (reference.kind === "output" || reference.kind === "metric") && reference.step === name;

/** A value with every reference object replaced by what `change` makes of it; the same object when nothing changed. */
export function mapReferences(value: Json, change: (written: JsonObject, reference: Reference) => Json): Json {
  if (isList(value)) {
    const entries = value.map((entry) => mapReferences(entry, change));
    return entries.every((entry, index) => entry === value[index]) ? value : entries;
  }
  if (!isObject(value) || isLiteral(value)) return value;
  const reference = asReference(value);
  if (reference !== null) {
    if (reference.kind === "malformed") return value;
    if (reference.kind === "any_of") return anyOfMapped(value, change);
    return change(value, reference);
  }
  const members = Object.keys(value).map((key) => [key, mapReferences(value[key] as Json, change)] as const);
  return members.every(([key, member]) => member === value[key]) ? value : Object.fromEntries(members);
}

function anyOfMapped(written: JsonObject, change: (written: JsonObject, reference: Reference) => Json): Json {
  const options = written.$any_of as readonly Json[];
  const mapped = options.map((option) => mapReferences(option, change));
  return mapped.every((option, index) => option === options[index]) ? written : { $any_of: mapped };
}

/** The same member of the reserved object, with some of its fields changed. */
export function withBody(written: JsonObject, key: string, changes: JsonObject): JsonObject {
  return { [key]: { ...(written[key] as JsonObject), ...changes } };
}

/** The steps from which a value takes outputs: what makes it a data edge. Metrics in conditions are none. */
export function producersIn(value: Json): string[] {
  const names: string[] = [];
  for (const { reference } of referencesWithin(value)) {
    if (reference.kind === "output") names.push(reference.step);
    if (reference.kind === "any_of") names.push(...reference.options.map((option) => option.step));
  }
  return names;
}

/** Whether a step takes anything from another one: outputs by its inputs, metrics by its conditions. */
export function takesFrom(step: Step, producer: string): boolean {
  for (const { reference } of referencesIn(step)) {
    if (reference.kind !== "malformed" && namesStep(producer)(reference)) return true;
  }
  return false;
}

export function outputByName(step: Step | undefined, name: string): Output | undefined {
  return step?.outputs?.find((output) => output.name === name);
}

function malformed(key: string, place: readonly Part[] = []): Malformed {
  return { kind: "malformed", key, place };
}

function texts(body: Json, keys: readonly string[]): string[] | null {
  if (!isObject(body) || Object.keys(body).length !== keys.length) return null;
  const found = keys.map((key) => (Object.hasOwn(body, key) ? body[key] : undefined));
  return found.every((text) => typeof text === "string") ? found : null;
}

const READERS: Readonly<Record<string, ((body: Json) => Reference | Malformed) | undefined>> = {
  $parameter: (body) => (typeof body === "string" ? { kind: "parameter", name: body } : malformed("$parameter")),
  $data: (body) => (typeof body === "string" ? { kind: "data", name: body } : malformed("$data")),
  $output: (body) => {
    const [step, output] = texts(body, ["step", "output"]) ?? [];
    return step === undefined || output === undefined ? malformed("$output") : { kind: "output", step, output };
  },
  $metric: (body) => {
    const [step, output, key] = texts(body, ["step", "output", "key"]) ?? [];
    if (step === undefined || output === undefined || key === undefined) return malformed("$metric");
    return { kind: "metric", step, output, key };
  },
  $system: (body) => (typeof body === "string" ? { kind: "system", name: body } : malformed("$system")),
  $storage: readStorage,
  $any_of: (body) => {
    if (!isList(body) || body.length === 0) return malformed("$any_of");
    const options: { step: string; output: string }[] = [];
    for (const [index, entry] of body.entries()) {
      const option = asReference(entry);
      if (option?.kind !== "output") return malformed("$any_of", ["$any_of", index]);
      options.push({ step: option.step, output: option.output });
    }
    return { kind: "any_of", options };
  },
};

function readStorage(body: Json): Reference | Malformed {
  const known = ["name", "path", "with_execution_id", "create_dir"];
  if (!isObject(body) || !Object.keys(body).every((key) => known.includes(key))) return malformed("$storage");
  const { name, path = "", with_execution_id = null, create_dir = null } = body;
  const flagsFit = [with_execution_id, create_dir].every((flag) => flag === null || typeof flag === "boolean");
  if (typeof name !== "string" || typeof path !== "string" || !flagsFit) return malformed("$storage");
  return {
    kind: "storage",
    name,
    path,
    with_execution_id: with_execution_id as boolean | null,
    create_dir: create_dir as boolean | null,
  };
}
