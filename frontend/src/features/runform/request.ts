/** A wish to run, from anywhere on the page, to the one who can show the form. */

import { useSyncExternalStore } from "react";
import type { RunPart } from "./queries";

export interface RunRequest {
  /** null: the whole workflow. */
  readonly part: RunPart | null;
}

let request: RunRequest | null = null;
let hosts = 0;
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export function requestRun(part: RunPart | null = null): void {
  if (hosts === 0) return;
  request = { part };
  tell();
}

export function endRunRequest(): void {
  request = null;
  tell();
}

/** While the button is shown; a wish that nobody can follow is none. */
export function hostRuns(): () => void {
  hosts += 1;
  tell();
  return () => {
    hosts -= 1;
    if (hosts === 0) request = null;
    tell();
  };
}

export const useRunRequest = (): RunRequest | null => useSyncExternalStore(subscribe, () => request);
export const useMayRun = (): boolean => useSyncExternalStore(subscribe, () => hosts > 0);
