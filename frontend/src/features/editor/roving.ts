/** Where the arrow keys lead: right and left along the wires, up and down among those that stand beside one another. */

import type { Position, WorkflowDocument } from "@/model/document";
import { graphOf, type Graph } from "@/model/graph";

export type Direction = "right" | "left" | "up" | "down" | "first" | "last";

/** Every step once, in the order in which they run; those on a cycle at the end. */
export function readingOrder(document: WorkflowDocument, graph: Graph = graphOf(document)): string[] {
  const ids = new Map((document.steps ?? []).map((step) => [step.name, step.id]));
  const ordered = graph.order.flatMap((name) => ids.get(name) ?? []);
  const seen = new Set(ordered);
  return [...ordered, ...(document.steps ?? []).map((step) => step.id).filter((id) => !seen.has(id))];
}

export function neighbour(document: WorkflowDocument, from: string | null, direction: Direction, placeOf: (id: string) => Position): string | null {
  const graph = graphOf(document);
  const order = readingOrder(document, graph);
  if (order.length === 0) return null;
  const at = from === null ? -1 : order.indexOf(from);
  if (at < 0 || direction === "first") return order[0] ?? null;
  if (direction === "last") return order.at(-1) ?? null;
  const step = (document.steps ?? []).find((each) => each.id === from);
  const ids = new Map((document.steps ?? []).map((each) => [each.name, each.id]));
  const idsOf = (names: readonly string[] | undefined): string[] => (names ?? []).flatMap((name) => ids.get(name) ?? []);
  if (direction === "right") return byHeight(idsOf(graph.children.get(step?.name ?? "")), placeOf)[0] ?? order[at + 1] ?? null;
  if (direction === "left") return byHeight(idsOf(graph.parents.get(step?.name ?? "")), placeOf)[0] ?? order[at - 1] ?? null;
  const column = byHeight(sameColumn(order, from as string, placeOf), placeOf);
  const beside = column[column.indexOf(from as string) + (direction === "down" ? 1 : -1)];
  return beside ?? order[at + (direction === "down" ? 1 : -1)] ?? null;
}

const COLUMN = 160;
const sameColumn = (ids: readonly string[], from: string, placeOf: (id: string) => Position): string[] => {
  const { x } = placeOf(from);
  return ids.filter((id) => Math.abs(placeOf(id).x - x) < COLUMN);
};
const byHeight = (ids: readonly string[], placeOf: (id: string) => Position): string[] => [...ids].sort((left, right) => placeOf(left).y - placeOf(right).y);
