/** Metrics as Plotly figures: the server's mapping (backend/apps/runs/figures.py) once more, for what changes while one
 * looks. Both are held against tests/golden/metrics/figures.json.
 *
 * Whoever wrote the metric is not trusted: every text is escaped, because Plotly reads texts as pseudo-HTML. */

import type { Json } from "@/model/json";
import type { MetricItem } from "@/model/metricsDelta";

export type Trace = Readonly<Record<string, unknown>>;
export type Layout = Readonly<Record<string, unknown>>;

export interface Figure {
  readonly data: readonly Trace[];
  readonly layout: Layout;
  readonly config?: Readonly<Record<string, unknown>>;
}

type Value = number | string | null;
export interface Axis {
  readonly title: string;
  readonly value: readonly Value[];
}
export interface Curves {
  readonly x_axis: readonly Axis[];
  readonly y_axis: readonly Axis[];
  /** How many points the longest curve really has, when it was thinned. */
  readonly points?: number;
}
export interface Matrix {
  readonly cell_value: readonly (readonly (number | null)[])[];
  readonly row_labels: Axis;
  readonly col_labels: Axis;
}
export interface Rows {
  readonly cell_value: readonly (readonly Value[])[];
  readonly labels: readonly string[];
}

/** The server has put every item into one stable form before it sends it. */
export const curvesOf = (item: MetricItem): Curves => item.data as unknown as Curves;
export const matrixOf = (item: MetricItem): Matrix => item.data as unknown as Matrix;
export const rowsOf = (item: MetricItem): Rows => item.data as unknown as Rows;
export const numberOf = (item: MetricItem): number | null => (typeof item.data.value === "number" ? item.data.value : null);

const ANNOTATED_CELLS = 900;
const LARGE = 1e15;
const SERVER_CONFIG = { typesetMath: false, displaylogo: false, responsive: true, showSendToCloud: false };

export function figureOf(item: MetricItem): Figure {
  const { data, layout } = parts(item);
  return {
    data,
    layout: { title: { text: escaped(item.title) }, margin: { l: 48, r: 16, t: 40, b: 40 }, ...layout },
    config: SERVER_CONFIG,
  };
}

function parts(item: MetricItem): { readonly data: Trace[]; readonly layout: Layout } {
  switch (item.type) {
    case "float":
      return single(item);
    case "line chart": {
      const [axis, traces] = curves(item, (x, y) => ({ type: "scatter", x, y: y.value, mode: x.length > 1 ? "lines" : "markers", name: escaped(y.title) }));
      return { data: traces, layout: { xaxis: axis, yaxis: yAxis(item), showlegend: traces.length > 1 } };
    }
    case "histogram": {
      const [axis, traces] = curves(item, (x, y) => ({ type: "bar", x, y: y.value, name: escaped(y.title) }));
      return { data: traces, layout: { xaxis: axis, yaxis: yAxis(item), barmode: "group", showlegend: traces.length > 1 } };
    }
    case "table":
      return heatmap(item);
    case "one-dimensional-table":
      return plainTable(item);
  }
}

function single(item: MetricItem): { readonly data: Trace[]; readonly layout: Layout } {
  const value = numberOf(item);
  const trace = { type: "indicator", mode: "number", number: { valueformat: ".4~g" }, title: { text: escaped(item.title) } };
  return { data: [value === null ? trace : { ...trace, value }], layout: { title: { text: "" } } };
}

function curves(item: MetricItem, draw: (x: readonly Value[], y: Axis) => Trace): readonly [Layout, Trace[]] {
  const { x_axis, y_axis } = curvesOf(item);
  const [positions, axis] = xAxis(x_axis);
  return [axis, y_axis.map((y, index) => draw(positions[positions.length > 1 ? index : 0] ?? [], y))];
}

/** The positions of every curve, and the axis that explains them. Named positions of several curves are shared. */
function xAxis(axes: readonly Axis[]): readonly [readonly (readonly Value[])[], Layout] {
  const title = { title: { text: escaped(axes[0]?.title ?? "") } };
  const values = axes.map((axis) => axis.value);
  if (!values.some((each) => each.some((value) => typeof value === "string"))) return [values, { ...title, type: "linear" }];
  const names = values.map((each) => each.map((value) => escaped(String(value))));
  if (names.every((each) => new Set(each).size === each.length)) return [names, { ...title, type: "category" }];
  const longest = names.reduce((held, each) => (each.length > held.length ? each : held));
  return [names.map((each) => each.map((_, index) => index)), { ...title, ...namedPositions(longest) }];
}

function yAxis(item: MetricItem): Layout {
  const { y_axis } = curvesOf(item);
  return { type: "linear", title: { text: y_axis.length === 1 ? escaped(y_axis[0]?.title ?? "") : "" } };
}

function namedPositions(names: readonly string[]): Layout {
  return { type: "linear", tickmode: "array", tickvals: names.map((_, index) => index), ticktext: names };
}

function heatmap(item: MetricItem): { readonly data: Trace[]; readonly layout: Layout } {
  const { cell_value: cells, col_labels: columns, row_labels: rows } = matrixOf(item);
  const annotated = rows.value.length * columns.value.length <= ANNOTATED_CELLS;
  const text = annotated ? { text: cells.map((row) => row.map(shown)), texttemplate: "%{text}" } : {};
  const trace = { type: "heatmap", z: cells, x: columns.value.map((_, index) => index), y: rows.value.map((_, index) => index), hoverongaps: false, ...text };
  return {
    data: [trace],
    layout: {
      xaxis: { title: { text: escaped(columns.title) }, ...namedPositions(columns.value.map((name) => escaped(String(name)))) },
      yaxis: { title: { text: escaped(rows.title) }, autorange: "reversed", ...namedPositions(rows.value.map((name) => escaped(String(name)))) },
    },
  };
}

function plainTable(item: MetricItem): { readonly data: Trace[]; readonly layout: Layout } {
  const { labels, cell_value: rows } = rowsOf(item);
  const columns = labels.map((_, index) => rows.map((row) => shown(row[index] ?? null)));
  return { data: [{ type: "table", header: { values: labels.map(escaped) }, cells: { values: columns } }], layout: {} };
}

export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** As it was written: for HTML, where React escapes. */
export function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** A cell as text, escaped. */
export const shown = (value: Json): string => escaped(plain(value));

/** A cell as text. */
export function plain(value: Json): string {
  if (value === null) return "–";
  if (typeof value !== "number") return String(value as string);
  return Number.isInteger(value) && Math.abs(value) < LARGE ? String(value === 0 ? 0 : value) : sixDigits(value);
}

/** Python's "%.6g", which rounds ties to even where JavaScript rounds them up. */
export function sixDigits(value: number): string {
  const [mantissa = "", power = "0"] = value.toExponential(5).split("e");
  const [exact = ""] = value.toExponential(40).split("e");
  const tie = /^-?\d\.\d{5}50*$/.test(exact);
  const evenBelow = tie && Number(exact.at(exact.indexOf(".") + 5)) % 2 === 0;
  const digits = evenBelow ? exact.slice(0, exact.indexOf(".") + 6) : mantissa;
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return trimmed(Number(`${digits}e${String(exponent)}`).toFixed(5 - exponent));
  return `${trimmed(digits)}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

const trimmed = (digits: string): string => (digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits);

/** How many points a figure draws: what is on the screen, not what was sent. */
export function pointsOf(figure: Figure): number {
  return figure.data.reduce((sum, trace) => sum + pointsOfTrace(trace), 0);
}

function pointsOfTrace(trace: Trace): number {
  const known = (list: unknown): number => (Array.isArray(list) ? list.filter((value) => value !== null).length : 0);
  switch (trace.type) {
    case "indicator":
      return trace.value === undefined ? 0 : 1;
    case "heatmap":
      return (trace.z as readonly unknown[]).reduce<number>((sum, row) => sum + known(row), 0);
    case "table":
      return (trace.cells as { readonly values: readonly unknown[] }).values.reduce<number>((sum, column) => sum + known(column), 0);
    default:
      return known(trace.y);
  }
}
