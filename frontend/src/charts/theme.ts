/** A figure in the colours of the page. The server's figures name no colours of their own; what they do name stays. */

import type { Figure } from "./plotly";

const SERIES = 8;

export interface ChartColours {
  readonly ink: string;
  readonly soft: string;
  readonly grid: string;
  readonly panel: string;
  readonly font: string;
  readonly series: readonly string[];
}

/** Read from the design tokens; to be asked again when the theme changes. */
export function chartColours(node: Element = document.documentElement): ChartColours {
  const style = getComputedStyle(node);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: token("--ink"),
    soft: token("--ink-3"),
    grid: token("--chart-grid"),
    panel: token("--panel"),
    font: token("--font"),
    series: Array.from({ length: SERIES }, (_, index) => token(`--chart-${String(index + 1)}`)),
  };
}

type Part = Readonly<Record<string, unknown>>;

function part(value: unknown): Part {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Part) : {};
}

export function themed(layout: Figure["layout"], colours: ChartColours): Figure["layout"] {
  const axis = { gridcolor: colours.grid, linecolor: colours.grid, zerolinecolor: colours.grid, tickfont: { color: colours.soft }, automargin: true };
  const axes = Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key));
  const drawn = Object.fromEntries([...new Set(["xaxis", "yaxis", ...axes])].map((key) => [key, { ...axis, ...part(layout[key]) }]));
  return {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    colorway: colours.series,
    hoverlabel: { bgcolor: colours.panel, bordercolor: colours.grid, font: { color: colours.ink, family: colours.font } },
    ...layout,
    ...drawn,
    font: { family: colours.font, size: 11, color: colours.soft, ...part(layout.font) },
  };
}
