/** Everything that can be done to a document, as plain data. `execute` gives the new document and the command that
 * undoes it; a command about something that is gone throws Missing, and nothing has changed then. */

import { asJson, type Branch, type Group, type Input, type ListName, type Note, type Output, type Position, type Step } from "./document";
import type { Data, Parameter, Storage, WorkflowDocument } from "./document";
import { compile } from "./compile";
import type { Json, JsonObject } from "./json";
import { applyPatches, Missing, type Patch } from "./patch";

export type Entry = Parameter | Data | Storage | Step | Group | Note;
export type PlaceholderList = "parameters" | "data" | "storages";
/** Fields to set; null is a value, so fields to remove are named apart. */
export interface Changes {
  readonly set?: JsonObject;
  readonly unset?: readonly string[];
}

export type Command =
  | { readonly type: "step.add"; readonly step: Step; readonly position?: Position; readonly at?: number }
  | { readonly type: "step.remove"; readonly ids: readonly string[] }
  | { readonly type: "step.rename"; readonly id: string; readonly name: string }
  | { readonly type: "step.move"; readonly positions: Readonly<Record<string, Position>> }
  /** `pointer` is relative to the step; an absent `value` removes what is there. */
  | { readonly type: "step.set"; readonly id: string; readonly pointer: string; readonly value?: Json }
  | { readonly type: "input.add"; readonly id: string; readonly input: Input }
  | { readonly type: "input.remove"; readonly id: string; readonly input: string }
  | { readonly type: "input.rename"; readonly id: string; readonly input: string; readonly name: string }
  | { readonly type: "input.connect"; readonly id: string; readonly input: string; readonly data: Json }
  | { readonly type: "input.disconnect"; readonly id: string; readonly input: string }
  | { readonly type: "output.add"; readonly id: string; readonly output: Output }
  | { readonly type: "output.remove"; readonly id: string; readonly output: string }
  | { readonly type: "output.rename"; readonly id: string; readonly output: string; readonly name: string }
  | { readonly type: "order.add"; readonly from: string; readonly to: string }
  | { readonly type: "order.remove"; readonly from: string; readonly to: string }
  | { readonly type: "branch.add"; readonly id: string; readonly branch: Branch; readonly step: string }
  | { readonly type: "branch.remove"; readonly id: string; readonly branch: Branch; readonly step: string }
  | { readonly type: "entry.add"; readonly list: Exclude<ListName, "steps">; readonly entry: Exclude<Entry, Step>; readonly at?: number }
  | { readonly type: "entry.remove"; readonly list: Exclude<ListName, "steps">; readonly key: string; readonly inline?: boolean }
  | { readonly type: "entry.update"; readonly list: Exclude<ListName, "steps">; readonly key: string; readonly changes: Changes }
  | { readonly type: "entry.rename"; readonly list: PlaceholderList; readonly key: string; readonly name: string }
  | { readonly type: "entry.move"; readonly list: ListName; readonly key: string; readonly to: number }
  | { readonly type: "document.set"; readonly field: "name" | "description"; readonly value: string }
  | { readonly type: "layout.apply"; readonly positions: Readonly<Record<string, Position>> }
  | { readonly type: "layout.fold"; readonly id: string; readonly folded: boolean }
  | { readonly type: "paste"; readonly fragment: Fragment }
  | { readonly type: "document.replace"; readonly document: WorkflowDocument }
  | { readonly type: "batch"; readonly commands: readonly Command[]; readonly label?: string }
  /** What every command comes down to, and what undoes it. */
  | { readonly type: "patch"; readonly patches: readonly Patch[]; readonly label?: string };


/** Steps with what they need, under names and ids that are free in the document that takes them. */
export interface Fragment {
  readonly steps: readonly Step[];
  readonly positions: Readonly<Record<string, Position>>;
  readonly parameters: readonly Parameter[];
  readonly data: readonly Data[];
  readonly storages: readonly Storage[];
}

export interface Executed {
  readonly document: WorkflowDocument;
  readonly inverse: Command;
}

export function execute(document: WorkflowDocument, command: Command): Executed {
  if (command.type === "batch") return executeAll(document, command);
  const patches = command.type === "patch" ? command.patches : compile(document, command);
  return patched(document, patches, labelOf(command));
}

/** Like `execute`, for commands from elsewhere: null where they do not fit any more. */
export function tryExecute(document: WorkflowDocument, command: Command): Executed | null {
  try {
    return execute(document, command);
  } catch (error) {
    if (error instanceof Missing) return null;
    throw error;
  }
}

function executeAll(document: WorkflowDocument, batch: Extract<Command, { type: "batch" }>): Executed {
  const inverses: Command[] = [];
  let current = document;
  for (const command of batch.commands) {
    const done = execute(current, command);
    current = done.document;
    inverses.unshift(done.inverse);
  }
  return { document: current, inverse: { type: "batch", commands: inverses, label: labelOf(batch) } };
}

function patched(document: WorkflowDocument, patches: readonly Patch[], label: string): Executed {
  const { value, inverse } = applyPatches(asJson(document), patches);
  return { document: value as unknown as WorkflowDocument, inverse: { type: "patch", patches: inverse, label } };
}

/** What undo and redo call it: the type, or the label of a batch. The interface has a word for each. */
export function labelOf(command: Command): string {
  return command.type === "batch" || command.type === "patch" ? (command.label ?? command.type) : command.type;
}
