import { expect, test } from "vitest";
import { CONFIG } from "./plotly";
import { themed } from "./theme";

const colours = { ink: "#111", soft: "#666", grid: "#eee", panel: "#fff", font: "Inter", series: ["#00f", "#f00"] };

test("it colours what a figure leaves open, and nothing that it says", () => {
  const layout = themed({ title: { text: "Loss" }, xaxis: { title: { text: "epoch" }, gridcolor: "red" }, yaxis2: {}, font: { size: 14 } }, colours);
  expect(layout).toMatchObject({
    title: { text: "Loss" },
    colorway: ["#00f", "#f00"],
    xaxis: { title: { text: "epoch" }, gridcolor: "red", linecolor: "#eee" },
    yaxis: { gridcolor: "#eee" },
    yaxis2: { gridcolor: "#eee" },
    font: { size: 14, color: "#666" },
  });
});

test("nothing in the configuration of charts leads away from here", () => {
  expect(CONFIG).toMatchObject({ showSendToCloud: false, plotlyServerURL: "", displaylogo: false });
});
