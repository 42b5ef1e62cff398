/** Typed ports: what a step makes, what it takes, which fits which, and if not, why. From the server's step kinds. */

import type { Command } from "./commands";
import { stepByName, type Data, type Output, type OutputType, type Step, type WorkflowDocument } from "./document";
import { closesCycle, graphOf, type Graph } from "./graph";
import { isObject, type Json, type JsonObject } from "./json";
import { asReference, outputByName, toData, toOutput } from "./references";

/** What travels along an edge. */
export type DataType = "obs" | "dataset" | "dataset_version" | "label_task" | "swr" | "model" | "service";
/** What a port shows: its colour and shape. */
export type PortType = DataType | "metrics" | "order" | "unknown";

export interface OutputPortKind {
  readonly type: OutputType;
  /** null: no step can take it as input. */
  readonly carries: DataType | null;
  /** JSON Schema of its config. */
  readonly config?: JsonObject;
}

export interface StepKind {
  readonly name: string;
  readonly version?: number;
  readonly title: string;
  readonly description: string;
  readonly executes: "engine" | "server" | "inline" | "run";
  readonly skippable: boolean;
  /** JSON Schema of the properties. */
  readonly properties: JsonObject;
  readonly inputs: { readonly accepts: readonly DataType[]; readonly at_least: number; readonly at_most: number | null };
  readonly outputs: { readonly ports: readonly OutputPortKind[]; readonly at_least: number; readonly at_most: number | null };
}

export type Kinds = ReadonlyMap<string, StepKind>;

export interface Port {
  readonly name: string;
  readonly type: PortType;
}

/** What an output carries; "metrics" for what only conditions and charts read. */
export function outputType(kinds: Kinds, step: Step, output: Output): PortType {
  const port = kinds.get(step.kind)?.outputs.ports.find((each) => each.type === output.type);
  if (port !== undefined) return port.carries ?? "metrics";
  return output.type === "metrics" ? "metrics" : "unknown";
}

export function outputPorts(kinds: Kinds, step: Step): Port[] {
  return (step.outputs ?? []).map((output) => ({ name: output.name, type: outputType(kinds, step, output) }));
}

/** An input shows what is connected; an empty one shows what the kind takes when that is only one thing. */
export function inputPorts(kinds: Kinds, document: WorkflowDocument, step: Step): Port[] {
  const accepts = kinds.get(step.kind)?.inputs.accepts ?? [];
  const empty: PortType = accepts.length === 1 ? (accepts[0] as DataType) : "unknown";
  return (step.inputs ?? []).map((input) => ({ name: input.name, type: typeOfData(kinds, document, input.data) ?? empty }));
}

/** What a value given to an input carries; null when nobody can say. */
export function typeOfData(kinds: Kinds, document: WorkflowDocument, data: Json): PortType | null {
  const reference = asReference(data);
  if (reference?.kind === "output") return typeOfOutput(kinds, document, reference.step, reference.output);
  if (reference?.kind === "any_of") {
    const first = reference.options[0];
    return first === undefined ? null : typeOfOutput(kinds, document, first.step, first.output);
  }
  if (reference?.kind === "data") {
    const found = document.data?.find((each) => each.name === reference.name);
    return found === undefined ? null : typeOfPlaceholder(found);
  }
  if (!isObject(data)) return null;
  if (Object.hasOwn(data, "obs_path")) return "obs";
  if (Object.hasOwn(data, "subscription_id")) return "model";
  return Object.hasOwn(data, "dataset_name") ? datasetType(data) : null;
}

export function typeOfPlaceholder(data: Data): PortType {
  if (data.type === "model_list" || data.type === "gallery_model") return "model";
  if (data.type === "data_selector") return "unknown";
  if (data.type !== "dataset") return data.type;
  return datasetType(data.value ?? data.default ?? {});
}

function datasetType(value: JsonObject): DataType {
  return typeof value.version_name === "string" && value.version_name !== "" ? "dataset_version" : "dataset";
}

function typeOfOutput(kinds: Kinds, document: WorkflowDocument, stepName: string, name: string): PortType | null {
  const step = stepByName(document, stepName);
  const output = outputByName(step, name);
  return step === undefined || output === undefined ? null : outputType(kinds, step, output);
}

/** Why a connection is refused; the interface has a sentence for each code. */
export type Refusal =
  | { readonly code: "cycle" }
  | { readonly code: "same_step" }
  | { readonly code: "waits" }
  | { readonly code: "metrics" }
  | { readonly code: "takes_nothing"; readonly kind: string }
  | { readonly code: "full"; readonly kind: string; readonly limit: number }
  | { readonly code: "type"; readonly found: PortType; readonly accepts: readonly DataType[] }
  | { readonly code: "needs_version" };

export interface Fit {
  /** The input that would take it; null: a new one would be made. */
  readonly input: string | null;
  readonly refusal: null;
}

export interface Source {
  readonly type: PortType;
  /** The step that the edge leaves; null for data placeholders. */
  readonly step: string | null;
}

/** Where a wire would go when it is dropped on a step, or why not. `input` names the port it is dropped on. */
export function fit(kinds: Kinds, graph: Graph, source: Source, target: Step, input?: string): Fit | { readonly refusal: Refusal } {
  if (source.step === target.name) return { refusal: { code: "same_step" } };
  if (source.step !== null && closesCycle(graph, source.step, target.name)) return { refusal: { code: "cycle" } };
  if (source.type === "metrics") return { refusal: { code: "metrics" } };
  const rule = kinds.get(target.kind)?.inputs;
  if (rule === undefined) return { input: input ?? null, refusal: null };
  if (rule.accepts.length === 0) return { refusal: { code: "takes_nothing", kind: target.kind } };
  if (source.type !== "unknown" && !(rule.accepts as readonly string[]).includes(source.type)) {
    const released = source.type === "dataset" && rule.accepts.includes("dataset_version");
    return { refusal: released ? { code: "needs_version" } : { code: "type", found: source.type, accepts: rule.accepts } };
  }
  if (input !== undefined) return { input, refusal: null };
  const free = (target.inputs ?? []).find((each) => each.data === null);
  if (free !== undefined) return { input: free.name, refusal: null };
  const count = target.inputs?.length ?? 0;
  if (rule.at_most === null || count < rule.at_most) return { input: null, refusal: null };
  if (rule.at_most === 1) return { input: target.inputs?.[0]?.name ?? null, refusal: null };
  return { refusal: { code: "full", kind: target.kind, limit: rule.at_most } };
}

/** The command that a drop is: connect an input that is there, or make one. */
export function connecting(target: Step, input: string | null, data: Json, suggested: string): Command {
  if (input !== null) return { type: "input.connect", id: target.id, input, data };
  const taken = new Set((target.inputs ?? []).map((each) => each.name));
  let name = suggested;
  for (let count = 2; taken.has(name); count += 1) name = `${suggested}_${String(count)}`;
  return { type: "input.add", id: target.id, input: { name, data } };
}

/** The kinds that could follow an output that is dropped on the empty canvas. */
export function kindsTaking(kinds: Kinds, type: PortType): StepKind[] {
  return [...kinds.values()].filter((kind) => type === "unknown" || (kind.inputs.accepts as readonly string[]).includes(type));
}

/** Delete and heal: those who took from the deleted step take what it took, where that fits; one command, one undo. */
export function removalWithHealing(kinds: Kinds, document: WorkflowDocument, id: string): Command {
  const step = document.steps?.find((each) => each.id === id);
  const remove: Command = { type: "step.remove", ids: [id] };
  const data = step?.inputs?.[0]?.data;
  if (step === undefined) return remove;
  const graph = graphOf(document);
  const commands: Command[] = [];
  for (const child of document.steps ?? []) {
    if (!child.depends_on?.includes(step.name)) continue;
    for (const input of child.inputs ?? []) {
      const reference = asReference(input.data);
      if (reference?.kind !== "output" || reference.step !== step.name || data === undefined) continue;
      const type = typeOfData(kinds, document, data);
      const found = type === null ? null : fit(kinds, graph, { type, step: null }, child, input.name);
      if (found?.refusal === null) commands.push({ type: "input.connect", id: child.id, input: input.name, data });
    }
    for (const parent of step.depends_on ?? []) {
      const above = stepByName(document, parent);
      if (above !== undefined) commands.push({ type: "order.add", from: above.id, to: child.id });
    }
  }
  return { type: "batch", commands: [...commands, remove], label: "step.remove" };
}

export const sourceOfOutput = (kinds: Kinds, step: Step, output: Output): Source => ({ type: outputType(kinds, step, output), step: step.name });
export const sourceOfData = (data: Data): Source => ({ type: typeOfPlaceholder(data), step: null });
export const dataOfOutput = (step: Step, output: Output): JsonObject => toOutput(step.name, output.name);
export const dataOfPlaceholder = (data: Data): JsonObject => toData(data.name);

/** The first name that an output or input of this type should get. */
export function suggestedName(type: PortType): string {
  const names: Partial<Record<PortType, string>> = { obs: "data_url", dataset_version: "data_url", dataset: "dataset", model: "model" };
  return names[type] ?? "input";
}

/** A new step of a kind: its required ports are there, the rest is the schema's own defaults. */
export function newStep(kind: StepKind, id: string, name: string): Step {
  const [port] = kind.outputs.ports;
  const inputs = Array.from({ length: kind.inputs.at_least }, (_, index) => ({
    name: index === 0 ? suggestedName(kind.inputs.accepts[0] ?? "unknown") : `input_${String(index + 1)}`,
    data: null,
  }));
  const outputs = Array.from({ length: port === undefined ? 0 : kind.outputs.at_least }, (_, index) => ({
    name: index === 0 ? (port as OutputPortKind).type : `output_${String(index + 1)}`,
    type: (port as OutputPortKind).type,
    config: {},
  }));
  return { id, name, kind: kind.name, title: "", description: "", inputs, outputs, properties: {}, policy: {}, depends_on: [] };
}
