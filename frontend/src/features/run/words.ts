/** Why something is as it is, in the reader's language. */

import { formatDuration, sayProblem, t } from "@/i18n/i18n";
import { isObject, type JsonObject } from "@/model/json";
import { asProblem, type Problem } from "@/model/problems";
import { STEP_LIVE, type RunView, type StepView } from "@/model/runReducer";

export const FAILED: ReadonlySet<string> = new Set(["failed", "timeout", "create_failed"]);
/** The step has come to an end, one way or another. */
export const ENDED: ReadonlySet<string> = new Set(["completed", "skipped", "failed", "timeout", "create_failed", "stopped"]);

export interface Queue {
  readonly position: number;
  readonly reason: Problem;
}

export function asQueue(value: unknown): Queue | null {
  if (!isObject(value) || typeof value.position !== "number") return null;
  return { position: value.position, reason: asProblem(value.reason) };
}

export const problemOf = (reason: JsonObject | null): Problem | null => (reason === null ? null : asProblem(reason));

/** One sentence below the step; null where the state says everything. */
export function reasonText(step: StepView, queue: Queue | null): string | null {
  if (step.state === "pending") {
    const lost = problemOf(step.reason);
    const waits = queue === null ? null : t("run.inLine", { position: queue.position, reason: sayProblem(queue.reason).message });
    return [lost === null ? null : sayProblem(lost).message, waits].filter(Boolean).join(" ") || null;
  }
  // A step that took an earlier result over is completed with a reason.
  if (step.state === "completed" && step.branch !== null) return t(step.branch ? "run.branch.then" : "run.branch.else");
  const found = problemOf(step.reason);
  return found === null ? null : sayProblem(found).message;
}

export interface Counted {
  readonly done: number;
  readonly all: number;
}

/** Steps that have come to their end, of all. */
export function counted(view: RunView): Counted {
  const steps = Object.values(view.steps);
  return { done: steps.filter((step) => ENDED.has(step.state)).length, all: steps.length };
}

export interface Times {
  readonly link: string;
  /** Server's clock minus ours. */
  readonly clockOffset: number;
  readonly heardAt: number | null;
}

/** A server's time on this page's clock. */
export const here = (at: string, { clockOffset }: Pick<Times, "clockOffset">): number => Date.parse(at) - clockOffset;

/** Until when something that goes on is known to have gone on: a clock stands when nobody is heard. */
export function knownUntil(now: number, { link, heardAt }: Times): number {
  return link === "stale" || link === "gone" ? (heardAt ?? now) : now;
}

/** Seconds that a step took, or has taken so far; null before it begins. */
export function secondsOf(step: Pick<StepView, "state" | "started_at" | "finished_at">, now: number, times: Times): number | null {
  if (step.started_at === null) return null;
  if (step.finished_at !== null) return Math.max(0, (Date.parse(step.finished_at) - Date.parse(step.started_at)) / 1_000);
  return STEP_LIVE.has(step.state) ? Math.max(0, (knownUntil(now, times) - here(step.started_at, times)) / 1_000) : null;
}

export const clockText = (seconds: number | null): string => (seconds === null ? "–" : formatDuration(seconds < 1 ? seconds : seconds < 10 ? seconds : Math.floor(seconds)));
