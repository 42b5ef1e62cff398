/** How the metrics of one output share the room of a node. Pure: the same metrics always get the same places. */

import type { MetricItem } from "@/model/metricsDelta";

export interface Arranged {
  readonly tiles: readonly MetricItem[];
  /** Numbers for which there was no room. */
  readonly hidden: number;
  readonly charts: readonly MetricItem[];
  readonly columns: number;
  readonly rows: number;
}

export const TILE_ROOM = 40;
const TILE_WIDTH = 92;
const LEAST_WIDTH = 136;
const LEAST_HEIGHT = 92;
export const GAP = 8;

export function arrange(items: readonly MetricItem[], width: number, height: number): Arranged {
  const floats = items.filter((item) => item.type === "float");
  const charts = items.filter((item) => item.type !== "float");
  const fit = Math.max(1, Math.floor(width / TILE_WIDTH));
  const lines = charts.length === 0 ? Math.max(1, Math.floor(height / TILE_ROOM)) : 1;
  const tiles = floats.slice(0, fit * lines);
  const left = height - (tiles.length > 0 ? TILE_ROOM : 0);
  const columns = charts.length > 1 && (width - GAP) / 2 >= LEAST_WIDTH ? 2 : 1;
  const most = Math.max(1, Math.floor((left + GAP) / (LEAST_HEIGHT + GAP)));
  const rows = Math.min(most, Math.max(1, Math.ceil(charts.length / columns)));
  return { tiles, hidden: floats.length - tiles.length, charts, columns, rows };
}
