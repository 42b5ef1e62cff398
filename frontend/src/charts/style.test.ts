import { expect, test } from "vitest";
import { golden } from "@testing/golden";
import type { MetricItem } from "@/model/metricsDelta";
import { figureOf, type Figure, type Layout } from "./figure";
import { CONFIG } from "./plotly";
import { mixed, styled, type ChartSize } from "./style";
import type { ChartTheme } from "./theme";

const theme: ChartTheme = { ink: "#111111", soft: "#666666", faint: "#777777", grid: "#eeeeee", line: "#dddddd", panel: "#ffffff", sunken: "#f0f0f0", accent: "#0000ff", font: "Inter", colours: ["#0000ff", "#ff0000"] };
const room = (size: ChartSize, stale = false) => ({ size, width: 300, height: 150, stale });
const all = golden<{ item: MetricItem; figure: Figure }[]>("metrics/figures.json");

test("nothing in the configuration of charts leads away from here", () => {
  expect(CONFIG).toMatchObject({ showSendToCloud: false, plotlyServerURL: "", displaylogo: false, typesetMath: false });
  expect(styled(figureOf((all[1] as { item: MetricItem }).item), room("page"), theme).config).toMatchObject({ showSendToCloud: false, plotlyServerURL: "" });
});

test("charts on the canvas stand still, and keep to their room", () => {
  for (const { item } of all) {
    const drawn = styled(figureOf(item), room("tile"), theme);
    expect(drawn.config).toMatchObject({ staticPlot: true, displayModeBar: false });
    expect(drawn.layout).toMatchObject({ width: 300, height: 150, autosize: false });
  }
});

test("it draws the same data at every size, and never changes the figure", () => {
  for (const { item, figure } of all) {
    const given = figureOf(item);
    for (const size of ["tile", "node", "panel", "page"] as const) {
      const drawn = styled(given, room(size), theme);
      expect(drawn.data.map(({ x, y, z }) => ({ x, y, z }))).toEqual(given.data.map(({ x, y, z }) => ({ x, y, z })));
    }
    expect(JSON.parse(JSON.stringify(given))).toEqual(figure);
  }
});

test("what is old is grey", () => {
  const line = figureOf(all.find(({ item }) => item.type === "line chart" && item.key === "two curves")?.item as MetricItem);
  expect(styled(line, room("node"), theme).data.map((trace) => (trace.line as { color: string }).color)).toEqual(["#0000ff", "#ff0000"]);
  expect(styled(line, room("node", true), theme).data.map((trace) => (trace.line as { color: string }).color)).toEqual(["#b4b4b4", "#b4b4b4"]);
});

test("names of cells that have no room are left out evenly, and cut without cutting an entity", () => {
  const names = Array.from({ length: 40 }, (_, index) => `<class> & number ${String(index)}`);
  const cells = names.map(() => names.map(() => 0));
  const item: MetricItem = { key: "m", title: "", type: "table", data: { cell_value: cells, row_labels: { title: "", value: names }, col_labels: { title: "", value: names } } };
  const { yaxis } = styled(figureOf(item), { size: "page", width: 800, height: 300, stale: false }, theme).layout as { yaxis: Layout & { ticktext: string[]; tickvals: number[] } };
  expect(yaxis.ticktext.length).toBeLessThan(25);
  expect(yaxis.tickvals[1]).toBeGreaterThan(1);
  expect(yaxis.ticktext.every((text) => !/&(?!(lt|gt|amp);)/.test(text))).toBe(true);
});

test("it mixes colours", () => {
  expect(mixed("#000000", "#ffffff", 0.5)).toBe("#808080");
  expect(mixed("red", "#ffffff", 0.5)).toBe("red");
});
