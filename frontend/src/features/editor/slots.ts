/** What other features put into the editor page. Everything may be absent; the page says nothing about it then. */

import type { ComponentType, ReactNode } from "react";
import type { Spot } from "@/canvas/Spotlight";
import type { ChartSlot, NoteSlot, StepStates } from "@/canvas/slots";

export interface EditorSlots {
  /** The right side. It reads the selection itself, and shows the workflow's own panel when nothing is selected. */
  readonly Inspector?: ComponentType;
  /** Around the inspector: what takes its place for a while. */
  readonly Aside?: ComponentType<{ readonly children: ReactNode }>;
  /** At the right end of the top bar. */
  readonly RunButton?: ComponentType;
  /** Opened by the problems pill, beside the canvas. */
  readonly ProblemsPanel?: ComponentType<{ readonly onClose: () => void }>;
  /** Inside of a chart node. */
  readonly Chart?: ComponentType<ChartSlot>;
  /** Below a step that has a reason. */
  readonly Note?: ComponentType<NoteSlot>;
  /** Around everything: what the other parts share. */
  readonly Frame?: ComponentType<{ readonly workflowId: string; readonly children: ReactNode }>;
  /** What a run says about the steps; null without one. */
  readonly useStates?: () => StepStates | null;
  /** Which steps are meant, by a scene or by a run of one; null when all are. */
  readonly useSpot?: () => Spot | null;
  /** Beside the design: the program, the versions and the runs of this workflow. */
  readonly views?: Readonly<Partial<Record<"program" | "versions" | "runs", ComponentType<{ readonly workflowId: string }>>>>;
  /** More buttons above the selected step: run to here, show its code. */
  readonly StepActions?: ComponentType<{ readonly stepId: string }>;
  /** Below the canvas, between its left end and the status. */
  readonly Console?: ComponentType;
}
