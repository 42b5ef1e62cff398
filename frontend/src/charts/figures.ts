/** The figure to draw: the server's own for the revision that it was made of, ours for everything newer. */

import type { MetricItem } from "@/model/metricsDelta";
import { figureOf, type Figure } from "./figure";

/** Looked up by what it is: an item that did not change is the same object, and so is its figure. */
const made = new WeakMap<MetricItem, Figure>();

export function figureFor(item: MetricItem): Figure {
  const held = made.get(item);
  if (held !== undefined) return held;
  const figure = figureOf(item);
  made.set(item, figure);
  return figure;
}

/** The server drew this very item. */
export function takeFigure(item: MetricItem, figure: Figure): void {
  made.set(item, figure);
}
