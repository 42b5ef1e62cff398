/** One metric in the panel or on the page: its picture, and the same as a table. */

import { ChartLine, Download, TableProperties } from "lucide-react";
import { useState } from "react";
import { formatNumber, t, useLanguage } from "@/i18n/i18n";
import type { MetricItem } from "@/model/metricsDelta";
import { IconButton } from "@/ui/Button";
import styles from "./Charts.module.css";
import { asCsv, describe, tableOf } from "./describe";
import { curvesOf, type Figure } from "./figure";
import { figureFor } from "./figures";
import { Legend } from "./Legend";
import { MetricTable } from "./MetricTable";
import { PlotlyChart } from "./PlotlyChart";
import { Sized } from "./Sized";

interface Props {
  readonly item: MetricItem;
  readonly size: "panel" | "page";
  readonly rev: number;
  readonly stale: boolean;
}

const HEIGHTS = { panel: 190, page: 300 } as const;
const TALLEST = 640;

export function MetricCard({ item, size, rev, stale }: Props) {
  useLanguage();
  const [asTable, setAsTable] = useState(false);
  const figure = figureFor(item);
  const table = item.type === "one-dimensional-table";
  const title = item.title || item.key;
  const height = heightOf(figure, size);
  const points = item.type === "line chart" ? curvesOf(item).points : undefined;
  return (
    <section className={styles.card} data-size={size} data-metric={item.key} aria-label={title}>
      <header className={styles.cardHead}>
        <h4 className={styles.cardTitle}>{title}</h4>
        {!table && (
          <IconButton
            small
            label={asTable ? t("charts.asChart") : t("charts.asTable")}
            icon={asTable ? <ChartLine size={14} /> : <TableProperties size={14} />}
            onPress={() => {
              setAsTable(!asTable);
            }}
          />
        )}
        <IconButton
          small
          label={t("charts.download")}
          icon={<Download size={14} />}
          onPress={() => {
            save(`${item.key}.csv`, asCsv(tableOf(item)));
          }}
        />
      </header>
      {table || asTable ? (
        <div className={styles.cardTable} style={table ? undefined : { height }}>
          <MetricTable item={item} stale={stale} />
        </div>
      ) : (
        <>
          <Legend figure={figure} />
          <Sized height={height}>{(width) => <PlotlyChart figure={figure} name={item.key} label={describe(item)} size={size} width={width} height={height} rev={rev} stale={stale} />}</Sized>
        </>
      )}
      {points !== undefined && <p className={styles.thinned}>{t("charts.thinned", { count: formatNumber(points) })}</p>}
    </section>
  );
}

/** A matrix is as tall as its rows need. */
function heightOf(figure: Figure, size: "panel" | "page"): number {
  const [trace] = figure.data;
  if (trace?.type !== "heatmap") return HEIGHTS[size];
  const rows = (trace.z as readonly unknown[]).length;
  return Math.min(TALLEST, Math.max(HEIGHTS[size], rows * (size === "page" ? 26 : 20) + 70));
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name.replaceAll(/[\\/:*?"<>|]/g, "_");
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 10_000);
}
