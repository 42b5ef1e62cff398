/** What a metric says, in words and as a table: the twin of every picture. */

import { formatNumber, t } from "@/i18n/i18n";
import type { MetricItem } from "@/model/metricsDelta";
import { curvesOf, matrixOf, numberOf, plain, rowsOf } from "./figure";

/** A number to be read at a glance: four digits that matter, whole numbers whole. */
export function glance(value: number | null): string {
  if (value === null) return "–";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e7) return formatNumber(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return value.toExponential(2).replace("e+", "e");
  return formatNumber(value, { maximumSignificantDigits: size >= 1_000 ? 6 : 4 });
}

export function describe(item: MetricItem): string {
  const title = item.title || item.key;
  switch (item.type) {
    case "float":
      return t("charts.say.number", { title, value: glance(numberOf(item)) });
    case "line chart":
    case "histogram": {
      const { y_axis } = curvesOf(item);
      const kind = item.type === "histogram" ? t("charts.kind.histogram") : t("charts.kind.line");
      return t("charts.say.curves", { title, kind, curves: y_axis.map((axis) => curve(axis.title || title, axis.value)).join("; ") });
    }
    case "table": {
      const { row_labels, col_labels } = matrixOf(item);
      return t("charts.say.matrix", { title, rows: row_labels.value.length, columns: col_labels.value.length });
    }
    case "one-dimensional-table": {
      const { labels, cell_value } = rowsOf(item);
      return t("charts.say.table", { title, rows: cell_value.length, columns: labels.length });
    }
  }
}

function curve(title: string, values: readonly unknown[]): string {
  const known = values.filter((value): value is number => typeof value === "number");
  if (known.length === 0) return t("charts.say.nothing", { title });
  return t("charts.say.curve", { title, last: glance(known.at(-1) ?? null), least: glance(least(known)), most: glance(-least(known.map((value) => -value))), count: known.length });
}

/** Not Math.min(...): a curve may have more points than a call has arguments. */
const least = (values: readonly number[]): number => values.reduce((held, value) => (value < held ? value : held), Infinity);

export interface TextTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The first column names the rows. */
  readonly named: boolean;
}

export function tableOf(item: MetricItem): TextTable {
  switch (item.type) {
    case "float":
      return { head: [item.title || item.key], rows: [[plain(numberOf(item))]], named: false };
    case "line chart":
    case "histogram":
      return tableOfCurves(item);
    case "table": {
      const { cell_value, row_labels, col_labels } = matrixOf(item);
      const corner = [row_labels.title, col_labels.title].filter(Boolean).join(" \\ ");
      return { head: [corner, ...col_labels.value.map(String)], rows: cell_value.map((row, index) => [String(row_labels.value[index] ?? ""), ...row.map(plain)]), named: true };
    }
    case "one-dimensional-table": {
      const { labels, cell_value } = rowsOf(item);
      return { head: labels, rows: cell_value.map((row) => row.map(plain)), named: false };
    }
  }
}

function tableOfCurves(item: MetricItem): TextTable {
  const { x_axis, y_axis } = curvesOf(item);
  if (x_axis.length === 1) {
    const [x] = x_axis;
    const rows = (x?.value ?? []).map((at, index) => [plain(at), ...y_axis.map((axis) => plain(axis.value[index] ?? null))]);
    return { head: [x?.title || "x", ...y_axis.map((axis) => axis.title || item.key)], rows, named: true };
  }
  const longest = Math.max(0, ...y_axis.map((axis) => axis.value.length));
  const cell = (values: readonly (string | number | null)[] | undefined, index: number): string => (values !== undefined && index < values.length ? plain(values[index] ?? null) : "");
  const head = y_axis.flatMap((axis, index) => [x_axis[index]?.title || "x", axis.title || item.key]);
  return { head, rows: Array.from({ length: longest }, (_, row) => y_axis.flatMap((axis, index) => [cell(x_axis[index]?.value, row), cell(axis.value, row)])), named: false };
}

/** For spreadsheets: quoted where it must be, and never a formula. */
export function asCsv({ head, rows }: TextTable): string {
  const quoted = (text: string): string => {
    const harmless = /^[=+@\t\r]|^-(?![\d.])/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
  };
  return [head, ...rows].map((row) => row.map(quoted).join(",")).join("\r\n");
}
