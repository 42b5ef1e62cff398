/** What differs between two states of one document, entry by entry, for whoever has to choose between them. */

import { LIST_KEYS, type ListName, type WorkflowDocument } from "@/model/document";
import { jsonEqual } from "@/model/json";

export type Side = "mine" | "theirs" | "both";
export interface Difference {
  readonly list: ListName | "document" | "layout";
  /** As people know it. */
  readonly name: string;
  /** On which side it is alone; "both" have it, and it differs. */
  readonly side: Side;
}

type Entry = { readonly name?: string; readonly title?: string; readonly text?: string };

export function differences(mine: WorkflowDocument, theirs: WorkflowDocument): Difference[] {
  const found: Difference[] = [];
  for (const field of ["name", "description"] as const) {
    if (mine[field] !== theirs[field]) found.push({ list: "document", name: field, side: "both" });
  }
  for (const list of Object.keys(LIST_KEYS) as ListName[]) found.push(...inList(list, mine, theirs));
  if (!jsonEqual(mine.layout ?? {}, theirs.layout ?? {})) found.push({ list: "layout", name: "", side: "both" });
  return found;
}

function inList(list: ListName, mine: WorkflowDocument, theirs: WorkflowDocument): Difference[] {
  const left = byKey(list, mine);
  const right = byKey(list, theirs);
  const found: Difference[] = [];
  for (const [key, entry] of left) {
    const other = right.get(key);
    if (other === undefined) found.push({ list, name: nameOf(entry), side: "mine" });
    else if (!jsonEqual(entry, other)) found.push({ list, name: nameOf(entry), side: "both" });
  }
  for (const [key, entry] of right) if (!left.has(key)) found.push({ list, name: nameOf(entry), side: "theirs" });
  return found;
}

function byKey(list: ListName, document: WorkflowDocument): Map<string, Entry> {
  const entries = (document[list] ?? []) as readonly (Entry & Record<string, unknown>)[];
  return new Map(entries.map((entry) => [String(entry[LIST_KEYS[list]]), entry]));
}

const nameOf = (entry: Entry): string => entry.title || entry.name || entry.text?.slice(0, 40) || "";
