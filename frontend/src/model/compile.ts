/** From commands to patches: what each command means for a document. */

import type { Command, Fragment } from "./commands";
import { asJson, BRANCH_FIELDS, LIST_KEYS, type ListName, type Position, type Step, type WorkflowDocument } from "./document";
import { isList, isObject, partsOf, type Json, type JsonObject } from "./json";
import { insertion, Missing, setting, type Key, type Patch, type Place } from "./patch";
import { isReserved, producersIn, takesFrom, toParameter } from "./references";
import { inData, inlined, renamedOutput, renamedPlaceholder, renamedStep, type StepRewrite } from "./rewrite";

type Simple = Exclude<Command, { type: "batch" | "patch" }>;

export function compile(document: WorkflowDocument, command: Simple): Patch[] {
  switch (command.type) {
    case "step.add":
      return stepAdded(document, command.step, command.position, command.at);
    case "step.remove":
      return stepsRemoved(document, new Set(command.ids));
    case "step.rename":
      return stepRenamed(document, command.id, command.name);
    case "step.move":
    case "layout.apply":
      return placed(document, command.positions);
    case "layout.fold":
      return folding(document, command.id, command.folded);
    case "step.set":
      return [stepSet(document, command.id, partsOf(command.pointer), command.value)];
    case "input.add":
      return [added(document, command.id, "inputs", command.input as unknown as Json), ...dependsFor(document, command.id, command.input.data)];
    case "input.remove":
      return inputChanged(document, command.id, command.input, (at) => ({ op: "delete", path: stepPlace(command.id, "inputs"), at }));
    case "input.rename":
      return [{ op: "set", path: [...memberPlace(document, command.id, "inputs", command.input), "name"], value: command.name }];
    case "input.connect":
      return inputConnected(document, command.id, command.input, command.data);
    case "input.disconnect":
      return inputChanged(document, command.id, command.input, (at) => ({
        op: "set",
        path: stepPlace(command.id, "inputs", at, "data"),
        value: null,
      }));
    case "output.add":
      return [added(document, command.id, "outputs", command.output as unknown as Json)];
    case "output.remove":
      return [{ op: "delete", path: stepPlace(command.id, "outputs"), at: named(document, command.id, "outputs", command.output) }];
    case "output.rename":
      return outputRenamed(document, command.id, command.output, command.name);
    case "order.add":
      return orderAdded(document, command.from, command.to);
    case "order.remove":
      return orderRemoved(document, command.from, command.to);
    case "branch.add":
    case "branch.remove":
      return branchChanged(document, command);
    case "entry.add":
      keysFree(document, command.list, [command.entry as unknown as Json]);
      return [insertion(asJson(document), command.list, command.entry as unknown as Json, command.at)];
    case "entry.remove":
      return entryRemoved(document, command.list, command.key, command.inline ?? false);
    case "entry.update":
      return entryUpdated(command.list, command.key, command.changes.set ?? {}, command.changes.unset ?? []);
    case "entry.rename":
      return entryRenamed(document, command.list, command.key, command.name);
    case "entry.move":
      return [{ op: "move", path: [command.list], from: keyOf(command.list, command.key), to: command.to }];
    case "document.set":
      return [{ op: "set", path: [command.field], value: command.value }];
    case "document.replace":
      return replaced(asJson(document), asJson(command.document));
    case "paste":
      return pasted(document, command.fragment);
  }
}

function keyOf(list: ListName, is: string): Key {
  return { key: LIST_KEYS[list], is };
}

function stepPlace(id: string, ...rest: Place): Place {
  return ["steps", keyOf("steps", id), ...rest];
}

function stepNeeded(document: WorkflowDocument, id: string): Step {
  const step = document.steps?.find((each) => each.id === id);
  if (step === undefined) throw new Missing(`no step ${id}`);
  return step;
}

function stepNamed(document: WorkflowDocument, name: string): Step {
  const step = document.steps?.find((each) => each.name === name);
  if (step === undefined) throw new Missing(`no step called ${name}`);
  return step;
}

type Members = "inputs" | "outputs";

function named(document: WorkflowDocument, id: string, members: Members, name: string): number {
  const at = (stepNeeded(document, id)[members] ?? []).findIndex((each) => each.name === name);
  if (at < 0) throw new Missing(`no entry ${name} in ${members}`);
  return at;
}

function memberPlace(document: WorkflowDocument, id: string, members: Members, name: string): Place {
  return stepPlace(id, members, named(document, id, members, name));
}

function added(document: WorkflowDocument, id: string, members: Members, value: Json): Patch {
  const held = stepNeeded(document, id)[members];
  if (held === undefined) return { op: "set", path: stepPlace(id, members), value: [value] };
  return { op: "insert", path: stepPlace(id, members), at: held.length, value };
}

function stepAdded(document: WorkflowDocument, step: Step, position?: Position, at?: number): Patch[] {
  keysFree(document, "steps", [step as unknown as Json]);
  const patches = [insertion(asJson(document), "steps", step as unknown as Json, at)];
  return position === undefined ? patches : [...patches, ...placed(document, { [step.id]: position })];
}

/** Two entries under one key could not be told apart by any later command. */
function keysFree(document: WorkflowDocument, list: ListName, more: readonly Json[]): void {
  const key = LIST_KEYS[list];
  const keyOfEntry = (entry: Json) => (isObject(entry) ? entry[key] : undefined);
  const held = new Set(((document[list] ?? []) as unknown as readonly Json[]).map(keyOfEntry));
  for (const entry of more) {
    const wanted = keyOfEntry(entry);
    if (wanted !== undefined && held.has(wanted)) throw new Missing(`${list} has ${String(wanted)} already`);
    held.add(wanted);
  }
}

/** One patch for all positions: a layout of 10,000 nodes is one change, not 10,000 copies of the layout. */
function placed(document: WorkflowDocument, positions: Readonly<Record<string, Position>>): Patch[] {
  const nodes = { ...document.layout?.nodes, ...positions };
  return [setting(asJson(document), ["layout", "nodes"], nodes as unknown as Json)];
}

function folding(document: WorkflowDocument, id: string, folded: boolean): Patch[] {
  const { [id]: before = false, ...others } = document.layout?.folded ?? {};
  if (before === folded) return [];
  return [setting(asJson(document), ["layout", "folded"], folded ? { ...others, [id]: true } : others)];
}

function stepSet(document: WorkflowDocument, id: string, parts: readonly string[], value: Json | undefined): Patch {
  stepNeeded(document, id);
  const path = stepPlace(id, ...parts);
  return value === undefined ? { op: "unset", path } : setting(asJson(document), path, value);
}

/** What changes in every other step when some are gone: nothing depends on them, nothing is connected to them. What
 * other references say of them stays, and is shown as a problem. */
function stepsRemoved(document: WorkflowDocument, ids: ReadonlySet<string>): Patch[] {
  const gone = new Set([...ids].map((id) => stepNeeded(document, id).name));
  const patches: Patch[] = [...ids].map((id) => ({ op: "delete", path: ["steps"], at: keyOf("steps", id) }));
  for (const step of document.steps ?? []) {
    if (ids.has(step.id)) continue;
    const left = (names: readonly string[]) => names.filter((name) => !gone.has(name));
    if (step.depends_on?.some((name) => gone.has(name))) {
      patches.push({ op: "set", path: stepPlace(step.id, "depends_on"), value: left(step.depends_on) });
    }
    for (const [at, input] of (step.inputs ?? []).entries()) {
      if (producersIn(input.data).some((name) => gone.has(name))) {
        patches.push({ op: "set", path: stepPlace(step.id, "inputs", at, "data"), value: disconnectedFrom(input.data, gone) });
      }
    }
    patches.push(...branchesWithout(step, gone));
  }
  patches.push(...groupsChanged(document, (names) => names.filter((name) => !gone.has(name))));
  return [...patches, ...layoutWithout(document, ids)];
}

/** A selector keeps the options that are still there. */
function disconnectedFrom(data: Json, gone: ReadonlySet<string>): Json {
  if (!isObject(data) || !isList(data.$any_of)) return null;
  const left = data.$any_of.filter((option) => !producersIn(option).some((name) => gone.has(name)));
  return left.length === 0 ? null : { $any_of: left };
}

function branchesWithout(step: Step, gone: ReadonlySet<string>): Patch[] {
  return Object.values(BRANCH_FIELDS).flatMap((field): Patch[] => {
    const list = step.properties?.[field];
    if (step.kind !== "condition" || !isList(list) || !list.some((name) => gone.has(String(name)))) return [];
    const value = list.filter((name) => !gone.has(String(name)));
    return [{ op: "set", path: stepPlace(step.id, "properties", field), value }];
  });
}

function groupsChanged(document: WorkflowDocument, change: (names: readonly string[]) => readonly string[]): Patch[] {
  return (["scenes", "subgraphs"] as const).flatMap((list) =>
    (document[list] ?? []).flatMap((group): Patch[] => {
      const steps = change(group.steps ?? []);
      const same = steps.length === (group.steps?.length ?? 0) && steps.every((name, index) => name === group.steps?.[index]);
      return same ? [] : [{ op: "set", path: [list, keyOf(list, group.id), "steps"], value: steps }];
    }),
  );
}

function layoutWithout(document: WorkflowDocument, ids: ReadonlySet<string>): Patch[] {
  const nodes = document.layout?.nodes;
  if (nodes === undefined || !Object.keys(nodes).some((id) => ids.has(id))) return [];
  const left = Object.fromEntries(Object.entries(nodes).filter(([id]) => !ids.has(id)));
  return [{ op: "set", path: ["layout", "nodes"], value: left as unknown as Json }];
}

/** Steps that read differently, and only those. */
function rewritten(document: WorkflowDocument, rewrite: StepRewrite): Patch[] {
  return (document.steps ?? []).flatMap((step): Patch[] => {
    const after = rewrite(step);
    return (Object.keys(after) as (keyof Step)[])
      .filter((field) => after[field] !== step[field])
      .map((field) => ({ op: "set", path: stepPlace(step.id, field), value: after[field] as Json }));
  });
}

/** Conditions on data that read differently when a placeholder changes. */
function dataRewritten(document: WorkflowDocument, list: ListName, old: string, replacement: Json): Patch[] {
  if (list !== "parameters") return [];
  return (document.data ?? []).flatMap((data): Patch[] => {
    const after = inData(data, old, replacement);
    return after === data.conditions ? [] : [{ op: "set", path: ["data", keyOf("data", data.id), "conditions"], value: after as unknown as Json }];
  });
}

function stepRenamed(document: WorkflowDocument, id: string, name: string): Patch[] {
  const old = stepNeeded(document, id).name;
  const swap = (names: readonly string[]) => names.map((each) => (each === old ? name : each));
  return [
    ...rewritten(document, renamedStep(old, name)),
    ...groupsChanged(document, swap),
    { op: "set", path: stepPlace(id, "name"), value: name },
  ];
}

function outputRenamed(document: WorkflowDocument, id: string, output: string, name: string): Patch[] {
  const step = stepNeeded(document, id);
  const place = memberPlace(document, id, "outputs", output);
  return [...rewritten(document, renamedOutput(step.name, output, name)), { op: "set", path: [...place, "name"], value: name }];
}

function dependsFor(document: WorkflowDocument, id: string, data: Json): Patch[] {
  const step = stepNeeded(document, id);
  const known = new Set((document.steps ?? []).map((each) => each.name));
  const missing = [...new Set(producersIn(data))].filter(
    (name) => known.has(name) && name !== step.name && !step.depends_on?.includes(name),
  );
  if (missing.length === 0) return [];
  return [{ op: "set", path: stepPlace(id, "depends_on"), value: [...(step.depends_on ?? []), ...missing] }];
}

/** An edge drawn to an input fills both: the reference and depends_on. The edge it replaces goes. */
function inputConnected(document: WorkflowDocument, id: string, input: string, data: Json): Patch[] {
  const step = stepNeeded(document, id);
  const at = named(document, id, "inputs", input);
  const inputs = (step.inputs ?? []).with(at, { name: input, data });
  const patches: Patch[] = [{ op: "set", path: stepPlace(id, "inputs", at, "data"), value: data }];
  return [...patches, ...dependsAfter(document, step, { ...step, inputs }, producersIn(step.inputs?.[at]?.data ?? null))];
}

function inputChanged(document: WorkflowDocument, id: string, input: string, patch: (at: number) => Patch): Patch[] {
  const step = stepNeeded(document, id);
  const at = named(document, id, "inputs", input);
  const after = { ...step, inputs: (step.inputs ?? []).toSpliced(at, 1) };
  return [patch(at), ...dependsAfter(document, step, after, producersIn(step.inputs?.[at]?.data ?? null))];
}

/** depends_on after the inputs changed: without the steps from which nothing is taken any more, unless a condition
 * sends its branch here; with the steps from which something is taken now. */
function dependsAfter(document: WorkflowDocument, before: Step, after: Step, released: readonly string[]): Patch[] {
  const dropped = released.filter((name) => !takesFrom(after, name) && !branchesTo(document, name, before.name));
  const known = new Set((document.steps ?? []).map((step) => step.name));
  const taken = (after.inputs ?? []).flatMap((input) => producersIn(input.data));
  const kept = (before.depends_on ?? []).filter((name) => !dropped.includes(name));
  const missing = [...new Set(taken)].filter((name) => known.has(name) && name !== before.name && !kept.includes(name));
  const value = [...kept, ...missing];
  const same = value.length === (before.depends_on?.length ?? 0) && missing.length === 0;
  return same ? [] : [{ op: "set", path: stepPlace(before.id, "depends_on"), value }];
}

function branchesTo(document: WorkflowDocument, condition: string, step: string): boolean {
  const properties = document.steps?.find((each) => each.name === condition)?.properties;
  return Object.values(BRANCH_FIELDS).some((field) => {
    const list = properties?.[field];
    return isList(list) && list.includes(step);
  });
}

function orderAdded(document: WorkflowDocument, from: string, to: string): Patch[] {
  const parent = stepNeeded(document, from).name;
  const step = stepNeeded(document, to);
  if (step.depends_on?.includes(parent)) return [];
  return [{ op: "set", path: stepPlace(to, "depends_on"), value: [...(step.depends_on ?? []), parent] }];
}

function orderRemoved(document: WorkflowDocument, from: string, to: string): Patch[] {
  const parent = stepNeeded(document, from).name;
  const step = stepNeeded(document, to);
  if (!step.depends_on?.includes(parent)) return [];
  return [{ op: "set", path: stepPlace(to, "depends_on"), value: step.depends_on.filter((name) => name !== parent) }];
}

/** An edge from a condition's `then` or `else`: the list, and the dependency that goes with it. */
function branchChanged(document: WorkflowDocument, command: Extract<Command, { type: "branch.add" | "branch.remove" }>): Patch[] {
  const condition = stepNeeded(document, command.id);
  const target = stepNamed(document, command.step);
  const field = BRANCH_FIELDS[command.branch];
  const held = condition.properties?.[field];
  const list = isList(held) ? held : [];
  const others = list.filter((name) => name !== target.name);
  const root = asJson(document);
  const path = stepPlace(condition.id, "properties", field);
  if (command.type === "branch.add") {
    const other = BRANCH_FIELDS[command.branch === "then" ? "else" : "then"];
    const there = condition.properties?.[other];
    const patches: Patch[] = [setting(root, path, [...others, target.name])];
    if (isList(there) && there.includes(target.name)) {
      const value = there.filter((name) => name !== target.name);
      patches.push({ op: "set", path: stepPlace(condition.id, "properties", other), value });
    }
    return [...patches, ...orderAdded(document, condition.id, target.id)];
  }
  const patches: Patch[] = list.length === others.length ? [] : [{ op: "set", path, value: others }];
  return takesFrom(target, condition.name) ? patches : [...patches, ...orderRemoved(document, condition.id, target.id)];
}

function entryRemoved(document: WorkflowDocument, list: Exclude<ListName, "steps">, key: string, inline: boolean): Patch[] {
  const entries = (document[list] ?? []) as unknown as readonly JsonObject[];
  const entry = entries.find((each) => each[LIST_KEYS[list]] === key);
  if (entry === undefined) throw new Missing(`no entry ${key} in ${list}`);
  const patches: Patch[] = [{ op: "delete", path: [list], at: keyOf(list, key) }];
  if (inline && (list === "parameters" || list === "data")) {
    const value = list === "data" ? (entry.value ?? entry.default) : entry.default;
    if (value !== undefined) {
      // A default that looks like a reference must stay what it is: a value.
      const written = isReserved(value) ? { $literal: value } : value;
      patches.unshift(...rewritten(document, inlined(list, String(entry.name), written)), ...dataRewritten(document, list, String(entry.name), written));
    }
  }
  return patches;
}

function entryUpdated(list: Exclude<ListName, "steps">, key: string, set: JsonObject, unset: readonly string[]): Patch[] {
  const place = [list, keyOf(list, key)];
  return [
    ...Object.keys(set).map((field): Patch => ({ op: "set", path: [...place, field], value: set[field] as Json })),
    ...unset.map((field): Patch => ({ op: "unset", path: [...place, field] })),
  ];
}

function entryRenamed(document: WorkflowDocument, list: "parameters" | "data" | "storages", key: string, name: string): Patch[] {
  const entries = (document[list] ?? []) as unknown as readonly JsonObject[];
  const entry = entries.find((each) => each[LIST_KEYS[list]] === key);
  if (entry === undefined) throw new Missing(`no entry ${key} in ${list}`);
  return [
    ...rewritten(document, renamedPlaceholder(list, String(entry.name), name)),
    ...dataRewritten(document, list, String(entry.name), toParameter(name)),
    { op: "set", path: [list, keyOf(list, key), "name"], value: name },
  ];
}

function replaced(before: JsonObject, after: JsonObject): Patch[] {
  const gone = Object.keys(before).filter((field) => !Object.hasOwn(after, field));
  return [
    ...gone.map((field): Patch => ({ op: "unset", path: [field] })),
    ...Object.keys(after).map((field): Patch => ({ op: "set", path: [field], value: after[field] as Json })),
  ];
}

function pasted(document: WorkflowDocument, fragment: Fragment): Patch[] {
  const patches = (["parameters", "data", "storages", "steps"] as const).flatMap((list): Patch[] => {
    const more = fragment[list] as unknown as readonly Json[];
    if (more.length === 0) return [];
    keysFree(document, list, more);
    const held = (document[list] ?? []) as unknown as readonly Json[];
    return [{ op: "set", path: [list], value: [...held, ...more] }];
  });
  return [...patches, ...placed(document, fragment.positions)];
}
