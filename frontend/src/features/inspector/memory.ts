/** Which tab is shown: remembered from step to step, and from visit to visit. Others may ask for one. */

import { useSyncExternalStore } from "react";

export const TABS = ["settings", "output", "logs", "code"] as const;
export type InspectorTab = (typeof TABS)[number];

const KEY = "pipeloom.inspector.tab";
const listeners = new Set<() => void>();

export function inspectorTab(): InspectorTab {
  const stored = localStorage.getItem(KEY);
  return TABS.find((tab) => tab === stored) ?? "settings";
}

export function showInspectorTab(tab: InspectorTab): void {
  localStorage.setItem(KEY, tab);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export const useInspectorTab = (): InspectorTab => useSyncExternalStore(subscribe, inspectorTab);
