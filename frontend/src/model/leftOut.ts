/** A step that is left out of every run, until somebody takes it in again: it has a skip condition that always holds.
 * Conditions of its own are kept inside of it, and come back as they were. Pure. */

import type { Command } from "./commands";
import type { Condition, Step } from "./document";
import { isObject, type Json, type JsonObject } from "./json";

/** No placeholder and no metric: it holds whatever a run is given. */
const ALWAYS: JsonObject = { type: "EQ", left: true, right: true };

const isAlways = (value: Json): boolean => isObject(value) && value.type === "EQ" && value.left === true && value.right === true;
const wraps = (condition: Condition): boolean => condition.type === "OR" && isAlways(condition.left);

/** All conditions of a list must hold, so each of them has to. */
export function isLeftOut(step: Step): boolean {
  const held = step.policy?.skip_conditions ?? [];
  return held.length > 0 && held.every((each) => isAlways(each as unknown as Json) || wraps(each));
}

/** null: it is so already. */
export function leavingOut(step: Step, out: boolean): Command | null {
  if (isLeftOut(step) === out) return null;
  const held = step.policy?.skip_conditions ?? [];
  const next: Json[] = out ? held.map((each): Json => ({ type: "OR", left: ALWAYS, right: each as unknown as Json })) : held.filter(wraps).map((each) => each.right);
  const value = out && next.length === 0 ? [ALWAYS] : next;
  return { type: "step.set", id: step.id, pointer: "/policy/skip_conditions", ...(value.length > 0 && { value }) };
}
