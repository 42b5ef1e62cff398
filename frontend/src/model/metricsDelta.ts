/** Metrics as they are shown, and the changes between two looks at a file. The same rules as the server's delta.py. */

import { isObject, type Json, type JsonObject } from "./json";

export const METRIC_TYPES = ["float", "line chart", "histogram", "table", "one-dimensional-table"] as const;
export type MetricType = (typeof METRIC_TYPES)[number];

export interface MetricItem {
  readonly key: string;
  readonly title: string;
  readonly type: MetricType;
  readonly data: JsonObject;
}

interface Axis {
  readonly title: string;
  readonly value: readonly Json[];
}

interface Tail {
  readonly at: number;
  readonly value: readonly Json[];
}

type Operation =
  | { readonly op: "set"; readonly item: MetricItem }
  | { readonly op: "remove"; readonly key: string }
  | { readonly op: "splice"; readonly key: string; readonly x: readonly Tail[]; readonly y: readonly Tail[]; readonly points?: Json };

export interface MetricsDelta {
  readonly ops: readonly Operation[];
  readonly order?: readonly string[];
}

/** The change does not fit what it is for: fetch the whole. */
export class Misfit extends Error {
  override name = "Misfit";
}

export function applyDelta(old: readonly MetricItem[], delta: MetricsDelta): MetricItem[] {
  const items = new Map(old.map((item) => [item.key, item]));
  for (const op of delta.ops) applyOne(items, op);
  if (delta.order === undefined) return [...items.values()];
  if (delta.order.length !== items.size || new Set(delta.order).size !== items.size) throw new Misfit("the order names other metrics than there are");
  return delta.order.map((key) => known(items, key));
}

function applyOne(items: Map<string, MetricItem>, op: Operation): void {
  switch (op.op) {
    case "set":
      items.set(op.item.key, op.item);
      return;
    case "remove":
      known(items, op.key);
      items.delete(op.key);
      return;
    case "splice":
      items.set(op.key, spliced(known(items, op.key), op));
      return;
    default:
      throw new Misfit("an unknown operation");
  }
}

function known(items: ReadonlyMap<string, MetricItem>, key: string): MetricItem {
  const item = items.get(key);
  if (item === undefined) throw new Misfit(`no metric has the key ${key}`);
  return item;
}

function spliced(item: MetricItem, op: Extract<Operation, { op: "splice" }>): MetricItem {
  const data: Record<string, Json> = {
    x_axis: joined(item.data.x_axis, op.x),
    y_axis: joined(item.data.y_axis, op.y),
  };
  if (op.points !== undefined) data.points = op.points;
  return { ...item, data };
}

function joined(axes: Json | undefined, tails: readonly Tail[]): Json {
  if (!isAxes(axes) || axes.length !== tails.length) throw new Misfit("the change does not fit the curves it is for");
  return axes.map((axis, index) => {
    const tail = tails[index] as Tail;
    if (tail.at > axis.value.length) throw new Misfit("the change does not fit the curves it is for");
    return { title: axis.title, value: [...axis.value.slice(0, tail.at), ...tail.value] };
  });
}

function isAxes(value: unknown): value is readonly Axis[] {
  return Array.isArray(value) && value.every((axis) => isObject(axis) && Array.isArray(axis.value));
}
