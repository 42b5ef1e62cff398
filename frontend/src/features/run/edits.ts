/** Other settings for a step before it is tried again. Pure. */

import { tryExecute, type Command } from "@/model/commands";
import type { Step, WorkflowDocument } from "@/model/document";
import { isList, isObject, jsonEqual, partsOf, valueAt, type Json, type JsonObject } from "@/model/json";

export const EDITABLE = ["properties", "policy", "outputs"] as const;
const NOTHING = { properties: {}, policy: {}, outputs: [] } as const;

export type StepParts = Partial<Record<(typeof EDITABLE)[number], Json>>;

/** The step as its last attempt ran: the document's, with what was changed before. */
export function stepInRun(step: Step, edited: JsonObject | null): Step {
  const parts = isObject(edited?.step) ? edited.step : {};
  return { ...step, ...parts } as Step;
}

/** The step after an edit of its form. Whatever else the edit would do to the document, a run does not take. */
export function afterEdit(document: WorkflowDocument, command: Command): WorkflowDocument | null {
  const done = tryExecute(document, command);
  return done === null ? null : { ...document, ...(done.document.steps !== undefined && { steps: done.document.steps }) };
}

/** Those parts that are otherwise, each as a whole. */
export function editOf(original: Step, step: Step): StepParts {
  const parts = EDITABLE.filter((part) => !jsonEqual(original[part] ?? NOTHING[part], step[part] ?? NOTHING[part]));
  return Object.fromEntries(parts.map((part) => [part, (step[part] ?? NOTHING[part]) as Json]));
}

export interface Story {
  readonly attempt: number;
  readonly name: string | null;
  readonly changes: readonly { readonly path: string; readonly before: Json; readonly after: Json }[];
}

/** What was changed before which attempt, oldest first. */
export const storiesOf = (edited: JsonObject | null): readonly Story[] => (isList(edited?.changes) ? (edited.changes as unknown as readonly Story[]) : []);

/** What a place of a step is called: entries of lists by their names, where they have any. */
export function changedPlace(path: string, step: Json | undefined, wordOf: (part: string) => string = (part) => part): string {
  const parts = partsOf(path);
  if (parts[0] === "values") return parts.slice(1).join(" › ");
  const words = parts.map((part, at) => {
    const list = step === undefined ? undefined : valueAt(step, parts.slice(0, at));
    const entry = isList(list) ? list[Number(part)] : undefined;
    if (isObject(entry) && typeof entry.name === "string") return entry.name;
    return /^\d+$/.test(part) ? String(Number(part) + 1) : wordOf(part);
  });
  const named = words.filter((_, at) => !["properties", "algorithm", "parameters", "outputs", "config", "policy", "spec", "resource"].includes(parts[at] ?? "") || at === words.length - 1);
  const last = parts.at(-1) === "value" && named.length > 1 ? named.slice(0, -1) : named;
  return last.join(" › ");
}
