/** The colours of charts: the tokens of the interface, read once a theme. The same on canvas, panel and page. */

import { shownTheme } from "@/ui/theme";

export interface ChartTheme {
  readonly ink: string;
  readonly soft: string;
  readonly faint: string;
  readonly grid: string;
  readonly line: string;
  readonly panel: string;
  readonly sunken: string;
  readonly accent: string;
  readonly font: string;
  readonly colours: readonly string[];
}

const COLOURS = 8;
let held: { readonly name: string; readonly theme: ChartTheme } | null = null;

export function chartTheme(): ChartTheme {
  const name = shownTheme();
  if (held?.name === name) return held.theme;
  const style = getComputedStyle(document.documentElement);
  const read = (token: string): string => style.getPropertyValue(`--${token}`).trim();
  const theme: ChartTheme = {
    ink: read("ink"),
    soft: read("ink-2"),
    faint: read("ink-3"),
    grid: read("chart-grid"),
    line: read("line-strong"),
    panel: read("panel"),
    sunken: read("sunken"),
    accent: read("chart-1"),
    font: read("font"),
    colours: Array.from({ length: COLOURS }, (_, index) => read(`chart-${String(index + 1)}`)),
  };
  // Before the style sheet is there nothing is worth keeping.
  if (theme.ink !== "") held = { name, theme };
  return theme;
}

export const colourOf = (index: number): string => `var(--chart-${String((index % COLOURS) + 1)})`;
