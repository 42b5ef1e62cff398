/** A chunk of its own: nothing may import it but plotly.ts, lazily. Curves come with the core. */
import bar from "plotly.js/lib/bar";
import core from "plotly.js/lib/core";
import heatmap from "plotly.js/lib/heatmap";
import indicator from "plotly.js/lib/indicator";
import table from "plotly.js/lib/table";
import type { Plotly } from "./plotly";

const plotly = core as Plotly & { register(traces: readonly unknown[]): void };
plotly.register([bar, heatmap, indicator, table]);
export default plotly as Plotly;
