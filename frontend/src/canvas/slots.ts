/** The seams of the canvas: what a run tells each node, and what is drawn inside of a chart node. */

import { keyed, type Keyed, type WritableKeyed } from "./keyed";

/** What a plan says before the run: taken over, cannot run; runs, is skipped, asks, is decided on the way, is not part. */
export type PlannedState = "reuse" | "blocked" | "will_run" | "will_skip" | "will_ask" | "undecided" | "left_out";
const PLANNED: ReadonlySet<string> = new Set<PlannedState>(["reuse", "blocked", "will_run", "will_skip", "will_ask", "undecided", "left_out"]);
export const isPlanned = (state: ShownState): state is PlannedState => PLANNED.has(state);

/** The states of a step, as on the wire, and those that a plan has before the run. */
export type ShownState =
  | PlannedState
  | "init"
  | "wait_inputs"
  | "pending"
  | "creating"
  | "created"
  | "create_failed"
  | "running"
  | "stopping"
  | "stopped"
  | "timeout"
  | "completed"
  | "failed"
  | "hold"
  | "skipped";

export interface StepShown {
  readonly state: ShownState;
  /** How long it took; null while it is not known. */
  readonly seconds?: number | null;
  /** When it started, in this page's clock (Date.now()): the node counts from here. Absent: the clock stands. */
  readonly since?: number | null;
  /** Why it waits, was skipped, was reused, failed: one sentence in the reader's language. */
  readonly reason?: string | null;
  /** 0 to 1. */
  readonly progress?: number | null;
  /** What is shown may be old: the connection is lost. */
  readonly stale?: boolean;
}

/** States by the step's name, outside of React: a change renders one node again, and moves nothing. */
export type StepStates = Keyed<StepShown>;
export type WritableStepStates = WritableKeyed<StepShown>;
export const stepStates = (): WritableStepStates => keyed<StepShown>();

/** What a chart inside of a node is given. It fills the room and never asks for more. */
export interface ChartSlot {
  readonly step: string;
  readonly output: string;
  readonly width: number;
  readonly height: number;
  /** False while the canvas is far away or moving: a still picture is enough. */
  readonly live: boolean;
}

/** What stands below a step that has a reason; it lies over the canvas and changes no size. */
export interface NoteSlot {
  readonly step: string;
  readonly reason: string | null;
}
