/** Copy and paste of steps, as text that also travels between workflows and windows. */

import type { Fragment } from "./commands";
import { freeName, positionOf, type Data, type Parameter, type Position, type Step, type Storage, type WorkflowDocument } from "./document";
import { isList, isObject, type Json } from "./json";
import { mapReferences, producersIn, referencesIn, withBody } from "./references";

const MARK = "pipeloom/steps";
const VERSION = 1;

/** The chosen steps with the placeholders, data and storages that they name. */
export function copied(document: WorkflowDocument, ids: readonly string[]): Fragment {
  const chosen = new Set(ids);
  const steps = (document.steps ?? []).filter((step) => chosen.has(step.id));
  const named = { parameter: new Set<string>(), data: new Set<string>(), storage: new Set<string>() };
  for (const step of steps) {
    for (const { reference } of referencesIn(step)) {
      if (reference.kind === "parameter" || reference.kind === "data" || reference.kind === "storage") named[reference.kind].add(reference.name);
    }
  }
  const positions = Object.fromEntries(
    steps.flatMap((step) => {
      const position = positionOf(document, step.id);
      return position === undefined ? [] : [[step.id, position] as const];
    }),
  );
  return {
    steps,
    positions,
    parameters: (document.parameters ?? []).filter((each) => named.parameter.has(each.name)),
    data: (document.data ?? []).filter((each) => named.data.has(each.name)),
    storages: (document.storages ?? []).filter((each) => named.storage.has(each.name)),
  };
}

export function asText(fragment: Fragment): string {
  return JSON.stringify({ [MARK]: VERSION, ...fragment });
}

/** null for text that is no copy of ours. */
export function fromText(text: string): Fragment | null {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(raw) || raw[MARK] !== VERSION || !isList(raw.steps)) return null;
  const listOf = (name: string): readonly Json[] => {
    const list = raw[name];
    return isList(list) ? list.filter((entry) => isObject(entry) && typeof entry.name === "string") : [];
  };
  const steps = listOf("steps").filter((step) => isObject(step) && typeof step.id === "string" && typeof step.kind === "string");
  return {
    steps: steps as unknown as Step[],
    positions: (isObject(raw.positions) ? raw.positions : {}) as unknown as Record<string, Position>,
    parameters: listOf("parameters") as unknown as Parameter[],
    data: listOf("data") as unknown as Data[],
    storages: listOf("storages") as unknown as Storage[],
  };
}

export interface PasteOptions {
  /** Where the top left corner of the pasted steps goes. */
  readonly at: Position;
  readonly newId: () => string;
  /** Keep wires that come in from steps outside of the copy. */
  readonly keepIncoming?: boolean;
}

/** The copy under names and ids that are free here. Placeholders that are here already, by name, are shared. */
export function planPaste(document: WorkflowDocument, fragment: Fragment, { at, newId, keepIncoming = false }: PasteOptions): Fragment {
  const taken = new Set((document.steps ?? []).map((step) => step.name));
  const names = new Map<string, string>();
  for (const step of fragment.steps) {
    const name = freeName(step.name, taken);
    taken.add(name);
    names.set(step.name, name);
  }
  const here = new Set((document.steps ?? []).map((step) => step.name));
  const corner = cornerOf(fragment);
  const positions: Record<string, Position> = {};
  const steps = fragment.steps.map((step) => {
    const id = newId();
    const old = fragment.positions[step.id];
    if (old !== undefined) positions[id] = { x: old.x - corner.x + at.x, y: old.y - corner.y + at.y };
    return renamed({ ...step, id }, names, keepIncoming ? here : new Set());
  });
  return { steps, positions, ...placeholdersMissing(document, fragment, newId) };
}

function placeholdersMissing(document: WorkflowDocument, fragment: Fragment, newId: () => string): Pick<Fragment, "parameters" | "data" | "storages"> {
  const lacks = (list: readonly { readonly name: string }[] | undefined) => {
    const known = new Set((list ?? []).map((each) => each.name));
    return (entry: { readonly name: string }) => !known.has(entry.name);
  };
  return {
    parameters: fragment.parameters.filter(lacks(document.parameters)).map((each) => ({ ...each, id: newId() })),
    data: fragment.data.filter(lacks(document.data)).map((each) => ({ ...each, id: newId() })),
    storages: fragment.storages.filter(lacks(document.storages)),
  };
}

function cornerOf(fragment: Fragment): Position {
  const placed = Object.values(fragment.positions);
  if (placed.length === 0) return { x: 0, y: 0 };
  return { x: Math.min(...placed.map((each) => each.x)), y: Math.min(...placed.map((each) => each.y)) };
}

/** References inside of the copy follow the new names; those to steps outside stay only where wanted and known. */
function renamed(step: Step, names: ReadonlyMap<string, string>, outside: ReadonlySet<string>): Step {
  const follow = (value: Json): Json =>
    mapReferences(value, (written, reference) => {
      if (reference.kind !== "output" && reference.kind !== "metric") return written;
      const name = names.get(reference.step);
      return name === undefined ? written : withBody(written, `$${reference.kind}`, { step: name });
    });
  const loose = (data: Json): boolean => producersIn(data).some((name) => !names.has(name) && !outside.has(name));
  const after: { -readonly [Field in keyof Step]: Step[Field] } = { ...step, name: names.get(step.name) ?? step.name };
  if (step.inputs !== undefined) after.inputs = step.inputs.map((input) => ({ ...input, data: loose(input.data) ? null : follow(input.data) }));
  for (const field of ["outputs", "properties", "policy"] as const) {
    if (step[field] !== undefined) Object.assign(after, { [field]: follow(step[field] as unknown as Json) });
  }
  if (step.depends_on !== undefined) {
    after.depends_on = step.depends_on.flatMap((name) => names.get(name) ?? (outside.has(name) ? name : []));
  }
  return step.kind === "condition" ? withBranches(after, names) : after;
}

function withBranches(step: Step, names: ReadonlyMap<string, string>): Step {
  const properties = { ...step.properties };
  for (const field of ["if_then_steps", "else_then_steps"]) {
    const list = properties[field];
    if (isList(list)) properties[field] = list.flatMap((name) => names.get(String(name)) ?? []);
  }
  return { ...step, properties };
}
