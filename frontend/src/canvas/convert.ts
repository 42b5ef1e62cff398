/** From the document to what React Flow draws, and from its gestures back to commands. Pure; the canvas is a view. */

import { Position as Side, type Edge, type Node } from "@xyflow/react";
import { BRANCH_FIELDS, positionOf, stepByName, type Branch, type Group, type Position, type Step, type WorkflowDocument } from "@/model/document";
import { isList, jsonEqual, type Json } from "@/model/json";
import type { Kinds, PortType } from "@/model/ports";
import { outputType } from "@/model/ports";
import { asReference, outputByName, referencesIn } from "@/model/references";
import {
  branchHandle,
  CHART_HEIGHT,
  CHART_INLET,
  CHART_WIDTH,
  chartId,
  chartPlace,
  drawsChart,
  handlesOf,
  inputHandle,
  ORDER_IN,
  ORDER_OUT,
  outputHandle,
  placeUnplaced,
  shapeOf,
  type StepShape,
} from "./geometry";

export interface StepData extends Record<string, unknown> {
  readonly step: Step;
  readonly shape: StepShape;
}
export interface ChartData extends Record<string, unknown> {
  readonly step: Step;
  readonly output: string;
}
export type StepFlowNode = Node<StepData, "step">;
export type ChartFlowNode = Node<ChartData, "chart">;
/** A subgraph: open a frame around its steps, folded one node in place of them. */
export interface GroupData extends Record<string, unknown> {
  readonly group: Group;
  /** Of its steps. */
  readonly ids: readonly string[];
  readonly names: readonly string[];
  readonly folded: boolean;
}
export type GroupFlowNode = Node<GroupData, "subgraph">;
export type FlowNode = StepFlowNode | ChartFlowNode | GroupFlowNode;

/** data: an output feeds an input. order: only waits. branch: a condition decides. reads: a condition takes a metric.
 * chart: from a metrics output to its picture. */
export type EdgeRole = "data" | "order" | "branch" | "reads" | "chart";
export interface WireData extends Record<string, unknown> {
  readonly role: EdgeRole;
  readonly type: PortType;
  /** Step ids, as the edge's own ends; a chart's end is the chart. */
  readonly from: string;
  readonly to: string;
  readonly output?: string;
  readonly input?: string;
  /** Which option of a selector. */
  readonly option?: number;
  readonly branch?: Branch;
  readonly names: readonly [string, string];
}
export type FlowEdge = Edge<WireData, "wire">;

export interface FlowGraph {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
}

export function toFlow(kinds: Kinds, document: WorkflowDocument): FlowGraph {
  const nodes: FlowNode[] = [];
  const edges: FlowEdge[] = [];
  const byName = new Map((document.steps ?? []).map((step) => [step.name, step]));
  (document.steps ?? []).forEach((step, index) => {
    const shape = shapeOf(kinds, document, step);
    const position = positionOf(document, step.id) ?? placeUnplaced(index);
    nodes.push(stepNode(step, shape, position));
    for (const [place, output] of (step.outputs ?? []).filter(drawsChart).entries()) {
      const node = chartNode(step, output.name, positionOf(document, chartId(step, output.name)) ?? chartPlace(position, shape, place));
      nodes.push(node);
      edges.push(chartWire(step, output.name, node, position, shape));
    }
    edges.push(...wiresInto(kinds, step, byName));
  });
  return { nodes, edges };
}

function stepNode(step: Step, shape: StepShape, position: Position): StepFlowNode {
  const { width, height } = shape;
  return { id: step.id, type: "step", position, width, height, measured: { width, height }, handles: handlesOf(shape), data: { step, shape } };
}

function chartNode(step: Step, output: string, position: Position): ChartFlowNode {
  const size = { width: CHART_WIDTH, height: CHART_HEIGHT };
  const handles = [Side.Left, Side.Right].map((side) => ({
    id: side,
    type: "target" as const,
    position: side,
    x: (side === Side.Left ? 0 : CHART_WIDTH) - 6,
    y: 12,
    width: 12,
    height: 12,
  }));
  const above = { id: Side.Top, type: "target" as const, position: Side.Top, x: CHART_INLET - 6, y: -6, width: 12, height: 12 };
  return { id: chartId(step, output), type: "chart", position, ...size, measured: size, handles: [...handles, above], data: { step, output }, connectable: false, deletable: false };
}

/** The wire goes to the near side of the picture, so that it never runs through it. */
function chartWire(step: Step, output: string, chart: ChartFlowNode, position: Position, shape: StepShape): FlowEdge {
  const beside = chart.position.x >= position.x + shape.width + 24;
  const below = chart.position.y >= position.y + shape.height && chart.position.x + CHART_INLET >= position.x + shape.width;
  return wire(`c:${chart.id}`, step.id, outputHandle(output), chart.id, beside ? Side.Left : below ? Side.Top : Side.Right, {
    role: "chart",
    type: "metrics",
    from: step.id,
    to: chart.id,
    output,
    names: [step.name, output],
  });
}

function wire(id: string, source: string, sourceHandle: string, target: string, targetHandle: string, data: WireData): FlowEdge {
  const fixed = data.role === "chart" || data.role === "reads";
  return { id, type: "wire", source, sourceHandle, target, targetHandle, data, selectable: !fixed, reconnectable: !fixed, deletable: false };
}

/** Everything that a step waits for: first what it takes, then the branches, then what it only waits for. */
function wiresInto(kinds: Kinds, step: Step, byName: ReadonlyMap<string, Step>): FlowEdge[] {
  const edges: FlowEdge[] = [];
  const drawn = new Set<string>();
  for (const input of step.inputs ?? []) {
    for (const [option, taken] of takenBy(input.data).entries()) {
      const from = byName.get(taken.step);
      const output = outputByName(from, taken.output);
      if (from === undefined || output === undefined) continue;
      drawn.add(from.name);
      const id = `d:${step.id}:${input.name}:${String(option)}`;
      const ends = { from: from.id, to: step.id, names: [from.name, step.name] as const };
      const data: WireData = { role: "data", type: outputType(kinds, from, output), ...ends, output: output.name, input: input.name, option };
      edges.push(wire(id, from.id, outputHandle(output.name), step.id, inputHandle(input.name), data));
    }
  }
  for (const { reference } of referencesIn(step)) {
    if (reference.kind !== "metric" || drawn.has(reference.step) || !step.depends_on?.includes(reference.step)) continue;
    const from = byName.get(reference.step);
    if (from === undefined || outputByName(from, reference.output) === undefined) continue;
    drawn.add(from.name);
    const data: WireData = { role: "reads", type: "metrics", from: from.id, to: step.id, output: reference.output, names: [from.name, step.name] };
    edges.push(wire(`m:${from.id}:${step.id}`, from.id, outputHandle(reference.output), step.id, ORDER_IN, data));
  }
  for (const name of new Set(step.depends_on)) {
    const from = byName.get(name);
    if (from === undefined || from.id === step.id) continue;
    const branch = branchTo(from, step.name);
    const ends = { from: from.id, to: step.id, names: [from.name, step.name] as const };
    if (branch !== null) {
      edges.push(wire(`b:${from.id}:${step.id}`, from.id, branchHandle(branch), step.id, ORDER_IN, { role: "branch", type: "order", ...ends, branch }));
    } else if (!drawn.has(name)) {
      edges.push(wire(`o:${from.id}:${step.id}`, from.id, ORDER_OUT, step.id, ORDER_IN, { role: "order", type: "order", ...ends }));
    }
  }
  return edges;
}

function takenBy(data: Json): readonly { readonly step: string; readonly output: string }[] {
  const reference = asReference(data);
  if (reference?.kind === "output") return [reference];
  return reference?.kind === "any_of" ? reference.options : [];
}

function branchTo(condition: Step, name: string): Branch | null {
  if (condition.kind !== "condition") return null;
  for (const branch of ["then", "else"] as const) {
    const list = condition.properties?.[BRANCH_FIELDS[branch]];
    if (isList(list) && list.includes(name)) return branch;
  }
  return null;
}

/** The new graph with the old objects wherever nothing changed: React Flow then leaves those nodes alone. */
export function keepingOld(before: FlowGraph, after: FlowGraph): FlowGraph {
  return { nodes: kept(before.nodes, after.nodes, sameNode), edges: kept(before.edges, after.edges, sameEdge) };
}

function kept<Each extends { readonly id: string }>(before: readonly Each[], after: readonly Each[], same: (left: Each, right: Each) => boolean): readonly Each[] {
  const old = new Map(before.map((each) => [each.id, each]));
  const merged = after.map((each) => {
    const was = old.get(each.id);
    return was !== undefined && same(was, each) ? was : each;
  });
  return merged.length === before.length && merged.every((each, index) => each === before[index]) ? before : merged;
}

function sameNode(left: FlowNode, right: FlowNode): boolean {
  if (left.position.x !== right.position.x || left.position.y !== right.position.y || left.type !== right.type) return false;
  if (left.type === "subgraph" || right.type === "subgraph") return left.type === "subgraph" && right.type === "subgraph" && left.width === right.width && left.height === right.height && jsonEqual(left.data, right.data);
  if (left.data.step !== right.data.step) return false;
  // A step shows what others make, too: the type of an input is its producer's.
  return left.type === "step" && right.type === "step" ? left.height === right.height && jsonEqual(left.data.shape, right.data.shape) : true;
}

function sameEdge(left: FlowEdge, right: FlowEdge): boolean {
  return left.source === right.source && left.targetHandle === right.targetHandle && left.sourceHandle === right.sourceHandle && jsonEqual(left.data, right.data);
}

/** Where a step is, also one that was never placed. */
export function placeOfStep(kinds: Kinds, document: WorkflowDocument, id: string): (Position & { width: number; height: number }) | null {
  const index = (document.steps ?? []).findIndex((step) => step.id === id);
  const step = document.steps?.[index];
  if (step === undefined) return null;
  const { width, height } = shapeOf(kinds, document, step);
  return { ...(positionOf(document, id) ?? placeUnplaced(index)), width, height };
}

export const stepIdOf = (document: WorkflowDocument, name: string): string | null => stepByName(document, name)?.id ?? null;
