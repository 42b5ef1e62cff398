/** Where nodes go when nobody has put them anywhere: layers by longest path, crossings lessened by barycentres, heights
 * respected. Quick enough for thousands of nodes; the same answer for the same graph. */

import type { Position } from "./document";

export interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface LayoutOptions {
  readonly columnGap?: number;
  readonly rowGap?: number;
  /** Positions are multiples of it. */
  readonly grid?: number;
}

interface Cell {
  /** null: a bend of a long edge, which keeps room free for it. */
  readonly box: Box | null;
  readonly layer: number;
  readonly above: Cell[];
  readonly below: Cell[];
  order: number;
  y: number;
}

const SWEEPS = 12;
const BEND_HEIGHT = 16;

export function layeredLayout(
  boxes: readonly Box[],
  edges: readonly (readonly [string, string])[],
  { columnGap = 96, rowGap = 40, grid = 8 }: LayoutOptions = {},
): Record<string, Position> {
  const layers = cellsOf(boxes, edges);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) arrange(layers, sweep % 2 === 0);
  place(layers, rowGap);
  const positions: Record<string, Position> = {};
  let x = 0;
  const top = Math.min(0, ...layers.flat().map((cell) => cell.y));
  for (const layer of layers) {
    let width = 0;
    for (const { box, y } of layer) {
      if (box === null) continue;
      positions[box.id] = { x: snapped(x, grid), y: snapped(y - top, grid) };
      width = Math.max(width, box.width);
    }
    x += width + columnGap;
  }
  return positions;
}

const snapped = (value: number, grid: number): number => Math.round(value / grid) * grid;

function cellsOf(boxes: readonly Box[], edges: readonly (readonly [string, string])[]): Cell[][] {
  const depth = depths(boxes, edges);
  const layers: Cell[][] = [];
  const cells = new Map<string, Cell>();
  const add = (box: Box | null, layer: number): Cell => {
    const row = (layers[layer] ??= []);
    const cell: Cell = { box, layer, above: [], below: [], order: row.length, y: 0 };
    row.push(cell);
    return cell;
  };
  for (const box of boxes) cells.set(box.id, add(box, depth.get(box.id) ?? 0));
  for (const [from, to] of edges) {
    const start = cells.get(from);
    const end = cells.get(to);
    if (start === undefined || end === undefined || start.layer >= end.layer) continue;
    let last = start;
    for (let layer = start.layer + 1; layer < end.layer; layer += 1) last = linked(last, add(null, layer));
    linked(last, end);
  }
  return layers.map((layer) => layer ?? []);
}

function linked(above: Cell, below: Cell): Cell {
  above.below.push(below);
  below.above.push(above);
  return below;
}

/** The longest path to each node; edges that close a cycle are left out by the order of the walk. */
function depths(boxes: readonly Box[], edges: readonly (readonly [string, string])[]): Map<string, number> {
  const missing = new Map(boxes.map((box) => [box.id, 0]));
  const children = new Map<string, string[]>(boxes.map((box) => [box.id, []]));
  for (const [from, to] of edges) {
    if (!missing.has(from) || !missing.has(to) || from === to) continue;
    missing.set(to, (missing.get(to) ?? 0) + 1);
    children.get(from)?.push(to);
  }
  const depth = new Map(boxes.map((box) => [box.id, 0]));
  const ready = boxes.filter((box) => missing.get(box.id) === 0).map((box) => box.id);
  for (let at = 0; at < ready.length; at += 1) {
    const id = ready[at] as string;
    for (const child of children.get(id) ?? []) {
      depth.set(child, Math.max(depth.get(child) ?? 0, (depth.get(id) ?? 0) + 1));
      missing.set(child, (missing.get(child) ?? 0) - 1);
      if (missing.get(child) === 0) ready.push(child);
    }
  }
  return depth;
}

/** One sweep: every cell goes to the mean place of its neighbours in the layer before (or behind). */
function arrange(layers: Cell[][], downwards: boolean): void {
  const ordered = downwards ? layers : layers.toReversed();
  for (const layer of ordered) {
    const wanted = new Map(layer.map((cell) => [cell, barycentre(downwards ? cell.above : cell.below, cell.order)]));
    layer.sort((left, right) => (wanted.get(left) as number) - (wanted.get(right) as number) || left.order - right.order);
    layer.forEach((cell, index) => {
      cell.order = index;
    });
  }
}

function barycentre(neighbours: readonly Cell[], otherwise: number): number {
  if (neighbours.length === 0) return otherwise;
  return neighbours.reduce((sum, cell) => sum + cell.order, 0) / neighbours.length;
}

const heightOf = (cell: Cell): number => cell.box?.height ?? BEND_HEIGHT;
const middleOf = (cell: Cell): number => cell.y + heightOf(cell) / 2;

/** Vertical places: each cell as near to the middle of its neighbours as the order of its layer leaves room for. */
function place(layers: Cell[][], rowGap: number): void {
  for (const layer of layers) {
    let y = 0;
    for (const cell of layer) {
      cell.y = y;
      y += heightOf(cell) + rowGap;
    }
  }
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const downwards = sweep % 2 === 0;
    for (const layer of downwards ? layers : layers.toReversed()) pull(layer, downwards, rowGap);
  }
}

function pull(layer: readonly Cell[], downwards: boolean, rowGap: number): void {
  const wanted = layer.map((cell) => {
    const neighbours = downwards ? cell.above : cell.below;
    if (neighbours.length === 0) return cell.y;
    return neighbours.reduce((sum, each) => sum + middleOf(each), 0) / neighbours.length - heightOf(cell) / 2;
  });
  // Isotonic regression (pool adjacent violators): the nearest places that keep the order and the gaps.
  const offsets: number[] = [];
  let offset = 0;
  for (const cell of layer) {
    offsets.push(offset);
    offset += heightOf(cell) + rowGap;
  }
  const pools: { sum: number; count: number }[] = [];
  wanted.forEach((y, index) => {
    let pool = { sum: y - (offsets[index] as number), count: 1 };
    for (let last = pools.at(-1); last !== undefined && last.sum / last.count > pool.sum / pool.count; last = pools.at(-1)) {
      pools.pop();
      pool = { sum: last.sum + pool.sum, count: last.count + pool.count };
    }
    pools.push(pool);
  });
  let at = 0;
  for (const { sum, count } of pools) {
    for (let left = count; left > 0; left -= 1, at += 1) {
      (layer[at] as Cell).y = sum / count + (offsets[at] as number);
    }
  }
}

/** A place to the right of a node, and below whatever is there already. */
export function placeBeside(beside: Position & { readonly width: number }, size: Omit<Box, "id">, others: readonly (Position & Omit<Box, "id">)[], gap = 72): Position {
  const x = beside.x + beside.width + gap;
  let y = beside.y;
  const clash = () => others.find((each) => x < each.x + each.width + 16 && each.x < x + size.width + 16 && y < each.y + each.height + 16 && each.y < y + size.height + 16);
  for (let hit = clash(); hit !== undefined; hit = clash()) y = hit.y + hit.height + 24;
  return { x, y };
}
