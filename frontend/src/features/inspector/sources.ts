/** What an input could be connected to, and the command for each: only what fits is offered. */

import { DATA_FOR, emptyData, PORT_OF_DATA } from "@/forms/dataValues";
import { takenNames, type Made } from "@/forms/fit";
import { t } from "@/i18n/i18n";
import type { Command } from "@/model/commands";
import { freeName, shownTitle, type Data, type DataPlaceholderType, type Input, type Step, type WorkflowDocument } from "@/model/document";
import { graphOf } from "@/model/graph";
import { isList, isObject, type Json } from "@/model/json";
import { connecting, dataOfOutput, dataOfPlaceholder, fit, sourceOfData, sourceOfOutput, suggestedName, type Kinds, type PortType, type Source } from "@/model/ports";
import { asReference, isReserved, namesData, toData, whereUsed } from "@/model/references";

export interface SourceChoice {
  readonly id: string;
  readonly label: string;
  readonly type: PortType;
  readonly command: Command;
}

export interface SourceGroup {
  readonly id: "outputs" | "data" | "ask" | "fixed" | "selector";
  readonly choices: readonly SourceChoice[];
}

interface Wanted {
  readonly kinds: Kinds;
  readonly document: WorkflowDocument;
  readonly step: Step;
  readonly input: Input | null;
  readonly newId: () => string;
}

export function sourcesFor(wanted: Wanted): SourceGroup[] {
  const { kinds, document, step, input, newId } = wanted;
  const graph = graphOf(document);
  const accepts = kinds.get(step.kind)?.inputs.accepts ?? [];
  const fits = (source: Source): boolean => {
    const found = fit(kinds, graph, source, step, input?.name ?? "");
    return found.refusal === null;
  };
  const connect = (data: Json, type: PortType): Command => connecting(step, input?.name ?? null, data, suggestedName(type));
  const outputs = (document.steps ?? []).flatMap((each) =>
    (each.outputs ?? []).flatMap((output) => {
      const source = sourceOfOutput(kinds, each, output);
      return fits(source) ? [{ id: `output:${each.name}:${output.name}`, label: `${shownTitle(each)} · ${output.name}`, type: source.type, data: dataOfOutput(each, output) }] : [];
    }),
  );
  const data = (document.data ?? []).filter((each) => fits(sourceOfData(each)) || (each.type === "dataset" && accepts.includes("dataset_version")));
  const types = [...new Set(accepts.map((type) => DATA_FOR[type]))];
  const chosen = new Set(optionsOf(input?.data ?? null).map((option) => JSON.stringify(option)));
  const others = chosen.size === 0 ? [] : outputs.filter((each) => !chosen.has(JSON.stringify(each.data)));
  const groups: SourceGroup[] = [
    { id: "outputs", choices: outputs.map((each) => ({ ...each, command: connect(each.data, each.type) })) },
    { id: "data", choices: data.map((each) => ({ id: `data:${each.name}`, label: each.name, type: sourceOfData(each).type, command: connect(dataOfPlaceholder(each), sourceOfData(each).type) })) },
    { id: "selector", choices: others.map((each) => ({ ...each, id: `or:${each.id}`, command: connect({ $any_of: [...optionsOf(input?.data ?? null), each.data] }, each.type) })) },
    { id: "ask", choices: types.map((type) => asked(wanted, type, newId)) },
    { id: "fixed", choices: types.map((type) => ({ id: `fixed:${type}`, label: t(`data.${type}`), type: PORT_OF_DATA[type], command: connect(emptyData(type), PORT_OF_DATA[type]) })) },
  ];
  return groups.filter((group) => group.choices.length > 0);
}

/** A new data placeholder, connected at once. */
function asked({ document, step, input }: Wanted, type: DataPlaceholderType, newId: () => string): SourceChoice {
  const name = freeName(input?.name ?? suggestedName(PORT_OF_DATA[type]), takenNames(document));
  const entry: Data = { id: newId(), name, type, placeholder: true, ...(type === "obs" && { object_type: "directory" as const }) };
  const command: Command = { type: "batch", label: "placeholder.make", commands: [{ type: "entry.add", list: "data", entry }, connecting(step, input?.name ?? null, toData(name), suggestedName(PORT_OF_DATA[type]))] };
  return { id: `ask:${type}`, label: t(`data.${type}`), type: PORT_OF_DATA[type], command };
}

/** The options of a selector; an output by itself is one. */
function optionsOf(data: Json): readonly Json[] {
  const kind = asReference(data)?.kind;
  if (kind === "output") return [data];
  return kind === "any_of" && isObject(data) && isList(data.$any_of) ? data.$any_of : [];
}

/** A selector with one option is just that option. */
export function withoutOption(data: Json, index: number): Json {
  const left = optionsOf(data).toSpliced(index, 1);
  if (left.length === 0) return null;
  return left.length === 1 ? (left[0] as Json) : { $any_of: left };
}

/** Data that was written at an input becomes a question, with what was written as the answer to begin with. */
export function fixedToPlaceholder(document: WorkflowDocument, stepId: string, input: Input, type: DataPlaceholderType, id: string): Made | null {
  if (!isObject(input.data)) return null;
  const name = freeName(input.name, takenNames(document));
  const whole = Object.values(input.data).every((value) => typeof value === "string" && value !== "");
  const folder = typeof input.data.obs_path === "string" && !input.data.obs_path.endsWith("/") && input.data.obs_path !== "" ? ("file" as const) : ("directory" as const);
  const entry: Data = { id, name, type, placeholder: true, ...(type === "obs" && { object_type: folder }), ...(whole && { default: input.data }) };
  const connect: Command = { type: "input.connect", id: stepId, input: input.name, data: toData(name) };
  return { name, command: { type: "batch", label: "placeholder.make", commands: [{ type: "entry.add", list: "data", entry }, connect] } };
}

/** And back: the default is written at the input. A placeholder that nothing else uses goes with it. */
export function placeholderToFixed(document: WorkflowDocument, stepId: string, input: Input, name: string): Command {
  const data = document.data?.find((each) => each.name === name);
  const held = data?.placeholder === false ? data.value : data?.default;
  const value = held === undefined || held === null ? null : isReserved(held) ? { $literal: held } : held;
  const set: Command = value === null ? { type: "input.disconnect", id: stepId, input: input.name } : { type: "input.connect", id: stepId, input: input.name, data: value };
  if (data === undefined || whereUsed(document, namesData(name)).length > 1) return set;
  return { type: "batch", label: "placeholder.unmake", commands: [set, { type: "entry.remove", list: "data", key: data.id }] };
}

