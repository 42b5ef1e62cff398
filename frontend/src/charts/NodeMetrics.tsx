/** The metrics of one output, on the canvas: the numbers above, the pictures below, one of them large on a click. Fills
 * the room it is given, whatever comes. */

import { ChevronLeft, ChevronRight, LayoutGrid, Maximize2, TriangleAlert } from "lucide-react";
import { useState, type ReactNode } from "react";
import { sayProblem, t, useLanguage } from "@/i18n/i18n";
import type { MetricItem } from "@/model/metricsDelta";
import { classes } from "@/ui/classes";
import { arrange, GAP, TILE_ROOM } from "./arrange";
import styles from "./Charts.module.css";
import { describe } from "./describe";
import { figureFor } from "./figures";
import { MetricTable } from "./MetricTable";
import { PlotlyChart } from "./PlotlyChart";
import { isOld, type ShownMetrics } from "./shownMetrics";
import type { ChartSize } from "./style";
import { Tile } from "./Tile";
import { colourOf } from "./theme";

const TITLE = 20;
const PROBLEM = 42;

interface Props {
  readonly metrics: ShownMetrics;
  readonly width: number;
  readonly height: number;
  readonly live: boolean;
}

export function NodeMetrics({ metrics, width, height, live }: Props) {
  useLanguage();
  const [large, setLarge] = useState<string | null>(null);
  const [page, setPage] = useState(0);
  const { items, problem } = metrics;
  const old = isOld(metrics);
  // What is wrong stands below the charts and hides nothing of them.
  const free = problem === null ? height : height - PROBLEM;
  const { tiles, hidden, charts, columns, rows } = arrange(items, width, free);
  const focused = charts.find((item) => item.key === large) ?? (charts.length === 1 ? charts[0] : undefined);
  const room = { width, height: free - (tiles.length > 0 ? TILE_ROOM : 0) };
  const perPage = columns * rows;
  const pages = Math.ceil(charts.length / perPage);
  const at = Math.min(page, Math.max(0, pages - 1));
  const cell = { width: Math.floor((room.width - GAP * (columns - 1)) / columns), height: Math.floor((room.height - GAP * (rows - 1)) / rows) };
  const one = (item: MetricItem, size: ChartSize, place: { readonly width: number; readonly height: number }, buttons: ReactNode) => (
    <NodeChart key={item.key} item={item} size={size} {...place} live={live} rev={metrics.rev} stale={old} buttons={buttons} />
  );
  const pager = pages > 1 && (
    <NodeButton label={t("charts.more", { page: at + 1, pages })} onClick={() => { setPage((at + 1) % pages); }}>
      {at + 1}/{pages} <ChevronRight size={12} />
    </NodeButton>
  );
  return (
    <div className={styles.node} style={{ width, height }} data-testid="node-metrics" data-source={metrics.source.kind}>
      {tiles.length > 0 && (
        <div className={styles.tiles} style={{ minHeight: TILE_ROOM }}>
          {tiles.map((item) => (
            <Tile key={item.key} small item={item} stale={old} />
          ))}
          {hidden > 0 && <span className={styles.hidden}>+{hidden}</span>}
          {focused === undefined && pager}
        </div>
      )}
      {focused !== undefined
        ? one(focused, "node", room, charts.length > 1 && <Pager charts={charts} focused={focused} onFocus={setLarge} />)
        : charts.length > 0 && (
            <div className={styles.mosaic} style={{ ...room, gap: GAP }}>
              {charts
                .slice(at * perPage, (at + 1) * perPage)
                .map((item, index) =>
                  one(
                    item,
                    "tile",
                    cell,
                    <>
                      {index === 0 && tiles.length === 0 && pager}
                      <NodeButton label={t("charts.enlarge", { title: item.title || item.key })} onClick={() => { setLarge(item.key); }} quiet>
                        <Maximize2 size={11} />
                      </NodeButton>
                    </>,
                  ),
                )}
            </div>
          )}
      {old && <SourceNote metrics={metrics} />}
      {problem !== null && <ProblemStrip problem={problem} />}
    </div>
  );
}

/** Says whose metrics these are, when they are not this run's. */
function SourceNote({ metrics }: { readonly metrics: ShownMetrics }) {
  return (
    <span className={styles.source} data-testid="previous">
      {metrics.source.kind === "run" ? t("charts.previousRun", { number: metrics.source.number }) : t("charts.previousAttempt")}
    </span>
  );
}

export function ProblemStrip({ problem }: { readonly problem: NonNullable<ShownMetrics["problem"]> }) {
  const { message, hint } = sayProblem(problem);
  return (
    <p className={styles.problem} role="status" data-code={problem.code}>
      <TriangleAlert size={13} aria-hidden="true" />
      <span>
        {t("charts.lastGood")} {message} {hint}
      </span>
    </p>
  );
}

interface NodeChartProps {
  readonly item: MetricItem;
  readonly size: ChartSize;
  readonly width: number;
  readonly height: number;
  readonly live: boolean;
  readonly rev: number;
  readonly stale: boolean;
  readonly buttons: ReactNode;
}

function NodeChart({ item, size, width, height, live, rev, stale, buttons }: NodeChartProps) {
  const figure = figureFor(item);
  const curves = figure.layout.showlegend === true ? figure.data : [];
  const table = item.type === "one-dimensional-table";
  return (
    <div className={styles.cell} style={{ width, height }}>
      <div className={styles.cellHead} style={{ height: TITLE }}>
        <span className={styles.cellTitle}>{item.title || item.key}</span>
        {curves.length > 0 && (
          <span className={styles.dots} aria-hidden="true">
            {curves.slice(0, 5).map((_, index) => (
              <i key={index} style={{ background: stale ? "var(--line-strong)" : colourOf(index) }} />
            ))}
          </span>
        )}
        {buttons}
      </div>
      {table ? (
        <div style={{ height: height - TITLE }}>
          <MetricTable small item={item} stale={stale} />
        </div>
      ) : (
        <PlotlyChart figure={figure} name={item.key} label={describe(item)} size={size} width={width} height={height - TITLE} live={live} rev={rev} stale={stale} />
      )}
    </div>
  );
}

interface NodeButtonProps {
  readonly label: string;
  readonly onClick: () => void;
  readonly quiet?: boolean;
  readonly children: ReactNode;
}

/** A plain button: on the canvas a press must not begin a drag (`nodrag`), and there may be hundreds. */
function NodeButton({ label, onClick, quiet = false, children }: NodeButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      className={classes("nodrag", styles.nodeButton, quiet && styles.quiet)}
      onClick={(event) => {
        event.stopPropagation();
        onClick();
      }}
      onDoubleClick={(event) => {
        event.stopPropagation();
      }}
    >
      {children}
    </button>
  );
}

interface PagerProps {
  readonly charts: readonly MetricItem[];
  readonly focused: MetricItem;
  readonly onFocus: (key: string | null) => void;
}

function Pager({ charts, focused, onFocus }: PagerProps) {
  const at = charts.indexOf(focused);
  const go = (by: number) => () => {
    onFocus(charts[(at + by + charts.length) % charts.length]?.key ?? null);
  };
  return (
    <span className={styles.pager}>
      <NodeButton label={t("charts.before")} onClick={go(-1)}>
        <ChevronLeft size={12} />
      </NodeButton>
      {at + 1}/{charts.length}
      <NodeButton label={t("charts.after")} onClick={go(1)}>
        <ChevronRight size={12} />
      </NodeButton>
      <NodeButton label={t("charts.all")} onClick={() => { onFocus(null); }}>
        <LayoutGrid size={12} />
      </NodeButton>
    </span>
  );
}
