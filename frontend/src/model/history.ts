/** Undo and redo over commands. Pure: the time is an argument. Edits of one field within moments are one entry. */

import { execute, labelOf, tryExecute, type Command } from "./commands";
import type { WorkflowDocument } from "./document";

export const LONGEST_HISTORY = 500;
/** Keystrokes closer than this belong together. */
export const MERGE_WITHIN_MS = 800;

export interface HistoryEntry {
  readonly label: string;
  readonly undo: Command;
  /** What was selected, and is selected again after undo. */
  readonly selection: readonly string[];
  readonly mergeKey: string | null;
  readonly at: number;
}

export interface History {
  readonly document: WorkflowDocument;
  readonly past: readonly HistoryEntry[];
  readonly future: readonly HistoryEntry[];
}

export interface Edit {
  readonly command: Command;
  readonly now: number;
  readonly selection?: readonly string[];
  /** Edits with the same key that follow one another closely become one entry: typing, dragging a slider. */
  readonly mergeKey?: string;
}

export function startHistory(document: WorkflowDocument): History {
  return { document, past: [], future: [] };
}

/** Do it. An edit that changes nothing leaves no entry. */
export function edit(history: History, { command, now, selection = [], mergeKey }: Edit): History {
  const done = execute(history.document, command);
  if (isNothing(done.inverse)) return history;
  const entry: HistoryEntry = { label: labelOf(command), undo: done.inverse, selection, mergeKey: mergeKey ?? null, at: now };
  return { document: done.document, past: pushed(history.past, entry, history.future.length === 0), future: [] };
}

function pushed(past: readonly HistoryEntry[], entry: HistoryEntry, mayMerge: boolean): readonly HistoryEntry[] {
  const last = past.at(-1);
  if (mayMerge && last !== undefined && entry.mergeKey !== null && last.mergeKey === entry.mergeKey && entry.at - last.at <= MERGE_WITHIN_MS) {
    const undo: Command = { type: "batch", commands: [entry.undo, last.undo], label: last.label };
    return past.with(-1, { ...last, undo, at: entry.at });
  }
  return [...past.slice(-(LONGEST_HISTORY - 1)), entry];
}

/** Ends the run of edits that may merge: the field was left. */
export function settle(history: History): History {
  const last = history.past.at(-1);
  if (last === undefined || last.mergeKey === null) return history;
  return { ...history, past: history.past.with(-1, { ...last, mergeKey: null }) };
}

export interface Stepped {
  readonly history: History;
  readonly label: string;
  readonly selection: readonly string[];
}

/** null when there is nothing to undo. */
export function undo(history: History): Stepped | null {
  const entry = history.past.at(-1);
  if (entry === undefined) return null;
  const done = tryExecute(history.document, entry.undo);
  const past = history.past.slice(0, -1);
  // What it was about may be gone when somebody else's change came in between; the entry is dropped then.
  if (done === null) return undo({ ...history, past });
  const future = [...history.future, { ...entry, undo: done.inverse, mergeKey: null }];
  return { history: { document: done.document, past, future }, label: entry.label, selection: entry.selection };
}

/** null when there is nothing to redo. */
export function redo(history: History): Stepped | null {
  const entry = history.future.at(-1);
  if (entry === undefined) return null;
  const done = tryExecute(history.document, entry.undo);
  const future = history.future.slice(0, -1);
  if (done === null) return redo({ ...history, future });
  const past = [...history.past, { ...entry, undo: done.inverse, mergeKey: null }];
  return { history: { document: done.document, past, future }, label: entry.label, selection: entry.selection };
}

function isNothing(command: Command): boolean {
  if (command.type === "patch") return command.patches.length === 0;
  return command.type === "batch" && command.commands.every(isNothing);
}
