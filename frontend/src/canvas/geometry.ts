/** How large a node is and where its ports sit, from its kind and content alone. Nothing is measured, so nothing moves
 * when it is drawn, and a node that is not drawn has its place, too. What a run shows changes no size. */

import { Position as Side, type NodeHandle } from "@xyflow/react";
import { makesMetrics, type Output, type Position, type Step, type WorkflowDocument } from "@/model/document";
import { inputPorts, outputPorts, type Kinds, type Port, type PortType } from "@/model/ports";
import { asReference } from "@/model/references";
import { factsOf, type Fact } from "./facts";

export const GRID = 8;
export const NODE_WIDTH = 240;
export const HEADER = 48;
export const PORT_ROW = 24;
export const FACT_ROW = 22;
export const PADDING = 8;
export const CHART_WIDTH = 400;
export const CHART_HEIGHT = 312;
export const CHART_HEADER = 36;
/** Where a wire from above enters: right of the step that the chart lies below. */
export const CHART_INLET = 232;
const HANDLE = 12;
const BELOW = 40;

export interface ShownPort extends Port {
  /** As React Flow knows it. */
  readonly handle: string;
  /** The data placeholder that feeds an input. */
  readonly placeholder?: string;
  /** An input that nothing feeds. */
  readonly empty?: boolean;
}

export interface StepShape {
  readonly width: number;
  readonly height: number;
  readonly inputs: readonly ShownPort[];
  readonly outputs: readonly ShownPort[];
  readonly facts: readonly Fact[];
  /** Top of the rows of ports and of facts. */
  readonly portsTop: number;
  readonly factsTop: number;
}

export const ORDER_IN = "order:in";
export const ORDER_OUT = "order:out";
export const inputHandle = (name: string): string => `in:${name}`;
export const outputHandle = (name: string): string => `out:${name}`;
export const branchHandle = (branch: "then" | "else"): string => `branch:${branch}`;

/** Ports through which nothing travels: they only say what comes first. */
export const isOrderHandle = (handle: string): boolean => handle === ORDER_IN || handle === ORDER_OUT || handle.startsWith("branch:");

export type HandleRole =
  | { readonly role: "input" | "output"; readonly name: string }
  | { readonly role: "branch"; readonly name: "then" | "else" }
  | { readonly role: "order_in" | "order_out" };

export function roleOfHandle(handle: string | null | undefined): HandleRole | null {
  if (handle === ORDER_IN) return { role: "order_in" };
  if (handle === ORDER_OUT) return { role: "order_out" };
  const at = handle?.indexOf(":") ?? -1;
  const name = handle?.slice(at + 1) ?? "";
  if (handle?.startsWith("in:")) return { role: "input", name };
  if (handle?.startsWith("out:")) return { role: "output", name };
  if (handle === "branch:then" || handle === "branch:else") return { role: "branch", name: name as "then" | "else" };
  return null;
}

export function shapeOf(kinds: Kinds, document: WorkflowDocument, step: Step): StepShape {
  const inputs = inputPorts(kinds, document, step).map((port, index): ShownPort => {
    const data = step.inputs?.[index]?.data ?? null;
    const reference = asReference(data);
    const placeholder = reference?.kind === "data" ? { placeholder: reference.name } : {};
    return { ...port, handle: inputHandle(port.name), empty: data === null, ...placeholder };
  });
  const branches = (["then", "else"] as const).map((name): ShownPort => ({ name, type: "order", handle: branchHandle(name) }));
  const made = outputPorts(kinds, step).map((port): ShownPort => ({ ...port, handle: outputHandle(port.name) }));
  const outputs = step.kind === "condition" ? [...branches, ...made] : made;
  const facts = factsOf(step);
  const rows = Math.max(inputs.length, outputs.length);
  const portsTop = HEADER + PADDING / 2;
  const portsEnd = rows === 0 ? HEADER : portsTop + rows * PORT_ROW + PADDING / 2;
  const factsTop = portsEnd + PADDING - 2;
  const end = facts.length === 0 ? portsEnd : factsTop + facts.length * FACT_ROW + PADDING - 2;
  return { width: NODE_WIDTH, height: Math.max(Math.ceil(end / GRID) * GRID, HEADER + GRID), inputs, outputs, facts, portsTop, factsTop };
}

/** Where React Flow finds the ports, so that edges are right before anything is drawn. */
export function handlesOf(shape: StepShape): NodeHandle[] {
  const row = (index: number): number => shape.portsTop + index * PORT_ROW + PORT_ROW / 2 - HANDLE / 2;
  return [
    at(ORDER_IN, "target", HEADER / 2 - HANDLE / 2, shape.width),
    at(ORDER_OUT, "source", HEADER / 2 - HANDLE / 2, shape.width),
    ...shape.inputs.map((port, index) => at(port.handle, "target", row(index), shape.width)),
    ...shape.outputs.map((port, index) => at(port.handle, "source", row(index), shape.width)),
  ];
}

function at(id: string, type: "source" | "target", y: number, width: number): NodeHandle {
  const left = type === "target";
  // Order ports are seen only under the pointer; their wires end at the node itself.
  if (isOrderHandle(id) && !id.startsWith("branch:")) return { id, type, position: left ? Side.Left : Side.Right, x: left ? 0 : width, y, width: 0, height: HANDLE };
  return { id, type, position: left ? Side.Left : Side.Right, x: (left ? 0 : width) - HANDLE / 2, y, width: HANDLE, height: HANDLE };
}

/** A metrics output that is drawn as a node of its own. */
export const drawsChart = (output: Output): boolean => makesMetrics(output) && output.config?.visualization !== false;

export const chartId = (step: Step, output: string): string => `${step.id}/${output}`;

/** Below its step, until somebody moves it: beside it is where the next step goes. */
export function chartPlace(step: Position, shape: StepShape, index: number): Position {
  return { x: step.x + 32 + index * (CHART_WIDTH + 16), y: Math.ceil((step.y + shape.height + BELOW) / GRID) * GRID };
}

/** Steps that were never placed (imported, made by a program) get a place in a row, so that none lies on another. */
export function placeUnplaced(index: number): Position {
  return { x: (index % 6) * (NODE_WIDTH + 80), y: Math.floor(index / 6) * 280 };
}

/** Colours of ports: one a family, its shape one a type. */
export type PortFamily = "data" | "model" | "metrics" | "figure" | "other";
const FAMILIES: Readonly<Record<PortType, PortFamily>> = {
  obs: "data",
  dataset: "figure",
  dataset_version: "figure",
  label_task: "figure",
  model: "model",
  service: "model",
  swr: "other",
  metrics: "metrics",
  order: "other",
  unknown: "other",
};
export const familyOf = (type: PortType): PortFamily => FAMILIES[type];
