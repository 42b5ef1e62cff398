/** The run form by itself: what is asked, in which group, what is sent, and what is wrong with it. No page, no server. */

import { isDefaultFor } from "@/forms/fit";
import { gpuOnly, shapeOfData, shapeOfParameter, STORAGE_SHAPE } from "@/forms/placeholders";
import type { Shape } from "@/forms/shape";
import { hasDefault, type Data, type Parameter, type Storage, type WorkflowDocument } from "@/model/document";
import { graphOf } from "@/model/graph";
import { isObject, jsonEqual, partsOf, pointer, type Json, type JsonObject } from "@/model/json";
import type { Problem } from "@/model/problems";
import { referencesIn } from "@/model/references";

export type AskedKind = "parameter" | "data" | "storage";

export interface Asked {
  readonly kind: AskedKind;
  readonly name: string;
  readonly shape: Shape;
  readonly description: string;
  /** Absent: there is none, and leaving it empty leaves it unset. */
  readonly default?: Json;
  readonly required: boolean;
  /** Asked while the run waits; an answer given now is taken, too. */
  readonly delayed: boolean;
  readonly gpuOnly: boolean;
  /** Names of the steps that use it, in order. */
  readonly users: readonly string[];
  readonly entry: Parameter | Data | Storage;
}

export interface AskedGroup {
  /** The first step that uses what is in the group; null: no step does. */
  readonly step: string | null;
  readonly asked: readonly Asked[];
}

export type Values = Readonly<Record<string, Json>>;

/** Everything that a run can be given, in the order of the document. */
export function askedBy(document: WorkflowDocument): Asked[] {
  const users = usersByName(document);
  const of = (name: string): readonly string[] => users.get(name) ?? [];
  const parameters = (document.parameters ?? []).map((entry): Asked => ({
    kind: "parameter",
    entry,
    name: entry.name,
    shape: shapeOfParameter(entry),
    description: entry.description ?? "",
    ...(hasDefault(entry) && { default: entry.default as Json }),
    required: entry.required !== false,
    delayed: entry.delay === true,
    gpuOnly: gpuOnly(entry),
    users: of(entry.name),
  }));
  const data = (document.data ?? [])
    .filter((entry) => entry.placeholder !== false)
    .map((entry): Asked => ({
      kind: "data",
      entry,
      name: entry.name,
      shape: shapeOfData(entry),
      description: entry.description ?? "",
      ...((entry.default ?? null) !== null && { default: entry.default as Json }),
      required: entry.required !== false,
      delayed: entry.delay === true,
      gpuOnly: false,
      users: of(entry.name),
    }));
  const storages = (document.storages ?? []).map((entry): Asked => ({
    kind: "storage",
    entry,
    name: entry.name,
    shape: STORAGE_SHAPE,
    description: entry.description || entry.title || "",
    ...((entry.default ?? null) !== null && { default: entry.default as Json }),
    required: of(entry.name).length > 0,
    delayed: false,
    gpuOnly: false,
    users: of(entry.name),
  }));
  return [...parameters, ...data, ...storages];
}

/** What of it these steps use: nobody has to fill in what only others need. */
export function askedOf(asked: readonly Asked[], steps: ReadonlySet<string>): Asked[] {
  return asked.map((each) => ({ ...each, users: each.users.filter((name) => steps.has(name)) })).filter((each) => each.users.length > 0);
}

function usersByName(document: WorkflowDocument): Map<string, string[]> {
  const steps = new Map((document.steps ?? []).map((step) => [step.name, step]));
  const order = graphOf(document).order;
  const found = new Map<string, string[]>();
  for (const name of [...order, ...[...steps.keys()].filter((each) => !order.includes(each))]) {
    const step = steps.get(name);
    if (step === undefined) continue;
    for (const { reference } of referencesIn(step)) {
      if (reference.kind !== "parameter" && reference.kind !== "data" && reference.kind !== "storage") continue;
      const users = found.get(reference.name) ?? [];
      if (!users.includes(name)) found.set(reference.name, [...users, name]);
    }
  }
  return found;
}

/** By the step that needs it first. Storages stand together, at the end: they are about the whole run. */
export function groupsOf(document: WorkflowDocument, asked: readonly Asked[]): AskedGroup[] {
  const order = new Map(graphOf(document).order.map((name, index) => [name, index]));
  const byStep = new Map<string | null, Asked[]>();
  for (const each of asked) {
    if (each.kind === "storage" || each.delayed) continue;
    const step = each.users[0] ?? null;
    byStep.set(step, [...(byStep.get(step) ?? []), each]);
  }
  const rank = (step: string | null): number => (step === null ? Infinity : (order.get(step) ?? order.size));
  return [...byStep].map(([step, those]) => ({ step, asked: those })).sort((left, right) => rank(left.step) - rank(right.step));
}

/** What is sent: only what was set here. Everything else has its default, which the server knows, too. */
export function withValue(values: Values, name: string, value: Json | undefined): Values {
  const { [name]: _, ...others } = values;
  return value === undefined ? others : { ...others, [name]: value };
}

/** What holds for one that is asked: what was set, or its default; undefined where it has neither. */
export function effective(asked: Asked, values: Values): Json | undefined {
  return Object.hasOwn(values, asked.name) ? values[asked.name] : asked.default;
}

/** Names without which the run cannot begin. */
export function missing(asked: readonly Asked[], values: Values): string[] {
  return asked.filter((each) => each.required && !each.delayed && isEmpty(each, effective(each, values))).map((each) => each.name);
}

function isEmpty(asked: Asked, value: Json | undefined): boolean {
  if (value === undefined) return true;
  return asked.kind === "data" && isObject(value) && Object.keys(value).length === 0;
}

/** The values of an earlier run that can be used again: known here, of a type that fits, and not just the default. */
export function reusable(asked: readonly Asked[], last: JsonObject): Values {
  const fitting = asked.filter(({ name, ...each }) => {
    if (!Object.hasOwn(last, name)) return false;
    const value = last[name] as Json;
    if (Object.hasOwn(each, "default") && jsonEqual(value, each.default)) return false;
    return fitsAsked({ name, ...each }, value);
  });
  return Object.fromEntries(fitting.map(({ name }) => [name, last[name] as Json]));
}

function fitsAsked(asked: Asked, value: Json): boolean {
  if (asked.kind === "parameter") return isDefaultFor(asked.entry as Parameter, value) || value === "";
  return asked.kind === "storage" ? typeof value === "string" : isObject(value);
}

/** What starting was refused for, and what the plan says now: often the same, which is then said once. */
export function together(refused: readonly Problem[], planned: readonly Problem[]): Problem[] {
  const known = new Set(refused.map((each) => `${each.code} ${each.path}`));
  return [...refused, ...planned.filter((each) => !known.has(`${each.code} ${each.path}`))];
}

/** Problems of one value: `/values/<name>` and below. */
export function problemsOfValue(problems: readonly Problem[], name: string): Problem[] {
  const place = pointer("values", name);
  return problems.filter((problem) => problem.path === place || problem.path.startsWith(`${place}/`));
}

/** What is wrong, but with no value that is asked here: the workflow itself, or a name that nobody knows. */
export function otherProblems(problems: readonly Problem[], asked: readonly Asked[]): Problem[] {
  const names = new Set(asked.map((each) => each.name));
  return problems.filter((problem) => {
    const [first, name] = partsOf(problem.path);
    return first !== "values" || name === undefined || !names.has(name);
  });
}
