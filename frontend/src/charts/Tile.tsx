/** One number, large. */

import type { MetricItem } from "@/model/metricsDelta";
import { glance } from "./describe";
import styles from "./Charts.module.css";
import { numberOf } from "./figure";

interface Props {
  readonly item: MetricItem;
  readonly small?: boolean;
  readonly stale?: boolean;
}

export function Tile({ item, small = false, stale = false }: Props) {
  const value = numberOf(item);
  return (
    <div className={styles.tile} data-small={small || undefined} data-stale={stale || undefined} data-testid="chart" data-kind="indicator" data-chart-key={item.key} data-points={value === null ? 0 : 1}>
      <span className={styles.value}>{glance(value)}</span>
      <span className={styles.name}>{item.title || item.key}</span>
    </div>
  );
}
