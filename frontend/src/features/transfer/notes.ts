/** What became of a file, sorted by what it means; and which step of ours each note is about. Pure. */

import type { WorkflowDocument } from "@/model/document";
import { isObject, partsOf, valueAt, type Json } from "@/model/json";
import type { Problem } from "@/model/problems";

export type Fate = "dropped" | "approximated" | "wrong" | "warning";

/** `interop.*` says what the conversion did; everything else is wrong with what came out. */
export function fateOf(note: Problem): Fate {
  if (note.code === "interop.approximated") return "approximated";
  if (note.code.startsWith("interop.")) return "dropped";
  return note.severity === "error" ? "wrong" : "warning";
}

export const FATES: readonly Fate[] = ["wrong", "dropped", "approximated", "warning"];

export function byFate(notes: readonly Problem[]): ReadonlyMap<Fate, readonly Problem[]> {
  const found = new Map<Fate, Problem[]>();
  for (const fate of FATES) {
    const those = notes.filter((note) => fateOf(note) === fate);
    if (those.length > 0) found.set(fate, those);
  }
  return found;
}

/** The step that a place in the file became: the name that stands nearest to the place and is a step's. */
export function stepAbout(file: Json, path: string, document: WorkflowDocument): string | null {
  const parts = partsOf(path);
  const steps = new Map((document.steps ?? []).flatMap((step) => [[step.name, step.id] as const, [(step.title ?? "").trim(), step.id] as const]));
  steps.delete("");
  for (let depth = parts.length; depth > 0; depth -= 1) {
    for (const name of [...namesOf(valueAt(file, parts.slice(0, depth))), parts[depth - 1] ?? ""]) {
      const id = steps.get(name) ?? steps.get(asName(name));
      if (id !== undefined) return id;
    }
  }
  return null;
}

function namesOf(value: Json | undefined): string[] {
  if (!isObject(value)) return [];
  const label = valueAt(value, ["app_data", "ui_data", "label"]);
  return [value.name, value.title, label].filter((each): each is string => typeof each === "string" && each !== "");
}

/** Names of other programs may hold what ours may not; the converter writes it so. */
const asName = (name: string): string => name.replace(/[^A-Za-z0-9_-]+/g, "_");

/** The step that a problem of the document is about. */
export function stepAt(path: string, document: WorkflowDocument): string | null {
  const [list, index] = partsOf(path);
  return list === "steps" ? (document.steps?.[Number(index)]?.id ?? null) : null;
}

const LONGEST = 120;

/** What stands at the place in the file, so that whoever reads the note need not open it. */
export function excerpt(file: Json, path: string): string | null {
  const value = valueAt(file, partsOf(path));
  if (value === undefined) return null;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
