/** Putting two sides together after somebody chose, conflict by conflict. What conflicts is told by the server, whose merged
 * document has what `mine` says; here the chosen places of the other side are laid over it. Pure. */

import { asJson, LIST_KEYS, type ListName, type WorkflowDocument } from "./document";
import { execute, type Command } from "./commands";
import { isList, isObject, partsOf, valueAt, type Json } from "./json";
import { applyPatches, setting, type Patch, type Place } from "./patch";

export type MergeSide = "mine" | "theirs";

export interface Conflict {
  /** List, id and place inside of the entry; or a place in the document. */
  readonly path: string;
  readonly base: Json;
  readonly mine: Json;
  readonly theirs: Json;
}

export interface ConflictPlace {
  readonly list: ListName | null;
  readonly key: string;
  readonly rest: readonly string[];
}

export function conflictPlace(path: string): ConflictPlace {
  const [first = "", key, ...rest] = partsOf(path);
  if (key === undefined || !Object.hasOwn(LIST_KEYS, first)) return { list: null, key: "", rest: partsOf(path) };
  return { list: first as ListName, key, rest };
}

export interface Sides {
  readonly merged: WorkflowDocument;
  readonly mine: WorkflowDocument;
  readonly theirs: WorkflowDocument;
}

/** The merged document with the choices in it; without a choice it is as `mine` has it. */
export function resolved({ merged, mine, theirs }: Sides, conflicts: readonly Conflict[], choices: Readonly<Record<string, MergeSide | undefined>>): WorkflowDocument {
  let document = merged;
  // Whole entries first: a place inside of one that goes needs nothing.
  const ordered = conflicts.toSorted((left, right) => partsOf(left.path).length - partsOf(right.path).length);
  for (const conflict of ordered) {
    const side = choices[conflict.path] ?? "mine";
    document = laidOver(document, conflict, side, side === "mine" ? mine : theirs);
  }
  return document;
}

const RENAMED: ReadonlySet<ListName> = new Set(["parameters", "data", "steps"]);

function laidOver(document: WorkflowDocument, conflict: Conflict, side: MergeSide, from: WorkflowDocument): WorkflowDocument {
  const { list, key, rest } = conflictPlace(conflict.path);
  if (list === null) return patched(document, changed(asJson(document), rest, valueAt(asJson(from), rest)));
  const entry = entryOf(document, list, key);
  const wanted = entryOf(from, list, key);
  if (rest.length === 0) return whole(document, list, key, wanted);
  if (entry === undefined || wanted === undefined) return document;
  if (rest.length === 1 && rest[0] === "name" && RENAMED.has(list)) {
    const name = side === "mine" ? conflict.mine : conflict.theirs;
    return typeof name === "string" && entry.name !== name ? execute(document, renaming(list, key, name)).document : document;
  }
  const place: Place = [list, { key: LIST_KEYS[list], is: key }, ...rest];
  const value = valueAt(wanted as Json, rest);
  return patched(document, value === undefined ? removal(place, entry as Json, rest) : [setting(asJson(document), place, value)]);
}

/** One side has no such entry: it goes, or comes back as the other side has it. */
function whole(document: WorkflowDocument, list: ListName, key: string, wanted: Entry | undefined): WorkflowDocument {
  const entries = (document[list] ?? []) as unknown as readonly Json[];
  const at = entries.findIndex((each) => isObject(each) && each[LIST_KEYS[list]] === key);
  const patches: Patch[] = [];
  if (wanted === undefined && at >= 0) patches.push({ op: "delete", path: [list], at });
  if (wanted !== undefined) patches.push(at >= 0 ? { op: "set", path: [list, at], value: wanted as Json } : { op: "insert", path: [list], at: entries.length, value: wanted as Json });
  if (wanted === undefined && list === "steps" && document.layout?.nodes?.[key] !== undefined) patches.push({ op: "unset", path: ["layout", "nodes", key] });
  return patched(document, patches);
}

type Entry = Readonly<Record<string, unknown>>;

function entryOf(document: WorkflowDocument, list: ListName, key: string): Entry | undefined {
  const entries = (document[list] ?? []) as unknown as readonly Entry[];
  return entries.find((each) => each[LIST_KEYS[list]] === key);
}

function renaming(list: ListName, key: string, name: string): Command {
  return list === "steps" ? { type: "step.rename", id: key, name } : { type: "entry.rename", list: list as "parameters" | "data", key, name };
}

function changed(root: Json, rest: readonly string[], value: Json | undefined): Patch[] {
  if (value !== undefined) return [setting(root, rest, value)];
  return isHeld(root, rest) ? [{ op: "unset", path: rest }] : [];
}

function removal(place: Place, entry: Json, rest: readonly string[]): Patch[] {
  return isHeld(entry, rest) ? [{ op: "unset", path: place }] : [];
}

/** Only members can be absent; a list that is shorter is another list, and conflicts as a whole. */
function isHeld(root: Json, rest: readonly string[]): boolean {
  const holder = valueAt(root, rest.slice(0, -1));
  return !isList(holder) && valueAt(root, rest) !== undefined;
}

function patched(document: WorkflowDocument, patches: readonly Patch[]): WorkflowDocument {
  return patches.length === 0 ? document : (applyPatches(asJson(document), patches).value as unknown as WorkflowDocument);
}
