/** Whether the server still knows this person. What was typed must not be lost when it does not. */
import { useSyncExternalStore } from "react";

let signedOut = false;
const listeners = new Set<() => void>();

export function tellSignedOut(): void {
  signedOut = true;
  for (const listener of listeners) listener();
}

export function useSignedOut(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    () => signedOut,
  );
}
