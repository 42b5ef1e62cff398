/** What a chart node on the canvas shows: the metrics of one output in the run that is looked at. */

import { useKeyed } from "@/canvas/keyed";
import type { ChartSlot } from "@/canvas/slots";
import { t, useLanguage } from "@/i18n/i18n";
import { lazy, Suspense, useContext } from "react";
import { PreviousCharts, useRun } from "./context";
import { chartKey } from "./overlay";
import { useFigures } from "./queries";
import styles from "./OnCanvas.module.css";
import { useFollowing } from "./session";
import { ENDED } from "./words";

/** Drawing is a matter of its own; until it is here, the frame stands empty. */
const NodeMetrics = lazy(async () => ({ default: (await import("@/charts/NodeMetrics")).NodeMetrics }));

export function RunChart({ step, output, width, height, live }: ChartSlot) {
  useLanguage();
  const session = useRun()?.session ?? null;
  const previous = useContext(PreviousCharts);
  const metrics = useKeyed(session === null ? previous : session.charts, chartKey(step, output));
  const state = useFollowing(session, ({ view }) => view?.steps[step]?.state ?? null);
  const ready = useFigures(session, step);
  if (!ready) return null;
  if (metrics === undefined || (metrics.items.length === 0 && metrics.problem === null)) {
    const said = state === "running" ? "charts.waiting" : state !== null && ENDED.has(state) && state !== "skipped" ? "charts.none" : "charts.idle";
    return <p className={styles.noChart}>{t(said)}</p>;
  }
  return (
    <Suspense fallback={null}>
      <NodeMetrics metrics={metrics} width={width} height={height} live={live} />
    </Suspense>
  );
}
