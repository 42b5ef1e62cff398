/** The report of what was brought in, kept while its notes are followed: by workflow, for this visit. */

import { useSyncExternalStore } from "react";
import type { Incoming } from "./file";

const held = new Map<string, Incoming>();
const listeners = new Set<() => void>();

export function keepReport(workflowId: string, incoming: Incoming | null): void {
  if (incoming === null) held.delete(workflowId);
  else held.set(workflowId, incoming);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export const useReport = (workflowId: string): Incoming | null => useSyncExternalStore(subscribe, () => held.get(workflowId) ?? null);
