/** Values by key outside of React: whoever shows one key renders again for that key alone. */

import { useCallback, useSyncExternalStore } from "react";

export interface Keyed<Value> {
  get(key: string): Value | undefined;
  subscribe(key: string, listener: () => void): () => void;
  /** Any key. */
  watch(listener: () => void): () => void;
}

export interface WritableKeyed<Value> extends Keyed<Value> {
  set(key: string, value: Value | undefined): void;
  /** All at once; keys that are not named lose theirs. */
  replace(all: ReadonlyMap<string, Value>): void;
}

export function keyed<Value>(): WritableKeyed<Value> {
  const held = new Map<string, Value>();
  const listeners = new Map<string, Set<() => void>>();
  const watching = new Set<() => void>();
  const set = (key: string, value: Value | undefined): void => {
    if (held.get(key) === value) return;
    if (value === undefined) held.delete(key);
    else held.set(key, value);
    for (const listener of listeners.get(key) ?? []) listener();
    for (const listener of watching) listener();
  };
  return {
    get: (key) => held.get(key),
    set,
    replace(all) {
      for (const key of [...held.keys()]) if (!all.has(key)) set(key, undefined);
      for (const [key, value] of all) set(key, value);
    },
    watch(listener) {
      watching.add(listener);
      return () => {
        watching.delete(listener);
      };
    },
    subscribe(key, listener) {
      const those = listeners.get(key) ?? new Set();
      listeners.set(key, those.add(listener));
      return () => {
        those.delete(listener);
        if (those.size === 0) listeners.delete(key);
      };
    },
  };
}

const NOTHING = (): void => undefined;

export function useKeyed<Value>(store: Keyed<Value> | null, key: string): Value | undefined {
  const subscribe = useCallback((listener: () => void) => store?.subscribe(key, listener) ?? NOTHING, [store, key]);
  return useSyncExternalStore(subscribe, () => store?.get(key));
}
