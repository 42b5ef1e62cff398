/** How far a step is, when it counts what it does: a curve over epochs, and a parameter that says how many there are. */

import type { Step } from "@/model/document";
import { isList, isObject, valueAt, type Json, type JsonObject } from "@/model/json";
import { asReference } from "@/model/references";
import type { MetricItem } from "@/model/metricsDelta";

/** Names of arguments that say how many, and what the axis is called that counts them. */
const COUNTS: readonly (readonly [total: RegExp, axis: RegExp])[] = [
  [/^(n_|num_|max_|total_|train_)?epochs?$/i, /epoch/i],
  [/^(n_|num_|max_|total_|boost_|num_boost_)?rounds?$/i, /round/i],
  [/^(n_|num_|max_|total_|train_)?(steps?|iterations?|iters?)$/i, /^(global )?(step|iteration|iter)s?$/i],
  [/^n_estimators$/i, /(tree|estimator|round)/i],
];

/** Between 0 and 1; null when the step does not tell. */
export function progressOf(step: Step | undefined, values: JsonObject, items: readonly MetricItem[]): number | null {
  if (step === undefined || items.length === 0) return null;
  for (const [name, total] of argumentsOf(step, values)) {
    for (const [wanted, axis] of COUNTS) {
      if (!wanted.test(name)) continue;
      const done = lastAlong(items, axis);
      if (done !== null) return Math.max(0, Math.min(1, done / total));
    }
  }
  return null;
}

/** The step's own arguments with the numbers that they have in this run. */
function argumentsOf(step: Step, values: JsonObject): (readonly [string, number])[] {
  const given = valueAt(step.properties ?? {}, ["algorithm", "parameters"]);
  if (!isList(given)) return [];
  return given.flatMap((entry) => {
    if (!isObject(entry) || typeof entry.name !== "string") return [];
    const total = resolved(entry.value ?? null, values);
    return typeof total === "number" && total > 0 ? [[entry.name, total] as const] : [];
  });
}

function resolved(value: Json, values: JsonObject): Json {
  const reference = asReference(value);
  return reference?.kind === "parameter" ? (values[reference.name] ?? null) : value;
}

/** The furthest position on an axis of that name. */
function lastAlong(items: readonly MetricItem[], axis: RegExp): number | null {
  let furthest: number | null = null;
  for (const item of items) {
    if (item.type !== "line chart" || !isList(item.data.x_axis)) continue;
    for (const x of item.data.x_axis) {
      if (!isObject(x) || typeof x.title !== "string" || !axis.test(x.title) || !isList(x.value)) continue;
      const last = x.value.at(-1);
      if (typeof last === "number" && (furthest === null || last > furthest)) furthest = last;
    }
  }
  return furthest;
}
