/** What nodes and wires read beside their own data. The value never changes while a canvas is mounted, so that nothing
 * is drawn again because of it; what changes is in keyed stores. */

import { createContext, useContext, type ComponentType, type ReactNode } from "react";
import type { Keyed } from "./keyed";
import type { ChartSlot, NoteSlot, StepShown, StepStates } from "./slots";
import type { StepVerdicts } from "./wiring";

/** What is wrong with a step, for its badge. */
export interface NodeProblems {
  readonly errors: number;
  readonly warnings: number;
  /** The first one, in the reader's language. */
  readonly first: string;
}

export type DetailLevel = "full" | "title" | "box";

export interface CanvasParts {
  readonly states: StepStates | null;
  readonly problems: Keyed<NodeProblems> | null;
  readonly verdicts: Keyed<StepVerdicts>;
  /** Steps, by name, that step back because others are meant. */
  readonly dimmed: Keyed<true>;
  /** Wires under the step that is being dragged, or under the line that cuts them. */
  readonly marks: Keyed<"insert" | "cut">;
  /** How high a wire passes the nodes in its way. */
  readonly routes: Keyed<number>;
  /** Which node has the tab stop; the number grows when it should take the focus. */
  readonly focus: Keyed<number>;
  readonly kindTitle: (kind: string) => string;
  readonly readOnly: () => boolean;
  readonly onProblem: (stepId: string) => void;
  readonly onFold: (groupId: string, folded: boolean) => void;
  readonly onUnwire: (edgeId: string) => void;
  readonly onFocus: (stepId: string) => void;
}

export const CanvasContext = createContext<CanvasParts | null>(null);
export const DetailContext = createContext<DetailLevel>("full");
/** These come from features and may be replaced. */
export const ChartContext = createContext<ComponentType<ChartSlot> | null>(null);
export const NoteContext = createContext<ComponentType<NoteSlot> | null>(null);
export const ToolbarContext = createContext<((stepId: string) => ReactNode) | null>(null);

export function useCanvas(): CanvasParts {
  const parts = useContext(CanvasContext);
  if (parts === null) throw new Error("drawn outside of a canvas");
  return parts;
}

export type { StepShown };
