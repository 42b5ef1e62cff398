/** Tidy-up: where every node would go. Pure; a worker runs it, so that the page stays quick with thousands of nodes. */

import type { FlowGraph } from "@/canvas/convert";
import type { Position } from "@/model/document";
import { layeredLayout, type Box } from "@/model/layout";

export interface TidyRequest {
  readonly boxes: readonly Box[];
  readonly edges: readonly (readonly [string, string])[];
  /** The upper left corner of what is laid out stays where it is. */
  readonly corner: Position;
}

/** Room for two lines of why a step waits, below every node. */
const OPTIONS = { columnGap: 96, rowGap: 56, grid: 8 };

export function tidyRequest(graph: FlowGraph, only: readonly string[] = []): TidyRequest {
  const chosen = new Set(only);
  const owners = (id: string): string => id.split("/")[0] ?? id;
  // A frame lies where its steps lie; folded, it is a node like others.
  const solid = graph.nodes.filter((node) => node.type !== "subgraph" || node.data.folded);
  const nodes = chosen.size < 2 ? solid : solid.filter((node) => chosen.has(owners(node.id)));
  const known = new Set(nodes.map((node) => node.id));
  return {
    boxes: nodes.map((node) => ({ id: node.id, width: node.width ?? 0, height: node.height ?? 0 })),
    edges: graph.edges.filter((edge) => known.has(edge.source) && known.has(edge.target)).map((edge) => [edge.source, edge.target] as const),
    corner: {
      x: Math.min(...nodes.map((node) => node.position.x), Number.POSITIVE_INFINITY),
      y: Math.min(...nodes.map((node) => node.position.y), Number.POSITIVE_INFINITY),
    },
  };
}

export function tidied({ boxes, edges, corner }: TidyRequest): Record<string, Position> {
  if (boxes.length === 0) return {};
  const placed = layeredLayout(boxes, edges, OPTIONS);
  return Object.fromEntries(Object.entries(placed).map(([id, { x, y }]) => [id, { x: x + corner.x, y: y + corner.y }]));
}
