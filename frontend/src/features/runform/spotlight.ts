/** Which scene somebody has before them: in the list of scenes, or chosen in the run form. The canvas shows its steps. */

import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { Spot } from "@/canvas/Spotlight";
import type { Group } from "@/model/document";

type Where = "scene" | "form";
const shown: Record<Where, Spot | null> = { scene: null, form: null };
const listeners = new Set<() => void>();

function put(where: Where, spot: Spot | null): void {
  shown[where] = spot;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** For as long as the component is there. */
export function useSpotlight(where: Where, scene: Group | null): void {
  const spot = useMemo<Spot | null>(() => (scene === null ? null : { name: scene.name, steps: scene.steps ?? [], why: where }), [where, scene]);
  useEffect(() => {
    put(where, spot);
    return () => {
      put(where, null);
    };
  }, [where, spot]);
}

export const useSpot = (where: Where): Spot | null => useSyncExternalStore(subscribe, () => shown[where]);
