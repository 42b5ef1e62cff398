/** How several steps stand together: the state of the one that matters most, and how many are through. Pure. */

import type { ShownState } from "./slots";

export interface Summed {
  readonly state: ShownState;
  readonly over: number;
  readonly count: number;
}

/** From what needs somebody, over what goes on, to what is done. */
const WEIGHT: readonly ShownState[] = [
  "failed", "timeout", "create_failed", "blocked", "wait_inputs", "will_ask", "hold", "stopping", "running", "creating", "created", "pending",
  "stopped", "will_run", "undecided", "init", "completed", "reuse", "will_skip", "skipped", "left_out",
];
const OVER: ReadonlySet<ShownState> = new Set<ShownState>(["completed", "skipped", "reuse"]);

/** null: nothing is known of any of them. */
export function summed(states: readonly (ShownState | undefined)[]): Summed | null {
  const known = states.filter((each) => each !== undefined);
  if (known.length === 0) return null;
  const over = known.filter((each) => OVER.has(each)).length;
  const [worst] = known.toSorted((left, right) => WEIGHT.indexOf(left) - WEIGHT.indexOf(right));
  // Some are through and none goes on: the group is on its way.
  const state = worst === "init" && over > 0 ? "pending" : (worst as ShownState);
  return { state, over, count: states.length };
}
