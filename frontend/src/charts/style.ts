/** A figure as it is drawn: its own data, our colours, and what fits into the room that there is. */

import { escaped, unescaped, type Figure, type Layout, type Trace } from "./figure";
import { CONFIG } from "./plotly";
import type { ChartTheme } from "./theme";

/** tile: one of several on a node. node: alone on a node. panel: in the inspector. page: as large as there is room. */
export type ChartSize = "tile" | "node" | "panel" | "page";

export interface Room {
  readonly size: ChartSize;
  readonly width: number;
  readonly height: number;
  readonly stale: boolean;
}

interface Measures {
  readonly text: number;
  readonly margin: { readonly l: number; readonly r: number; readonly t: number; readonly b: number };
  /** Room for one tick's text, across and down. */
  readonly tick: readonly [number, number];
  readonly line: number;
}

const MEASURES: Readonly<Record<ChartSize, Measures>> = {
  tile: { text: 11, margin: { l: 32, r: 8, t: 4, b: 18 }, tick: [36, 26], line: 1.6 },
  node: { text: 11, margin: { l: 36, r: 10, t: 6, b: 20 }, tick: [48, 30], line: 1.8 },
  panel: { text: 11, margin: { l: 42, r: 12, t: 8, b: 36 }, tick: [60, 36], line: 2 },
  page: { text: 12, margin: { l: 52, r: 16, t: 10, b: 44 }, tick: [70, 40], line: 2 },
};
const LONGEST_NAME = 14;
const CHARACTER = 6.4;

export const isSmall = (size: ChartSize): boolean => size === "tile" || size === "node";

export function styled(figure: Figure, room: Room, theme: ChartTheme): { readonly data: Trace[]; readonly layout: Layout; readonly config: object } {
  const data = figure.data.map((trace, index) => styledTrace(trace, index, room, theme));
  return { data, layout: styledLayout(figure, room, theme), config: { ...CONFIG, staticPlot: isSmall(room.size), displayModeBar: room.size === "page" ? "hover" : false } };
}

function styledTrace(trace: Trace, index: number, room: Room, theme: ChartTheme): Trace {
  const colour = room.stale ? mixed(theme.line, theme.faint, 0.4) : (theme.colours[index % theme.colours.length] ?? theme.accent);
  switch (trace.type) {
    case "scatter":
      return { ...trace, line: { color: colour, width: MEASURES[room.size].line }, marker: { color: colour, size: 6 } };
    case "bar":
      return { ...trace, marker: { color: colour, line: { width: 0 } } };
    case "heatmap":
      return heatmapTrace(trace, room, theme);
    default:
      return trace;
  }
}

/** From the ground to the accent; cells too small for their number show none. */
function heatmapTrace(trace: Trace, room: Room, theme: ChartTheme): Trace {
  const rows = (trace.z as readonly (readonly unknown[])[]).length;
  const columns = (trace.x as readonly unknown[]).length;
  const { margin, text } = MEASURES[room.size];
  const longest = Math.max(1, ...((trace.text ?? []) as readonly (readonly string[])[]).flat().map((each) => each.length));
  const fits = (room.width - margin.l - margin.r) / columns >= longest * CHARACTER + 4 && (room.height - margin.t - margin.b) / rows >= text + 4;
  const { texttemplate, ...rest } = trace;
  return {
    ...rest,
    ...(fits && texttemplate !== undefined && { texttemplate, textfont: { size: text } }),
    colorscale: room.stale ? [[0, theme.sunken], [1, theme.line]] : [[0, theme.sunken], [0.12, mixed(theme.sunken, theme.accent, 0.24)], [1, theme.accent]],
    showscale: room.size === "page",
    colorbar: { thickness: 10, outlinewidth: 0, tickfont: { size: text, color: theme.faint } },
    xgap: rows * columns < 2_500 ? 1 : 0,
    ygap: rows * columns < 2_500 ? 1 : 0,
  };
}

function styledLayout(figure: Figure, room: Room, theme: ChartTheme): Layout {
  const measures = MEASURES[room.size];
  const small = isSmall(room.size);
  const heat = figure.data[0]?.type === "heatmap";
  const xaxis = axis(figure.layout.xaxis as Layout | undefined, "x", room, theme, heat);
  const yaxis = axis(figure.layout.yaxis as Layout | undefined, "y", room, theme, heat);
  const names = longestName(figure.layout.yaxis as Layout | undefined);
  const left = names === 0 || yaxis.showticklabels === false ? (yaxis.showticklabels === false ? 6 : measures.margin.l) : Math.ceil(names * CHARACTER) + 12;
  const titled = !small && Boolean((figure.layout.yaxis as { title?: { text?: string } } | undefined)?.title?.text);
  const bottom = xaxis.showticklabels === false ? 6 : measures.margin.b;
  return {
    ...figure.layout,
    // The title is HTML above the chart: it can be long, and is the same for every kind.
    title: { text: "" },
    showlegend: false,
    autosize: false,
    width: room.width,
    height: room.height,
    margin: { ...measures.margin, l: left + (titled ? 18 : 0), b: bottom, pad: 0 },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: theme.font, size: measures.text, color: theme.faint },
    hoverlabel: { bgcolor: theme.panel, bordercolor: theme.line, font: { family: theme.font, size: 12, color: theme.ink } },
    hovermode: heat ? "closest" : "x unified",
    dragmode: room.size === "page" ? "zoom" : false,
    bargap: 0.28,
    bargroupgap: 0.06,
    modebar: { bgcolor: "rgba(0,0,0,0)", color: theme.faint, activecolor: theme.accent },
    separators: ".,",
    xaxis,
    yaxis,
    uirevision: "kept",
  };
}

function longestName(given: Layout | undefined): number {
  const names = given?.ticktext as readonly string[] | undefined;
  return names === undefined ? 0 : Math.max(0, ...names.map((name) => Math.min(unescaped(name).length, LONGEST_NAME)));
}

function axis(given: Layout | undefined, letter: "x" | "y", room: Room, theme: ChartTheme, heat: boolean): Layout {
  const { tick, text, margin } = MEASURES[room.size];
  const small = isSmall(room.size);
  const across = letter === "x";
  const span = across ? room.width - margin.l - margin.r : room.height - margin.t - margin.b;
  const title = (given?.title as { text?: string } | undefined)?.text ?? "";
  return {
    ...given,
    title: small ? { text: "" } : { text: title, standoff: 8, font: { size: text, color: theme.faint } },
    gridcolor: theme.grid,
    gridwidth: 1,
    showgrid: !heat && !(across && given?.type === "category"),
    zeroline: false,
    linecolor: theme.line,
    showline: across && !heat,
    ticks: "",
    tickfont: { size: text, color: theme.faint },
    nticks: Math.max(2, Math.floor(span / tick[across ? 0 : 1])),
    automargin: !small,
    fixedrange: room.size !== "page",
    ...named(given, span, across, room),
  };
}

/** Named positions: all names where there is room, every second, third … where there is not, none where even that fails. */
function named(given: Layout | undefined, span: number, across: boolean, { size }: Room): Layout {
  const names = given?.ticktext as readonly string[] | undefined;
  if (names === undefined) return given?.type === "category" ? { tickangle: size === "page" || size === "panel" ? "auto" : 0 } : {};
  const longest = longestName(given);
  const need = across ? longest * CHARACTER + 6 : MEASURES[size].text + 3;
  const every = Math.max(1, Math.ceil((names.length * need) / Math.max(1, span)));
  if (isSmall(size) && (every > 5 || (across && longest * CHARACTER > span / 2))) return { showticklabels: false };
  const kept = names.map((name, index) => [index, cut(name)] as const).filter(([index]) => index % every === 0);
  return { tickvals: kept.map(([index]) => index), ticktext: kept.map(([, name]) => name), tickangle: across && !isSmall(size) && every > 1 ? "auto" : 0 };
}

function cut(name: string): string {
  const whole = unescaped(name);
  return whole.length > LONGEST_NAME ? escaped(`${whole.slice(0, LONGEST_NAME - 1)}…`) : name;
}

/** Between two colours of the tokens (#rrggbb); anything else stays the first. */
export function mixed(from: string, to: string, share: number): string {
  const parse = (colour: string): number[] | null => (/^#[0-9a-f]{6}$/i.test(colour) ? [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)) : null);
  const [left, right] = [parse(from), parse(to)];
  if (left === null || right === null) return from;
  return `#${left.map((value, index) => Math.round(value + ((right[index] ?? value) - value) * share).toString(16).padStart(2, "0")).join("")}`;
}
