/** The graph of steps, by name: order, ancestors, descendants, cycles. Nothing recurses; all of it is linear. */

import type { WorkflowDocument } from "./document";

export interface Graph {
  /** Only known steps, each once. */
  readonly parents: ReadonlyMap<string, readonly string[]>;
  readonly children: ReadonlyMap<string, readonly string[]>;
  /** Topological; steps on or behind a cycle are missing in it. */
  readonly order: readonly string[];
}

export function graphOf(document: WorkflowDocument): Graph {
  return graphFrom((document.steps ?? []).map((step) => [step.name, step.depends_on ?? []]));
}

export function graphFrom(dependsOn: Iterable<readonly [string, readonly string[]]>): Graph {
  const named = new Map(dependsOn);
  const parents = new Map<string, readonly string[]>();
  const children = new Map<string, string[]>();
  for (const name of named.keys()) children.set(name, []);
  for (const [name, wanted] of named) {
    const known = [...new Set(wanted)].filter((parent) => named.has(parent));
    parents.set(name, known);
    for (const parent of known) children.get(parent)?.push(name);
  }
  return { parents, children, order: topological(parents, children) };
}

function topological(parents: Graph["parents"], children: Graph["children"]): string[] {
  const missing = new Map([...parents].map(([name, above]) => [name, above.length]));
  const order = [...missing].filter(([, count]) => count === 0).map(([name]) => name);
  for (let at = 0; at < order.length; at += 1) {
    for (const child of children.get(order[at] as string) ?? []) {
      const left = (missing.get(child) ?? 0) - 1;
      missing.set(child, left);
      if (left === 0) order.push(child);
    }
  }
  return order;
}

/** Everything that can be reached from `start` by at least one edge. */
export function reachable(start: string, edges: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set<string>();
  const stack = [...(edges.get(start) ?? [])];
  for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    stack.push(...(edges.get(name) ?? []));
  }
  return found;
}

export const ancestors = (graph: Graph, name: string): Set<string> => reachable(name, graph.parents);
export const descendants = (graph: Graph, name: string): Set<string> => reachable(name, graph.children);

/** Whether an edge from → to would close a cycle. Computed from the descendants of `to`, once per drag. */
export function closesCycle(graph: Graph, from: string, to: string): boolean {
  return from === to || descendants(graph, to).has(from);
}

/** One cycle of every knot, as a path along depends_on that ends where it begins. */
export function cycles(graph: Graph): string[][] {
  const done = new Set(graph.order);
  const found: string[][] = [];
  for (const start of graph.parents.keys()) {
    if (!done.has(start)) {
      const cycle = walkBack(start, graph.parents, done);
      if (cycle.length > 0) found.push(cycle);
    }
  }
  return found;
}

function walkBack(start: string, parents: Graph["parents"], done: Set<string>): string[] {
  const path = [start];
  const place = new Map([[start, 0]]);
  const untried = [iterator(parents, start)];
  let cycle: string[] = [];
  while (path.length > 0) {
    const next = (untried.at(-1) as Iterator<string>).next();
    if (next.done) {
      untried.pop();
      const left = path.pop() as string;
      done.add(left);
      place.delete(left);
    } else if (place.has(next.value)) {
      if (cycle.length === 0) cycle = [...path.slice(place.get(next.value)), next.value];
    } else if (!done.has(next.value)) {
      place.set(next.value, path.length);
      path.push(next.value);
      untried.push(iterator(parents, next.value));
    }
  }
  return cycle;
}

function iterator(parents: Graph["parents"], name: string): Iterator<string> {
  return (parents.get(name) ?? [])[Symbol.iterator]();
}
