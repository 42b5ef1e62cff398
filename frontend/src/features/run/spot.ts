/** A run of a scene: its steps stand out, as they do where the scene is chosen. */

import { useMemo } from "react";
import type { Spot } from "@/canvas/Spotlight";
import type { RunContextValue } from "./context";
import { runOf } from "./queries";
import { useFollowing } from "./session";

export function useSpotOfRun(context: RunContextValue | null): Spot | null {
  const part = useFollowing(context?.session ?? null, ({ view }) => (view === null ? null : runOf(view.run).part));
  const document = context?.document ?? null;
  return useMemo(() => {
    if (part?.scene === undefined) return null;
    const scene = document?.scenes?.find((each) => each.name === part.scene);
    return { name: part.scene, steps: scene?.steps ?? part.steps, why: "run" };
  }, [part, document]);
}
