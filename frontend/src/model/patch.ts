/** The few primitive changes of a JSON value, each with an exact inverse. Every command comes down to these, so undo is
 * right by construction and a command stays small.
 *
 * Entries of the document's lists are named by their key (`{ key: "id", is: "s1" }`), not by place: a change made on
 * one revision still means the same on the next. */

import { isList, isObject, type Json, type JsonObject, type Part } from "./json";

export interface Key {
  readonly key: string;
  readonly is: string;
}
export type Place = readonly (Part | Key)[];

export type Patch =
  | { readonly op: "set"; readonly path: Place; readonly value: Json }
  | { readonly op: "unset"; readonly path: Place }
  | { readonly op: "insert"; readonly path: Place; readonly at: number; readonly value: Json }
  | { readonly op: "delete"; readonly path: Place; readonly at: number | Key }
  | { readonly op: "move"; readonly path: Place; readonly from: number | Key; readonly to: number };

/** What a change is about is not there (any more). */
export class Missing extends Error {
  override name = "Missing";
}

export interface Patched {
  readonly value: Json;
  /** Undoes the patches when applied in this order. */
  readonly inverse: readonly Patch[];
}

export function applyPatches(value: Json, patches: readonly Patch[]): Patched {
  const inverse: Patch[] = [];
  let current = value;
  for (const patch of patches) {
    const step = applyPatch(current, patch);
    current = step.value;
    inverse.unshift(...step.inverse);
  }
  return { value: current, inverse };
}

function applyPatch(value: Json, patch: Patch): Patched {
  const inverse: Patch[] = [];
  const changed = changeAt(value, patch.op === "set" || patch.op === "unset" ? patch.path.slice(0, -1) : patch.path, (holder) => {
    switch (patch.op) {
      case "set":
        return withMember(holder, patch, inverse);
      case "unset":
        return withoutMember(holder, patch, inverse);
      case "insert":
        return inserted(holder, patch, inverse);
      case "delete":
        return deleted(holder, patch, inverse);
      case "move":
        return moved(holder, patch, inverse);
    }
  });
  return { value: changed, inverse };
}

function changeAt(value: Json, path: Place, change: (holder: Json) => Json): Json {
  const [first, ...rest] = path;
  if (first === undefined) return change(value);
  if (isList(value)) {
    const index = indexOf(value, first);
    return value.with(index, changeAt(value[index] as Json, rest, change));
  }
  const name = String(first);
  if (!isObject(value) || !Object.hasOwn(value, name)) throw new Missing(`nothing at ${name}`);
  return { ...value, [name]: changeAt(value[name] as Json, rest, change) };
}

/** Throws Missing where no entry has the key, or the place lies outside of the list. */
export function indexOf(list: readonly Json[], at: Part | Key): number {
  const index =
    typeof at === "object" ? list.findIndex((entry) => isObject(entry) && entry[at.key] === at.is) : Number(at);
  if (!(index in list)) throw new Missing(`no entry ${typeof at === "object" ? at.is : String(at)}`);
  return index;
}

function withMember(holder: Json, patch: Extract<Patch, { op: "set" }>, inverse: Patch[]): Json {
  const last = patch.path.at(-1) as Part | Key;
  if (isList(holder)) {
    const index = indexOf(holder, last);
    inverse.push({ op: "set", path: [...patch.path.slice(0, -1), index], value: holder[index] as Json });
    return holder.with(index, patch.value);
  }
  if (!isObject(holder) || typeof last === "object") throw new Missing("a value can only be set in an object or a list");
  const old = Object.hasOwn(holder, String(last)) ? holder[String(last)] : undefined;
  const path = rekeyed(patch.path, last, patch.value);
  inverse.push(old === undefined ? { op: "unset", path } : { op: "set", path, value: old });
  return { ...holder, [String(last)]: patch.value };
}

/** The way back to an entry whose key has just been changed leads by the new key. */
function rekeyed(path: Place, last: Part, value: Json): Place {
  const entry = path.at(-2);
  if (typeof entry !== "object" || entry.key !== last || typeof value !== "string") return path;
  return path.with(-2, { key: entry.key, is: value });
}

function withoutMember(holder: Json, patch: Extract<Patch, { op: "unset" }>, inverse: Patch[]): Json {
  const name = String(patch.path.at(-1));
  if (!isObject(holder)) throw new Missing("only a member of an object can be unset");
  if (!Object.hasOwn(holder, name)) return holder;
  inverse.push({ op: "set", path: patch.path, value: holder[name] as Json });
  const rest: Record<string, Json> = { ...holder };
  delete rest[name];
  return rest;
}

function inserted(holder: Json, patch: Extract<Patch, { op: "insert" }>, inverse: Patch[]): Json {
  if (!isList(holder)) throw new Missing("there is no list to insert into");
  const at = Math.max(0, Math.min(patch.at, holder.length));
  inverse.push({ op: "delete", path: patch.path, at });
  return holder.toSpliced(at, 0, patch.value);
}

function deleted(holder: Json, patch: Extract<Patch, { op: "delete" }>, inverse: Patch[]): Json {
  if (!isList(holder)) throw new Missing("there is no list to delete from");
  const at = indexOf(holder, patch.at);
  inverse.push({ op: "insert", path: patch.path, at, value: holder[at] as Json });
  return holder.toSpliced(at, 1);
}

function moved(holder: Json, patch: Extract<Patch, { op: "move" }>, inverse: Patch[]): Json {
  if (!isList(holder)) throw new Missing("there is no list to order");
  const from = indexOf(holder, patch.from);
  const to = Math.max(0, Math.min(patch.to, holder.length - 1));
  inverse.push({ op: "move", path: patch.path, from: to, to: from });
  return holder.toSpliced(from, 1).toSpliced(to, 0, holder[from] as Json);
}

/** Set a value although objects on the way may be absent: the first absent one is set whole. */
export function setting(root: Json, path: Place, value: Json): Patch {
  let holder: Json = root;
  for (const [depth, part] of path.slice(0, -1).entries()) {
    const next: Json | undefined = isList(holder)
      ? holder[indexOf(holder, part)]
      : isObject(holder) && Object.hasOwn(holder, String(part))
        ? holder[String(part)]
        : undefined;
    if (!isList(next) && !isObject(next)) {
      return { op: "set", path: path.slice(0, depth + 1), value: nested(path.slice(depth + 1), value) };
    }
    holder = next;
  }
  return { op: "set", path, value };
}

function nested(path: Place, value: Json): Json {
  return path.reduceRight<Json>((inner, part): JsonObject => ({ [String(part)]: inner }), value);
}

/** Put an entry into a list that may be absent. */
export function insertion(root: JsonObject, list: string, value: Json, at?: number): Patch {
  const found = root[list];
  if (!isList(found)) return { op: "set", path: [list], value: [value] };
  return { op: "insert", path: [list], at: at ?? found.length, value };
}
