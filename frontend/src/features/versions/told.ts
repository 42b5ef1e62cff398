/** Changes as people read them: by what they are about, each in a line. Pure. */

import type { ListName } from "@/model/document";
import { LIST_KEYS } from "@/model/document";
import { partsOf, type Json } from "@/model/json";
import { shortText } from "@/canvas/facts";
import type { Change } from "./queries";

export interface About {
  readonly list: ListName | "document";
  readonly id: string;
  readonly name: string;
  /** Whether the whole of it came or went. */
  readonly whole: "added" | "removed" | null;
  readonly changes: readonly Change[];
}

const ORDER: readonly About["list"][] = ["document", "steps", "parameters", "data", "storages", "scenes", "subgraphs", "notes"];

/** One group for each thing that changed; what came and what went first within its list. */
export function grouped(changes: readonly Change[]): About[] {
  const found = new Map<string, About & { changes: Change[] }>();
  for (const change of changes) {
    const list = Object.hasOwn(LIST_KEYS, change.list) ? (change.list as ListName) : "document";
    const key = `${list} ${change.id}`;
    const whole = change.path === "" && (change.what === "added" || change.what === "removed") ? change.what : null;
    const held = found.get(key);
    if (held === undefined) found.set(key, { list, id: change.id, name: change.name, whole, changes: whole === null ? [change] : [] });
    else if (whole === null) held.changes.push(change);
  }
  const rank = (about: About): number => ORDER.indexOf(about.list) * 3 + (about.whole === "added" ? 0 : about.whole === "removed" ? 1 : 2);
  return [...found.values()].sort((left, right) => rank(left) - rank(right));
}

/** What a place is called, without its numbers: /properties/algorithm/parameters/0/value → algorithm › parameters › 1 › value. */
export function placeText(path: string, word: (part: string) => string = (part) => part): string {
  const parts = partsOf(path);
  const shown = parts[0] === "properties" && parts.length > 1 ? parts.slice(1) : parts;
  return shown.map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : word(part))).join(" › ");
}

const LONGEST = 160;

/** A side of a change; null where there was nothing. */
export function sideText(value: Json): string | null {
  if (value === null) return null;
  const text = typeof value === "string" ? (value === "" ? '""' : value) : shortText(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

export interface Counts {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

/** Of things, not of lines. */
export function countsOf(groups: readonly About[]): Counts {
  const of = (whole: About["whole"]): number => groups.filter((each) => each.whole === whole).length;
  return { added: of("added"), removed: of("removed"), changed: of(null) };
}
