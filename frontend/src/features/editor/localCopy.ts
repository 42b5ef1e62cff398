/** Edits that the server has not got yet, kept in this browser: a reload or a crash loses nothing. One copy a tab, so
 * that two tabs do not write over one another; a tab that is gone leaves its copy to the next that opens the workflow. */

import type { StoreApi } from "zustand/vanilla";
import type { WorkflowDocument } from "@/model/document";
import { isObject, jsonEqual } from "@/model/json";
import type { EditorState, ServerDraft } from "./state";

export interface Unsent {
  readonly document: WorkflowDocument;
  /** The revision that was edited. */
  readonly revision: number;
  readonly at: number;
  /** What the server had at that revision; absent where there was no room to keep it. */
  readonly base?: WorkflowDocument;
}

export type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const PREFIX = "pipeloom.unsent.";
const WRITE_MS = 200;
const keyOf = (workflow: string, tab: string): string => `${PREFIX}${workflow}.${tab}`;

export function read(shelf: Shelf, workflow: string, tab: string): Unsent | null {
  const own = parsed(shelf.getItem(keyOf(workflow, tab)));
  if (own !== null) return own;
  const others: Unsent[] = [];
  for (let index = 0; index < shelf.length; index += 1) {
    const key = shelf.key(index);
    if (key?.startsWith(`${PREFIX}${workflow}.`)) others.push(...[parsed(shelf.getItem(key))].filter((each) => each !== null));
  }
  return others.sort((left, right) => right.at - left.at)[0] ?? null;
}

/** Forgets every copy of the workflow: the server has all, or the person decided. */
export function forget(shelf: Shelf, workflow: string): void {
  const keys = Array.from({ length: shelf.length }, (_, index) => shelf.key(index)).filter((key) => key?.startsWith(`${PREFIX}${workflow}.`));
  for (const key of keys) if (key !== null && key !== undefined) shelf.removeItem(key);
}

function parsed(text: string | null): Unsent | null {
  if (text === null) return null;
  try {
    const raw: unknown = JSON.parse(text);
    if (!isObject(raw) || !isObject(raw.document) || typeof raw.revision !== "number" || typeof raw.at !== "number") return null;
    const base = isObject(raw.base) ? { base: raw.base as unknown as WorkflowDocument } : {};
    return { document: raw.document as unknown as WorkflowDocument, revision: raw.revision, at: raw.at, ...base };
  } catch {
    return null;
  }
}

export interface Opening {
  readonly draft: ServerDraft;
  readonly unsent: WorkflowDocument | null;
  /** Both sides changed while this browser was away. */
  readonly conflict: boolean;
  /** What both sides were made from. */
  readonly base: WorkflowDocument | null;
}

/** What the editor begins with: the server's draft, and what this browser has beyond it. */
export function opening(draft: ServerDraft, copy: Unsent | null): Opening {
  if (copy === null || jsonEqual(copy.document, draft.document)) return { draft, unsent: null, conflict: false, base: null };
  return { draft, unsent: copy.document, conflict: copy.revision !== draft.revision, base: copy.base ?? null };
}

export interface Keeper {
  /** Writes at once: the page is being left. */
  write(): void;
  stop(): void;
}

export function startKeeper(store: StoreApi<EditorState>, shelf: Shelf, workflow: string, tab: string, now: () => number = () => Date.now()): Keeper {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const key = keyOf(workflow, tab);
  const write = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const { document, acknowledged, revision, readOnly } = store.getState();
    if (readOnly) return;
    if (document === acknowledged) {
      shelf.removeItem(key);
      return;
    }
    const copy: Unsent = { document, revision, at: now() };
    // Without room for both, the edits matter more than what they were made from; without room for them, the page still
    // asks before it is left, and saving goes on.
    if (!kept(shelf, key, { ...copy, base: acknowledged })) kept(shelf, key, copy);
  };
  const unsubscribe = store.subscribe((state, before) => {
    if (state.document === before.document && state.acknowledged === before.acknowledged) return;
    if (state.document === state.acknowledged) write();
    else timer ??= setTimeout(write, WRITE_MS);
  });
  return {
    write,
    stop() {
      unsubscribe();
      write();
    },
  };
}

function kept(shelf: Shelf, key: string, copy: Unsent): boolean {
  try {
    shelf.setItem(key, JSON.stringify(copy));
    return true;
  } catch {
    return false;
  }
}

/** This tab, over reloads. */
export function tabId(session: Pick<Storage, "getItem" | "setItem">, newId: () => string): string {
  const held = session.getItem("pipeloom.tab");
  if (held !== null) return held;
  const made = newId();
  session.setItem("pipeloom.tab", made);
  return made;
}
