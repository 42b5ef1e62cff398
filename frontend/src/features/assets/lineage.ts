/** Where things come from, as a small graph in columns: pure placing, so that it can be tested. */

export type LineageKind = "workflow" | "run" | "step" | "dataset" | "version" | "model" | "files";

export interface LineageNode {
  readonly id: string;
  readonly kind: LineageKind;
  readonly title: string;
  readonly href: string | null;
  /** The thing that the page is about. */
  readonly here?: boolean;
  readonly column: number;
}

export interface LineageEdge {
  readonly from: string;
  readonly to: string;
}

export interface LineageGraph {
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly LineageEdge[];
}

export interface Placed extends LineageNode {
  readonly x: number;
  readonly y: number;
}

export interface LineagePicture {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly Placed[];
  readonly edges: readonly { readonly id: string; readonly path: string }[];
}

export const NODE_WIDTH = 204;
export const NODE_HEIGHT = 54;
const GAP_X = 44;
const GAP_Y = 14;

/** Columns from left to right, each centred; wires leave on the right and arrive on the left. */
export function placeLineage(graph: LineageGraph): LineagePicture {
  const columns = [...new Set(graph.nodes.map((node) => node.column))].sort((one, other) => one - other);
  const grouped = columns.map((column) => graph.nodes.filter((node) => node.column === column));
  const tallest = Math.max(0, ...grouped.map((group) => group.length));
  const height = Math.max(0, tallest * NODE_HEIGHT + (tallest - 1) * GAP_Y);
  const placed = grouped.flatMap((group, column) => {
    const own = group.length * NODE_HEIGHT + (group.length - 1) * GAP_Y;
    return group.map((node, row) => ({ ...node, x: column * (NODE_WIDTH + GAP_X), y: (height - own) / 2 + row * (NODE_HEIGHT + GAP_Y) }));
  });
  const byId = new Map(placed.map((node) => [node.id, node]));
  const edges = graph.edges.flatMap(({ from, to }) => {
    const [start, end] = [byId.get(from), byId.get(to)];
    return start === undefined || end === undefined ? [] : [{ id: `${from}>${to}`, path: wire(start, end) }];
  });
  return { width: Math.max(0, columns.length * (NODE_WIDTH + GAP_X) - GAP_X), height, nodes: placed, edges };
}

function wire(start: Placed, end: Placed): string {
  const [x1, y1, x2, y2] = [start.x + NODE_WIDTH, start.y + NODE_HEIGHT / 2, end.x, end.y + NODE_HEIGHT / 2];
  const bend = (x2 - x1) / 2;
  return `M ${String(x1)} ${String(y1)} C ${String(x1 + bend)} ${String(y1)} ${String(x2 - bend)} ${String(y2)} ${String(x2)} ${String(y2)}`;
}
