/** All metrics of an output, in the inspector or on a page. */

import { t, useLanguage } from "@/i18n/i18n";
import { Badge } from "@/ui/Badge";
import styles from "./Charts.module.css";
import { MetricCard } from "./MetricCard";
import { ProblemStrip } from "./NodeMetrics";
import { isOld, type ShownMetrics } from "./shownMetrics";
import { Tile } from "./Tile";

interface Props {
  readonly metrics: ShownMetrics;
  readonly size: "panel" | "page";
}

export function MetricsBoard({ metrics, size }: Props) {
  useLanguage();
  const old = isOld(metrics);
  const floats = metrics.items.filter((item) => item.type === "float");
  const charts = metrics.items.filter((item) => item.type !== "float");
  return (
    <div className={styles.board} data-size={size} data-source={metrics.source.kind}>
      {old && (
        <p className={styles.sourceLine}>
          <Badge>{metrics.source.kind === "run" ? t("charts.previousRun", { number: metrics.source.number }) : t("charts.previousAttempt")}</Badge>
        </p>
      )}
      {metrics.problem !== null && <ProblemStrip problem={metrics.problem} />}
      {floats.length > 0 && (
        <div className={styles.boardTiles}>
          {floats.map((item) => (
            <Tile key={item.key} item={item} stale={old} />
          ))}
        </div>
      )}
      <div className={styles.boardCharts}>
        {charts.map((item) => (
          <MetricCard key={item.key} item={item} size={size} rev={metrics.rev} stale={old} />
        ))}
      </div>
    </div>
  );
}
