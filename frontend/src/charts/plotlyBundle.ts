/** A chunk of its own: nothing may import it but plotly.ts, lazily. Curves come with the core; numbers and tables are
 * better as HTML, where they can be read aloud, selected and copied. */
import bar from "plotly.js/lib/bar";
import core from "plotly.js/lib/core";
import heatmap from "plotly.js/lib/heatmap";
import type { Plotly } from "./plotly";

const plotly = core as unknown as Plotly & { register(traces: readonly unknown[]): void };
plotly.register([bar, heatmap]);
export default plotly as unknown as Plotly;
