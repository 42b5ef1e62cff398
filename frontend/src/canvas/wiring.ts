/** Drawing a wire: what may take it and why not, for every step, computed once when the drag starts; and the command
 * that a drop is. Pure. */

import type { Command } from "@/model/commands";
import { stepById, type Branch, type Step, type WorkflowDocument } from "@/model/document";
import { ancestors, closesCycle, descendants, graphFrom, graphOf, type Graph } from "@/model/graph";
import { isObject, isList, type Json } from "@/model/json";
import { connecting, fit, outputType, suggestedName, type Kinds, type PortType, type Refusal, type Source } from "@/model/ports";
import { asReference, outputByName, toOutput } from "@/model/references";
import type { FlowEdge, WireData } from "./convert";
import { branchHandle, inputHandle, isOrderHandle, ORDER_IN, ORDER_OUT, outputHandle, roleOfHandle, type HandleRole } from "./geometry";

/** null: it fits. */
export type Verdict = Refusal | null;

export interface StepVerdicts {
  /** The wire begins here. */
  readonly origin: boolean;
  /** Worth pointing out. A data wire may also be dropped on the port for order, but that is seldom what is meant. */
  readonly fits: boolean;
  /** The wire carries data; ports for order stay in the background. */
  readonly data: boolean;
  readonly body: Verdict;
  readonly handles: Readonly<Record<string, Verdict>>;
}

export interface WireStart {
  readonly stepId: string;
  readonly handle: string;
}

export interface Wiring {
  readonly start: WireStart;
  readonly role: HandleRole;
  readonly type: PortType;
  /** True when it is drawn from an output to an input; false the other way round. */
  readonly forwards: boolean;
  readonly verdicts: ReadonlyMap<string, StepVerdicts>;
  /** What a drop does; null where it is refused. Without a handle it fell on the step itself. */
  command(stepId: string, handle: string | null): Command | null;
  refusal(stepId: string, handle: string | null): Refusal | null;
}

/** The cycle is looked for once a drag, not once a port. */
const NO_GRAPH: Graph = graphFrom([]);
const SAME: Refusal = { code: "same_step" };
/** A wire for data says so, too: one for order beside it would be lost in it. */
const WAITS: Refusal = { code: "waits" };
const CYCLE: Refusal = { code: "cycle" };

export function startWiring(kinds: Kinds, document: WorkflowDocument, start: WireStart): Wiring | null {
  const step = stepById(document, start.stepId);
  const role = roleOfHandle(start.handle);
  if (step === undefined || role === null) return null;
  const graph = graphOf(document);
  const forwards = role.role !== "input" && role.role !== "order_in";
  const context: Context = { kinds, step, role, type: typeOfStart(kinds, document, step, role), blocked: forwards ? ancestors(graph, step.name) : descendants(graph, step.name) };
  const verdicts = new Map((document.steps ?? []).map((other) => [other.id, verdictsOf(context, other)]));
  const refusal = (stepId: string, handle: string | null): Refusal | null => {
    const found = verdicts.get(stepId);
    if (found === undefined || found.origin) return SAME;
    return (handle === null ? found.body : found.handles[handle]) ?? null;
  };
  return {
    start,
    role,
    type: context.type,
    forwards,
    verdicts,
    refusal,
    command(stepId, handle) {
      const other = stepById(document, stepId);
      if (other === undefined || refusal(stepId, handle) !== null) return null;
      return forwards ? commandForwards(context, other, roleOfHandle(handle)) : commandBackwards(context, other, roleOfHandle(handle));
    },
  };
}

interface Context {
  readonly kinds: Kinds;
  readonly step: Step;
  readonly role: HandleRole;
  readonly type: PortType;
  /** Names of the steps to which the wire would close a cycle. */
  readonly blocked: ReadonlySet<string>;
}

function typeOfStart(kinds: Kinds, _document: WorkflowDocument, step: Step, role: HandleRole): PortType {
  if (role.role === "output") {
    const output = outputByName(step, role.name);
    return output === undefined ? "unknown" : outputType(kinds, step, output);
  }
  if (role.role !== "input") return "order";
  const accepts = kinds.get(step.kind)?.inputs.accepts ?? [];
  return accepts.length === 1 ? (accepts[0] as PortType) : "unknown";
}

const sourceOf = (context: Context): Source => ({ type: context.type, step: context.step.name });

function verdictsOf(context: Context, other: Step): StepVerdicts {
  const origin = other.id === context.step.id;
  const loop: Verdict = origin ? SAME : context.blocked.has(other.name) ? CYCLE : waits(context, other) ? WAITS : null;
  return context.role.role === "input" || context.role.role === "order_in" ? backwards(context, other, origin, loop) : forward(context, other, origin, loop);
}

/** Only for wires that carry nothing: what comes first is said once. */
function waits({ step, role }: Context, other: Step): boolean {
  if (role.role === "order_out") return other.depends_on?.includes(step.name) ?? false;
  return role.role === "order_in" && (step.depends_on?.includes(other.name) ?? false);
}

function forward(context: Context, other: Step, origin: boolean, loop: Verdict): StepVerdicts {
  const data = context.role.role === "output";
  const handles: Record<string, Verdict> = { [ORDER_IN]: loop };
  for (const input of other.inputs ?? []) handles[inputHandle(input.name)] = loop ?? inputVerdict(context, other, input.name, data);
  return judged(data, origin, loop ?? (data ? bodyVerdict(context, other) : null), handles);
}

function inputVerdict(context: Context, other: Step, input: string, data: boolean): Verdict {
  if (!data) return null;
  return fit(context.kinds, NO_GRAPH, sourceOf(context), other, input).refusal;
}

/** A condition takes no input, but it may have to wait for the metrics that it reads. */
function bodyVerdict(context: Context, other: Step): Verdict {
  return other.kind === "condition" ? null : fit(context.kinds, NO_GRAPH, sourceOf(context), other).refusal;
}

function backwards(context: Context, other: Step, origin: boolean, loop: Verdict): StepVerdicts {
  const handles: Record<string, Verdict> = { [ORDER_OUT]: loop };
  const order = context.role.role === "order_in";
  for (const output of other.outputs ?? []) handles[outputHandle(output.name)] = loop ?? (order ? null : outputVerdict(context, other, output.name));
  // A step that waits already may become a branch.
  if (other.kind === "condition") for (const branch of ["then", "else"] as const) handles[branchHandle(branch)] = loop === WAITS ? null : loop;
  const best = order ? null : bestOutput(context, other);
  const body = loop ?? (order || best !== null ? null : (firstRefusal(context, other) ?? { code: "takes_nothing", kind: other.kind }));
  return judged(!order, origin, body, handles);
}

function judged(data: boolean, origin: boolean, body: Verdict, handles: Readonly<Record<string, Verdict>>): StepVerdicts {
  const offered = Object.entries(handles).filter(([handle, verdict]) => verdict === null && !(data && isOrderHandle(handle)));
  return { origin, data, body, handles, fits: !origin && (body === null || offered.length > 0) };
}

function outputVerdict(context: Context, other: Step, name: string): Verdict {
  const output = outputByName(other, name);
  if (output === undefined || context.role.role !== "input") return null;
  const source = { type: outputType(context.kinds, other, output), step: other.name };
  return fit(context.kinds, NO_GRAPH, source, context.step, context.role.name).refusal;
}

const bestOutput = (context: Context, other: Step): string | null => (other.outputs ?? []).find((output) => outputVerdict(context, other, output.name) === null)?.name ?? null;

const firstRefusal = (context: Context, other: Step): Verdict => {
  const [output] = other.outputs ?? [];
  return output === undefined ? null : outputVerdict(context, other, output.name);
};

function commandForwards({ kinds, step, role, type }: Context, other: Step, target: HandleRole | null): Command | null {
  if (role.role === "branch") return { type: "branch.add", id: step.id, branch: role.name, step: other.name };
  const order: Command = { type: "order.add", from: step.id, to: other.id };
  if (role.role !== "output" || target?.role === "order_in" || (target === null && other.kind === "condition")) return order;
  const data = toOutput(step.name, role.name);
  if (target?.role === "input") return connecting(other, target.name, data, target.name);
  const found = fit(kinds, NO_GRAPH, { type, step: step.name }, other);
  return found.refusal === null ? connecting(other, found.input, data, suggestedName(type)) : null;
}

function commandBackwards(context: Context, other: Step, from: HandleRole | null): Command | null {
  const { step, role } = context;
  if (from?.role === "branch") return { type: "branch.add", id: other.id, branch: from.name, step: step.name };
  if (role.role !== "input" || from?.role === "order_out") return { type: "order.add", from: other.id, to: step.id };
  const output = from?.role === "output" ? from.name : bestOutput(context, other);
  return output === null ? null : { type: "input.connect", id: step.id, input: role.name, data: toOutput(other.name, output) };
}

/** Takes a wire away; null for what is only a picture of something else. */
export function unwiring(document: WorkflowDocument, wire: WireData): Command | null {
  if (wire.role === "order") return { type: "order.remove", from: wire.from, to: wire.to };
  if (wire.role === "branch" && wire.branch !== undefined) return { type: "branch.remove", id: wire.from, branch: wire.branch, step: wire.names[1] };
  if (wire.role !== "data" || wire.input === undefined) return null;
  const left = withoutOption(document, wire);
  return left === null ? { type: "input.disconnect", id: wire.to, input: wire.input } : { type: "input.connect", id: wire.to, input: wire.input, data: left };
}

/** What a selector still offers when one of its options goes. */
function withoutOption(document: WorkflowDocument, wire: WireData): Json | null {
  const options = optionsOf(document, wire);
  if (options === null || options.length < 2) return null;
  const left = options.filter((_, index) => index !== wire.option);
  return left.length === 1 ? (left[0] as Json) : { $any_of: left };
}

function optionsOf(document: WorkflowDocument, wire: WireData): readonly Json[] | null {
  const data = stepById(document, wire.to)?.inputs?.find((input) => input.name === wire.input)?.data;
  return isObject(data) && isList(data.$any_of) ? data.$any_of : null;
}

/** One end of a wire was dragged elsewhere: away with the old one and here with the new one, in one step. */
export function rewiring(kinds: Kinds, document: WorkflowDocument, edge: FlowEdge, to: { stepId: string; handle: string | null }, movedEnd: "source" | "target"): Command | null {
  const { data: old } = edge;
  if (old === undefined) return null;
  const fixed = movedEnd === "target" ? { stepId: edge.source, handle: edge.sourceHandle ?? "" } : { stepId: edge.target, handle: edge.targetHandle ?? "" };
  const command = startWiring(kinds, document, fixed)?.command(to.stepId, to.handle) ?? null;
  if (command === null) return null;
  const options = optionsOf(document, old);
  if (movedEnd === "source" && options !== null && command.type === "input.connect") {
    return { ...command, data: { $any_of: options.with(old.option ?? 0, command.data) } };
  }
  // Dropped where it was.
  const same = movedEnd === "target" ? to.stepId === edge.target && to.handle === edge.targetHandle : to.stepId === edge.source && to.handle === edge.sourceHandle;
  const remove = unwiring(document, old);
  if (same || remove === null) return null;
  const overwrites = command.type === "input.connect" && command.id === old.to && command.input === old.input;
  return overwrites ? command : { type: "batch", commands: [remove, command], label: "input.connect" };
}

/** A step that is dropped on a wire goes between its ends; null where it does not fit. */
export function inserting(kinds: Kinds, document: WorkflowDocument, wire: WireData, step: Step): Command[] | null {
  const [from, to] = [stepById(document, wire.from), stepById(document, wire.to)];
  if (from === undefined || to === undefined || step.id === from.id || step.id === to.id) return null;
  const graph = graphOf(document);
  if (closesCycle(graph, from.name, step.name) || closesCycle(graph, step.name, to.name)) return null;
  if (wire.role === "order") {
    return [
      { type: "order.remove", from: from.id, to: to.id },
      { type: "order.add", from: from.id, to: step.id },
      { type: "order.add", from: step.id, to: to.id },
    ];
  }
  if (wire.role !== "data" || wire.output === undefined || wire.input === undefined) return null;
  const takes = fit(kinds, NO_GRAPH, { type: wire.type, step: from.name }, step);
  const gives = (step.outputs ?? []).find((output) => fit(kinds, NO_GRAPH, { type: outputType(kinds, step, output), step: step.name }, to, wire.input).refusal === null);
  if (takes.refusal !== null || gives === undefined) return null;
  // A step that is wired already would lose its wire.
  const held = step.inputs?.find((input) => input.name === takes.input)?.data ?? null;
  if (asReference(held) !== null) return null;
  const given = toOutput(step.name, gives.name);
  const options = optionsOf(document, wire);
  const data: Json = options === null ? given : { $any_of: options.with(wire.option ?? 0, given) };
  return [connecting(step, takes.input, toOutput(from.name, wire.output), suggestedName(wire.type)), { type: "input.connect", id: to.id, input: wire.input, data }];
}

export type { Branch };
