/** Which subgraphs are folded: how somebody looks at a workflow, not what it is. It stays in the browser, and holds for the
 * canvas of a run as well. */

import { useSyncExternalStore } from "react";

const KEY = "pipeloom.folded";
/** Of workflows that were looked at long ago nobody needs to know. */
const MOST = 500;
const NONE: ReadonlySet<string> = new Set();
let folded = NONE;
let known = false;
const listeners = new Set<() => void>();

function read(): ReadonlySet<string> {
  try {
    const raw: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return new Set(Array.isArray(raw) ? raw.filter((each) => typeof each === "string") : []);
  } catch {
    return NONE;
  }
}

export const foldedNow = (): ReadonlySet<string> => current();

export function isFolded(id: string): boolean {
  return current().has(id);
}

function current(): ReadonlySet<string> {
  if (!known) {
    folded = read();
    known = true;
  }
  return folded;
}

export function fold(id: string, closed: boolean): void {
  if (isFolded(id) === closed) return;
  folded = new Set(closed ? [...current(), id].slice(-MOST) : [...current()].filter((each) => each !== id));
  try {
    localStorage.setItem(KEY, JSON.stringify([...folded]));
  } catch {
    // No room: it holds until the page is left.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export const useFolded = (): ReadonlySet<string> => useSyncExternalStore(subscribe, current);
