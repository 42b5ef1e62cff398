/** What a step spent its time on: waiting for somebody's values, waiting for room on a host, running. */

import type { StepView } from "@/model/runReducer";

export type Part = "asked" | "wait" | "run";

export interface Span {
  readonly part: Part;
  /** Server's time, in milliseconds. */
  readonly from: number;
  readonly to: number;
}

type Times = Pick<StepView, "waiting_at" | "ready_at" | "started_at" | "finished_at">;

/** In order, without gaps of their own making; what goes on ends at `known`, the last moment that is known of. */
export function spansOf({ waiting_at: waiting, ready_at: ready, started_at: started, finished_at: finished }: Times, known: number): Span[] {
  const end = finished === null ? known : Date.parse(finished);
  const spans: Span[] = [];
  const add = (part: Part, from: string | null, ...until: readonly (string | null)[]): void => {
    if (from === null) return;
    const next = until.find((each) => each !== null);
    spans.push({ part, from: Date.parse(from), to: Math.max(Date.parse(from), next === undefined || next === null ? end : Date.parse(next)) });
  };
  add("asked", waiting, ready, started);
  add("wait", ready, started);
  add("run", started);
  return spans;
}

/** Seconds of the last thing it did or does. */
export function lastSeconds(spans: readonly Span[]): number | null {
  const last = spans.at(-1);
  return last === undefined ? null : (last.to - last.from) / 1_000;
}
