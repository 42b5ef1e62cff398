/** From a run to what the canvas shows of it: one entry a step, one a chart. What did not change stays the same object,
 * so that nothing else is drawn again. */

import { isOld, type MetricsSource, type ShownMetrics } from "@/charts/shownMetrics";
import type { StepShown } from "@/canvas/slots";
import type { Step } from "@/model/document";
import { isObject } from "@/model/json";
import type { MetricItem } from "@/model/metricsDelta";
import { asProblem } from "@/model/problems";
import { metricsOf, type MetricsFile, type RunView, type StepView } from "@/model/runReducer";
import { progressOf } from "./progress";
import { here, knownUntil, reasonText, type Queue, type Times } from "./words";

export interface Seen extends Times {
  readonly view: RunView;
  readonly now: number;
  readonly queues: Readonly<Record<string, Queue | undefined>>;
  readonly steps: ReadonlyMap<string, Step>;
}

export const chartKey = (step: string, output: string): string => `${step}/${output}`;

export function shownStep(name: string, step: StepView, seen: Seen): StepShown {
  const stale = seen.link === "stale" || seen.link === "gone";
  const begun = step.started_at === null ? null : here(step.started_at, seen);
  const running = step.state === "running" || step.state === "stopping";
  const items = running ? metricsOf(seen.view, name).flatMap((file) => file.items) : [];
  return {
    state: step.state === "completed" && isObject(step.reused) ? "reuse" : step.state,
    seconds: secondsShown(step, begun, running && stale, seen),
    since: running ? begun : null,
    reason: reasonText(step, seen.queues[name] ?? null),
    progress: running ? progressOf(seen.steps.get(name), seen.view.run.values, items) : null,
    stale,
  };
}

function secondsShown(step: StepView, begun: number | null, standing: boolean, seen: Seen): number | null {
  if (begun === null) return null;
  if (step.finished_at !== null) return Math.max(0, (here(step.finished_at, seen) - begun) / 1_000);
  return standing ? Math.max(0, (knownUntil(seen.now, seen) - begun) / 1_000) : null;
}

export function sameShown(left: StepShown | undefined, right: StepShown): boolean {
  return left !== undefined && (Object.keys(right) as (keyof StepShown)[]).every((key) => left[key] === right[key]);
}

/** The metrics of each output that wrote any, by chartKey. */
export function shownCharts(view: RunView, held: ReadonlyMap<string, ShownMetrics>): Map<string, ShownMetrics> {
  const shown = new Map<string, ShownMetrics>();
  for (const name of new Set(Object.values(view.metrics).map((file) => file.step))) {
    const files = metricsOf(view, name);
    const source = sourceOf(view, name, files);
    for (const output of new Set(files.map((file) => file.output))) {
      const key = chartKey(name, output);
      shown.set(key, merged(files.filter((file) => file.output === output), source, held.get(key)));
    }
  }
  return shown;
}

/** A step that is tried again shows what the attempt before wrote, and says so, until it writes itself. */
function sourceOf(view: RunView, name: string, files: readonly MetricsFile[]): MetricsSource {
  const newest = view.steps[name]?.token ?? view.logs[name]?.attempt;
  const written = files.at(-1)?.attempt;
  return newest !== undefined && written !== undefined && newest !== written ? { kind: "attempt" } : { kind: "now" };
}

function merged(files: readonly MetricsFile[], source: MetricsSource, held: ShownMetrics | undefined): ShownMetrics {
  const rev = files.reduce((sum, file) => sum + file.rev, 0);
  const items = unique(files.flatMap((file) => file.items));
  const wrong = files.find((file) => file.problem !== null)?.problem ?? null;
  const same = held !== undefined && held.rev === rev && held.source.kind === source.kind && held.items.length === items.length && held.items.every((item, index) => item === items[index]);
  if (same && (held.problem === null) === (wrong === null)) return held;
  return { items, rev, problem: wrong === null ? null : asProblem(wrong), source };
}

/** Two files may use the same key; a place on the page has one. */
function unique(items: readonly MetricItem[]): readonly MetricItem[] {
  const seen = new Set<string>();
  return items.filter((item) => !seen.has(item.key) && seen.add(item.key));
}

/** What this run has, and for outputs that have nothing yet what an earlier run left, greyed. */
export function withPrevious(shown: ReadonlyMap<string, ShownMetrics>, previous: ReadonlyMap<string, ShownMetrics> | null): ReadonlyMap<string, ShownMetrics> {
  if (previous === null) return shown;
  return new Map([...[...previous].filter(([key]) => !shown.has(key)), ...shown]);
}

/** Another run's charts, as they are shown beside this one. */
export function asPrevious(view: RunView, number: number): ReadonlyMap<string, ShownMetrics> {
  const charts = [...shownCharts(view, new Map())].filter(([, metrics]) => !isOld(metrics) && metrics.items.length > 0);
  return new Map(charts.map(([key, metrics]) => [key, { ...metrics, problem: null, source: { kind: "run", number } }]));
}
