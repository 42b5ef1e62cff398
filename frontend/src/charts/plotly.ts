/** Our own Plotly: the traces that metrics need, fetched when the first chart is shown. Everything that would leave the
 * origin is off here, once, for all charts. */

import type * as Bundle from "./plotlyBundle";

/** The part of Plotly that charts call. */
export interface Plotly {
  react(node: HTMLElement, data: readonly unknown[], layout: object, config: object): Promise<unknown>;
  purge(node: HTMLElement): void;
  Plots: { resize(node: HTMLElement): Promise<unknown> };
}

/** Plotly 4 offers to publish charts at its maker's server unless told otherwise; formulas would need a library. */
export const CONFIG = {
  displaylogo: false,
  responsive: false,
  showSendToCloud: false,
  showEditInChartStudio: false,
  plotlyServerURL: "",
  typesetMath: false,
  modeBarButtonsToRemove: ["sendDataToCloud", "sendChartToCloud", "lasso2d", "select2d", "autoScale2d"],
  toImageButtonOptions: { format: "svg" },
  doubleClick: "reset",
} as const;

let loading: Promise<Plotly> | null = null;

export function loadPlotly(): Promise<Plotly> {
  loading ??= import("./plotlyBundle").then(
    (bundle: typeof Bundle) => bundle.default,
    (error: unknown) => {
      // The next chart tries again.
      loading = null;
      throw error;
    },
  );
  return loading;
}
