/** New steps and outputs, filled in as far as can be known: where results go, and that charts are live. */

import type { Command } from "@/model/commands";
import { freeName, type Data, type Output, type OutputType, type Position, type Step, type Storage, type WorkflowDocument } from "@/model/document";
import type { JsonObject } from "@/model/json";
import { newStep, type StepKind } from "@/model/ports";

/** The first names of steps, by kind: short, because scripts and paths carry them. */
const NAMES: Readonly<Record<string, string | undefined>> = { release_dataset: "release", model: "register", condition: "check", job: "job", labeling: "label", dataset_import: "import", service: "serve", mrs_job: "spark", workflow: "run" };
/** What a job makes when it comes from the palette. */
const JOB_OUTPUTS: readonly (readonly [string, OutputType])[] = [
  ["train_url", "obs"],
  ["metrics", "metrics"],
];

export interface Made {
  readonly step: Step;
  /** Everything that has to be there, the step last. */
  readonly commands: readonly Command[];
}

export function makeStep(document: WorkflowDocument, kind: StepKind, title: string, id: string, position: Position): Made {
  const taken = new Set((document.steps ?? []).map((step) => step.name));
  const name = freeName(NAMES[kind.name] ?? kind.name.slice(0, 58), taken);
  const plain = newStep(kind, id, name);
  const count = /_(\d+)$/.exec(name)?.[1];
  const wanted = kind.name === "job" && plain.outputs?.length === 0 ? JOB_OUTPUTS.map(([output, type]): Output => ({ name: output, type })) : (plain.outputs ?? []);
  const { storage, commands } = storageFor(document, wanted);
  const step: Step = {
    ...plain,
    title: count === undefined ? title : `${title} ${count}`,
    outputs: wanted.map((output) => ({ ...output, config: startingConfig(kind, output, name, storage) })),
    properties: kind.name === "job" ? { algorithm: {} } : {},
  };
  return { step, commands: [...commands, { type: "step.add", step, position }] };
}

/** One more output, under a free name, with the place where it is kept. */
export function makeOutput(document: WorkflowDocument, kind: StepKind, step: Step, type: OutputType): Command {
  const taken = new Set((step.outputs ?? []).map((output) => output.name));
  const output: Output = { name: freeName(type === "obs" ? "output_url" : type, taken), type };
  const { storage, commands } = storageFor(document, [output]);
  const add: Command = { type: "output.add", id: step.id, output: { ...output, config: startingConfig(kind, output, step.name, storage) } };
  return commands.length === 0 ? add : { type: "batch", commands: [...commands, add], label: "output.add" };
}

function storageFor(document: WorkflowDocument, outputs: readonly Output[]): { readonly storage: string; readonly commands: readonly Command[] } {
  const [first] = document.storages ?? [];
  if (first !== undefined) return { storage: first.name, commands: [] };
  const storage: Storage = { name: "runs", title: "", description: "", default: "/default/runs/", create_dir: true, with_execution_id: true };
  const needed = outputs.some((output) => output.type === "obs" || output.type === "metrics" || output.type === "dataset");
  return { storage: storage.name, commands: needed ? [{ type: "entry.add", list: "storages", entry: storage }] : [] };
}

function startingConfig(kind: StepKind, output: Output, step: string, storage: string): JsonObject {
  const required = kind.outputs.ports.find((port) => port.type === output.type)?.config?.required;
  const needs = (field: string): boolean => Array.isArray(required) && required.includes(field);
  if (output.type === "metrics") {
    const file = { $storage: { name: storage, path: `${step}/${output.name}.json`, create_dir: false } };
    return { metric_files: [file], realtime_visualization: true, visualization: true };
  }
  return needs("obs_path") ? { obs_path: { $storage: { name: storage, path: `${step}/${output.type === "obs" && output.name !== "train_url" ? `${output.name}/` : ""}` } } } : {};
}

/** A data placeholder for an input that nothing feeds yet: files that are asked for when the workflow runs. */
export function newDataFor(document: WorkflowDocument, id: string, input: string): { readonly entry: Data; readonly commands: readonly Command[] } {
  const name = freeName(input, new Set((document.data ?? []).map((each) => each.name)));
  const entry: Data = { id, name, type: "obs", object_type: "directory", placeholder: true, required: true, description: "" };
  return { entry, commands: [{ type: "entry.add", list: "data", entry }] };
}
