/** A file that was chosen from the menu of the page, on its way to the canvas, which may have to be shown first. */

import { useEffect, useEffectEvent } from "react";

let pending: File | null = null;
const listeners = new Set<() => void>();

/** Opens the browser's own dialog; nothing happens where it is cancelled. */
export function chooseFile(types: readonly string[], chosen: () => void): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = types.join(",");
  input.dataset.testid = "import-file";
  input.hidden = true;
  const done = (): void => {
    input.remove();
  };
  input.addEventListener("cancel", done);
  input.addEventListener("change", () => {
    done();
    pending = input.files?.[0] ?? null;
    if (pending === null) return;
    chosen();
    for (const listener of listeners) listener();
  });
  document.body.append(input);
  input.click();
}

export function useChosenFile(take: (file: File) => void): void {
  const latest = useEffectEvent(take);
  useEffect(() => {
    const listen = (): void => {
      const file = pending;
      pending = null;
      if (file !== null) latest(file);
    };
    listeners.add(listen);
    listen();
    return () => {
      listeners.delete(listen);
    };
  }, []);
}
