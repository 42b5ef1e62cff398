/** Subgraphs on the canvas: open, a frame around their steps; folded, one node in place of them, to which their wires lead.
 * Pure: where everything lies follows from where the steps lie. */

import { Position as Side } from "@xyflow/react";
import type { Group, Position, WorkflowDocument } from "@/model/document";
import { membersOf } from "@/model/groups";
import type { FlowEdge, FlowGraph, FlowNode, GroupFlowNode, WireData } from "./convert";
import { HEADER, NODE_WIDTH } from "./geometry";
import { around, type Rect } from "./place";

export const GROUP_HEAD = 34;
const AROUND = 20;
const FOLDED_HEIGHT = HEADER + 40;
export const GROUP_IN = "group:in";
export const GROUP_OUT = "group:out";

export const groupNodeId = (id: string): string => `group:${id}`;
export const groupOfNode = (nodeId: string): string | null => (nodeId.startsWith("group:") ? nodeId.slice("group:".length) : null);
const ownerOf = (nodeId: string): string => nodeId.split("/")[0] ?? nodeId;

export function withGroups(graph: FlowGraph, document: WorkflowDocument, folded: ReadonlySet<string>): FlowGraph {
  const groups = document.subgraphs ?? [];
  if (groups.length === 0) return graph;
  const frames: FlowNode[] = [];
  const closed: FlowNode[] = [];
  /** Which folded group stands for a step. */
  const inside = new Map<string, string>();
  for (const group of groups) {
    const members = membersOf(document, group);
    const ids = new Set(members.map((step) => step.id));
    const nodes = graph.nodes.filter((node) => ids.has(ownerOf(node.id)));
    const bounds = around(nodes);
    if (bounds === null) continue;
    const isClosed = folded.has(group.id);
    const node = groupNode(group, [...ids], members.map((step) => step.name), bounds, isClosed);
    (isClosed ? closed : frames).push(node);
    if (isClosed) for (const id of ids) inside.set(id, node.id);
  }
  if (inside.size === 0) return { nodes: [...frames, ...graph.nodes], edges: graph.edges };
  const nodes = graph.nodes.filter((node) => !inside.has(ownerOf(node.id)));
  return { nodes: [...frames, ...nodes, ...closed], edges: rerouted(graph.edges, inside) };
}

function groupNode(group: Group, ids: readonly string[], names: readonly string[], bounds: Rect, folded: boolean): GroupFlowNode {
  const position = folded ? { x: bounds.x, y: bounds.y } : { x: bounds.x - AROUND, y: bounds.y - AROUND - GROUP_HEAD };
  const size = folded ? { width: NODE_WIDTH, height: FOLDED_HEIGHT } : { width: bounds.width + 2 * AROUND, height: bounds.height + 2 * AROUND + GROUP_HEAD };
  const y = HEADER / 2 - 6;
  return {
    id: groupNodeId(group.id),
    type: "subgraph",
    position,
    ...size,
    measured: size,
    // Behind everything, also while it is selected; the canvas inside of the frame stays the canvas.
    ...(!folded && { zIndex: -2000, dragHandle: "[data-group-head]", className: "group-frame" }),
    connectable: false,
    deletable: false,
    focusable: false,
    handles: folded
      ? [
          { id: GROUP_IN, type: "target", position: Side.Left, x: -6, y, width: 12, height: 12 },
          { id: GROUP_OUT, type: "source", position: Side.Right, x: NODE_WIDTH - 6, y, width: 12, height: 12 },
        ]
      : [],
    data: { group, ids, names, folded },
  };
}

/** Wires that lead into or out of a folded group end at it; of several that then look alike one is left. */
function rerouted(edges: readonly FlowEdge[], inside: ReadonlyMap<string, string>): FlowEdge[] {
  const found: FlowEdge[] = [];
  const drawn = new Set<string>();
  for (const edge of edges) {
    const [source, target] = [inside.get(ownerOf(edge.source)), inside.get(ownerOf(edge.target))];
    if (source === undefined && target === undefined) {
      found.push(edge);
      continue;
    }
    if (source === target || edge.data?.role === "chart") continue;
    const ends = {
      source: source ?? edge.source,
      sourceHandle: source === undefined ? edge.sourceHandle : GROUP_OUT,
      target: target ?? edge.target,
      targetHandle: target === undefined ? edge.targetHandle : GROUP_IN,
    };
    const key = [ends.source, ends.sourceHandle, ends.target, ends.targetHandle].join(" ");
    if (drawn.has(key)) continue;
    drawn.add(key);
    found.push({ ...edge, ...ends, id: `g:${edge.id}`, data: edge.data as WireData, selectable: false, reconnectable: false });
  }
  return found;
}

/** Where the steps of a group go when it is dragged that far; charts go with their step. */
export function movedWith(plain: FlowGraph, ids: readonly string[], by: Position): Record<string, Position> {
  const members = new Set(ids);
  const positions: Record<string, Position> = {};
  for (const node of plain.nodes) {
    if (members.has(ownerOf(node.id))) positions[node.id] = { x: Math.round(node.position.x + by.x), y: Math.round(node.position.y + by.y) };
  }
  return positions;
}

/** Positions of what is drawn, as positions of what is in the document: a folded group stands for its steps. */
export function unfolded(plain: FlowGraph, shown: FlowGraph, positions: Readonly<Record<string, Position>>): Record<string, Position> {
  const found: Record<string, Position> = {};
  for (const [id, at] of Object.entries(positions)) {
    const node = shown.nodes.find((each) => each.id === id);
    if (node?.type !== "subgraph") found[id] = at;
    else if (node.data.folded) Object.assign(found, movedWith(plain, node.data.ids, { x: at.x - node.position.x, y: at.y - node.position.y }));
  }
  return found;
}

/** The folded group in which a step cannot be seen. */
export function hiding(document: WorkflowDocument, stepId: string, folded: ReadonlySet<string>): Group | null {
  if (folded.size === 0) return null;
  const name = document.steps?.find((step) => step.id === stepId)?.name;
  return document.subgraphs?.find((group) => folded.has(group.id) && name !== undefined && group.steps?.includes(name)) ?? null;
}
