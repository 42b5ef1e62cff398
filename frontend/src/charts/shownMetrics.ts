/** What a place for charts is given. */

import type { MetricItem } from "@/model/metricsDelta";
import type { Problem } from "@/model/problems";

/** now: this run's newest. attempt: an earlier attempt of it. run: an earlier run. */
export type MetricsSource = { readonly kind: "now" } | { readonly kind: "attempt" } | { readonly kind: "run"; readonly number: number };

export interface ShownMetrics {
  readonly items: readonly MetricItem[];
  readonly rev: number;
  /** Why the newest file could not be read; the items are the last good ones then. */
  readonly problem: Problem | null;
  readonly source: MetricsSource;
}

export const isOld = (metrics: ShownMetrics): boolean => metrics.source.kind !== "now";
