/** Where things are on the canvas, from what is given to React Flow; nothing is measured. Pure. */

import { getViewportForBounds, type Viewport } from "@xyflow/react";
import type { Position } from "@/model/document";
import type { FlowGraph, FlowNode } from "./convert";

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const LEAST_ZOOM = 0.03;
export const MOST_ZOOM = 2;
/** Nothing is shown larger than it is, only because there is room. */
const FIT_ZOOM = 1;
/** Free of what lies over the canvas: above are its signs, below its tools and its map. */
export const FIT_ROOM = { top: "60px", right: "32px", bottom: "92px", left: "32px" } as const;

export const rectOf = (node: FlowNode, at: Position = node.position): Rect => ({ x: at.x, y: at.y, width: node.width ?? 0, height: node.height ?? 0 });

export const inside = ({ x, y, width, height }: Rect, at: Position): boolean => at.x >= x && at.x <= x + width && at.y >= y && at.y <= y + height;

export const overlaps = (left: Rect, right: Rect): boolean =>
  left.x < right.x + right.width && right.x < left.x + left.width && left.y < right.y + right.height && right.y < left.y + left.height;

/** What all of them lie in; null for none. */
export function around(nodes: readonly FlowNode[]): Rect | null {
  if (nodes.length === 0) return null;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const node of nodes) {
    const { x, y, width, height } = rectOf(node);
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** From where all of them are seen; null where there is nothing to see. */
export function viewOf(nodes: readonly FlowNode[], width: number, height: number): Viewport | null {
  const bounds = around(nodes);
  if (bounds === null || width === 0 || height === 0) return null;
  return getViewportForBounds({ ...bounds }, width, height, LEAST_ZOOM, FIT_ZOOM, FIT_ROOM);
}

/** The node at a place; the last that was drawn lies on top. */
export const nodeAt = (graph: FlowGraph, at: Position): FlowNode | null => graph.nodes.findLast((node) => (node.type !== "subgraph" || node.data.folded) && inside(rectOf(node), at)) ?? null;

export interface Ends {
  readonly sx: number;
  readonly sy: number;
  readonly tx: number;
  readonly ty: number;
}

/** The ends of every wire, by its id, as React Flow computes them from the ports that it was given. */
export function endsOf(graph: FlowGraph): Map<string, Ends> {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const found = new Map<string, Ends>();
  for (const edge of graph.edges) {
    const [from, to] = [nodes.get(edge.source), nodes.get(edge.target)];
    const start = from === undefined ? null : portAt(from, "source", edge.sourceHandle);
    const end = to === undefined ? null : portAt(to, "target", edge.targetHandle);
    if (start !== null && end !== null) found.set(edge.id, { sx: start.x, sy: start.y, tx: end.x, ty: end.y });
  }
  return found;
}

function portAt(node: FlowNode, type: "source" | "target", id: string | null | undefined): Position | null {
  const port = node.handles?.find((each) => each.type === type && each.id === id);
  if (port === undefined) return null;
  const { width = 0, height = 0 } = port;
  const across = port.position === "left" ? 0 : port.position === "right" ? width : width / 2;
  const down = port.position === "top" ? 0 : port.position === "bottom" ? height : height / 2;
  return { x: node.position.x + port.x + across, y: node.position.y + port.y + down };
}
