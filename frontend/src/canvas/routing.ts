/** Wires go around nodes: where the straight way would run behind a node that it has nothing to do with, the wire takes a
 * level way above or below it. Computed for the document as it is, not while something is being dragged. Pure. */

import type { Position } from "@/model/document";
import type { FlowGraph } from "./convert";
import { endsOf, rectOf, type Ends, type Rect } from "./place";

/** Nearer than this, a curve would fold over itself: the wire goes back around. */
export const ROOM = 24;
/** Between a wire and the node that it passes. */
const CLEAR = 16;
/** How far a wire needs to come to its level. */
const BEND = 56;
const SAMPLES = 20;
const CELL = 320;
const MOST_TRIED = 48;
/** Wires of different outputs on one level lie beside one another. */
const APART = 8;

export const goesBack = ({ sx, tx }: Ends): boolean => tx < sx + ROOM;

/** The height of the level part of each wire that needs one, by the wire's id. */
export function routesOf(graph: FlowGraph): ReadonlyMap<string, number> {
  const index = indexOf(graph);
  const ends = endsOf(graph);
  const routes = new Map<string, number>();
  const taken: Taken[] = [];
  for (const edge of graph.edges) {
    const at = ends.get(edge.id);
    if (at === undefined || edge.data?.role === "chart") continue;
    // On its way back a wire may run behind the very nodes that it joins.
    const own = goesBack(at) ? [] : [edge.source, edge.target];
    const direct = goesBack(at) ? steps(at, (at.sy + at.ty) / 2) : straight(at);
    const height = index.hits(direct, own) === 0 ? null : wayAround(index, at, own, taken, `${edge.source} ${edge.sourceHandle ?? ""}`);
    if (height === null) continue;
    routes.set(edge.id, height);
    taken.push({ height, from: Math.min(at.sx, at.tx), to: Math.max(at.sx, at.tx), owner: `${edge.source} ${edge.sourceHandle ?? ""}` });
  }
  return routes;
}

interface Taken {
  readonly height: number;
  readonly from: number;
  readonly to: number;
  readonly owner: string;
}

/** The nearest level that is free all the way; null where there is none. */
function wayAround(index: Index, at: Ends, own: readonly string[], taken: readonly Taken[], owner: string): number | null {
  const [from, to] = goesBack(at) ? [at.tx - ROOM, at.sx + ROOM] : [at.sx, at.tx];
  const cost = (height: number): number => Math.abs(height - at.sy) + Math.abs(height - at.ty);
  const free = (height: number): boolean => !taken.some((each) => each.owner !== owner && Math.abs(each.height - height) < APART && each.from < to && from < each.to);
  const levels = index.levels(from, to).sort((left, right) => cost(left) - cost(right));
  for (const level of levels.slice(0, MOST_TRIED)) {
    for (const height of [level, level + APART, level - APART]) {
      if (free(height) && index.hits(goesBack(at) ? steps(at, height) : levelled(at, height), own) === 0) return height;
    }
  }
  return null;
}

const bendOf = ({ sx, tx }: Ends): number => Math.min(BEND, (tx - sx) / 3);

/** As React Flow draws it. */
const straight = ({ sx, sy, tx, ty }: Ends): Position[] => curve({ x: sx, y: sy }, { x: tx, y: ty }, SAMPLES);

function levelled(at: Ends, height: number): Position[] {
  const bend = bendOf(at);
  const [begin, end] = [{ x: at.sx + bend, y: height }, { x: at.tx - bend, y: height }];
  return [...curve({ x: at.sx, y: at.sy }, begin, 8), ...line(begin, end), ...curve(end, { x: at.tx, y: at.ty }, 8)];
}

function steps({ sx, sy, tx, ty }: Ends, height: number): Position[] {
  const [right, left] = [sx + ROOM, tx - ROOM];
  return [...line({ x: right, y: sy }, { x: right, y: height }), ...line({ x: right, y: height }, { x: left, y: height }), ...line({ x: left, y: height }, { x: left, y: ty })];
}

/** A cubic curve that leaves and arrives level, its bend in the middle. */
function curve(from: Position, to: Position, samples: number): Position[] {
  const middle = (from.x + to.x) / 2;
  return Array.from({ length: samples + 1 }, (_, index) => {
    const t = index / samples;
    const u = 1 - t;
    return { x: u ** 3 * from.x + 3 * u * u * t * middle + 3 * u * t * t * middle + t ** 3 * to.x, y: (u ** 3 + 3 * u * u * t) * from.y + (3 * u * t * t + t ** 3) * to.y };
  });
}

const STRIDE = 32;
function line(from: Position, to: Position): Position[] {
  const count = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / STRIDE));
  return Array.from({ length: count + 1 }, (_, index) => ({ x: from.x + ((to.x - from.x) * index) / count, y: from.y + ((to.y - from.y) * index) / count }));
}

/** The path of a wire that takes a level way. */
export function levelPath(at: Ends, height: number): string {
  const bend = bendOf(at);
  const [begin, end] = [at.sx + bend, at.tx - bend];
  const half = bend / 2;
  const text = (...numbers: number[]): string => numbers.map((each) => String(Math.round(each * 10) / 10)).join(" ");
  return `M${text(at.sx, at.sy)}C${text(at.sx + half, at.sy, begin - half, height, begin, height)}L${text(end, height)}C${text(end + half, height, at.tx - half, at.ty, at.tx, at.ty)}`;
}

interface Index {
  /** How many of the places lie in a node, other than these. */
  hits(places: readonly Position[], own: readonly string[]): number;
  /** Heights just above and below the nodes between two places. */
  levels(from: number, to: number): number[];
}

function indexOf(graph: FlowGraph): Index {
  const rects = graph.nodes.filter((node) => node.type !== "subgraph" || node.data.folded).map((node) => ({ id: node.id, ...rectOf(node) }));
  const cells = new Map<string, (Rect & { readonly id: string })[]>();
  for (const rect of rects) {
    for (let x = Math.floor(rect.x / CELL); x <= Math.floor((rect.x + rect.width) / CELL); x += 1) {
      for (let y = Math.floor(rect.y / CELL); y <= Math.floor((rect.y + rect.height) / CELL); y += 1) {
        const key = `${String(x)} ${String(y)}`;
        cells.set(key, [...(cells.get(key) ?? []), rect]);
      }
    }
  }
  return {
    hits: (places, own) =>
      places.filter(({ x, y }) =>
        (cells.get(`${String(Math.floor(x / CELL))} ${String(Math.floor(y / CELL))}`) ?? []).some(
          (rect) => !own.includes(rect.id) && x > rect.x - 4 && x < rect.x + rect.width + 4 && y > rect.y && y < rect.y + rect.height,
        ),
      ).length,
    levels: (from, to) => rects.filter((rect) => rect.x < to && rect.x + rect.width > from).flatMap((rect) => [rect.y - CLEAR, rect.y + rect.height + CLEAR]),
  };
}
