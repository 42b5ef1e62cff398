/** What the editor holds, and the only ways to change it. Every edit is a command; the document changes by nothing else.
 * Clock and ids come from outside, so that tests decide them. */

import { createStore, type StoreApi } from "zustand/vanilla";
import { tryExecute, type Command } from "@/model/commands";
import type { WorkflowDocument } from "@/model/document";
import { edit, redo, settle, startHistory, undo, type History, type Stepped } from "@/model/history";
import type { Problem } from "@/model/problems";
import { located, type LocatedProblem } from "./problems";

/** How the document stands with the server. */
export type SaveState =
  | { readonly kind: "saved"; readonly at: number | null }
  | { readonly kind: "unsaved" }
  | { readonly kind: "saving" }
  /** The server is not reached; it is tried again. */
  | { readonly kind: "offline" }
  /** The server refuses; it is tried again with the next edit, or by hand. */
  | { readonly kind: "failed"; readonly problem: Problem }
  /** `base` is what both sides were made from; null where nobody knows it any more. */
  | { readonly kind: "conflict"; readonly theirs: ServerDraft; readonly base: WorkflowDocument | null };

export interface ServerDraft {
  readonly document: WorkflowDocument;
  readonly revision: number;
  readonly updatedAt?: string;
  readonly updatedBy?: string | null;
}

/** A wish to see a place: the canvas brings the step into view, the inspector the field. */
export interface Reveal {
  readonly stepId: string | null;
  /** JSON Pointer into the document. */
  readonly path: string;
  /** Whether the field should take the focus, too. */
  readonly focus: boolean;
  readonly serial: number;
}

export interface EditorState {
  readonly document: WorkflowDocument;
  readonly history: History;
  /** Ids of the selected steps. */
  readonly selection: readonly string[];
  /** Ids of selected edges and chart nodes. */
  readonly others: readonly string[];
  readonly revision: number;
  /** What the server has at this revision. */
  readonly acknowledged: WorkflowDocument;
  readonly save: SaveState;
  readonly problems: readonly LocatedProblem[];
  readonly checking: boolean;
  readonly reveal: Reveal | null;
  readonly readOnly: boolean;
}

export interface DispatchOptions {
  /** Edits with the same key within 0.8 s become one undo step. */
  readonly mergeKey?: string;
  /** What is selected afterwards. */
  readonly select?: readonly string[];
}

export interface Editor {
  readonly store: StoreApi<EditorState>;
  readonly newId: () => string;
  /** Does the command; false when it is about something that is gone (nothing has changed then). */
  dispatch(command: Command, options?: DispatchOptions): boolean;
  undo(): void;
  redo(): void;
  /** The field was left: typing more starts another undo step. */
  settle(): void;
  select(steps: readonly string[], others?: readonly string[]): void;
  reveal(wish: { readonly stepId?: string | null; readonly path?: string; readonly focus?: boolean }): void;
}

export interface EditorOptions {
  readonly draft: ServerDraft;
  /** Edits that never reached the server, from this browser. */
  readonly unsent?: WorkflowDocument | null;
  readonly readOnly?: boolean;
  readonly now?: () => number;
  readonly newId?: () => string;
}

export function createEditor(options: EditorOptions): Editor {
  const { draft, unsent = null, readOnly = false, now = () => Date.now(), newId = freshId } = options;
  const document = unsent ?? draft.document;
  const store = createStore<EditorState>(() => ({
    document,
    history: startHistory(document),
    selection: [],
    others: [],
    revision: draft.revision,
    acknowledged: draft.document,
    save: unsent === null ? { kind: "saved", at: null } : { kind: "unsaved" },
    problems: [],
    checking: true,
    reveal: null,
    readOnly,
  }));
  let serial = 0;
  const { getState, setState } = store;

  const stepped = (done: Stepped | null): void => {
    if (done === null) return;
    const { document: after } = done.history;
    const changed = changedSteps(getState().document, after);
    const selection = kept(after, done.selection);
    setState({ history: done.history, document: after, selection, others: [], save: marked(getState().save) });
    const [first] = changed.length > 0 ? changed : selection;
    if (first !== undefined) reveal({ stepId: first });
  };

  const reveal: Editor["reveal"] = ({ stepId = null, path = "", focus = false }) => {
    serial += 1;
    setState({ reveal: { stepId, path, focus, serial } });
  };

  return {
    store,
    newId,
    dispatch(command, { mergeKey, select } = {}) {
      const state = getState();
      if (state.readOnly || tryExecute(state.document, command) === null) return false;
      const wish = { command, now: now(), selection: state.selection };
      const history = edit(state.history, mergeKey === undefined ? wish : { ...wish, mergeKey });
      const selection = select ?? kept(history.document, state.selection);
      if (history === state.history) {
        if (select !== undefined) setState({ selection });
        return true;
      }
      setState({ history, document: history.document, selection, save: marked(state.save) });
      return true;
    },
    undo: () => {
      if (!getState().readOnly) stepped(undo(getState().history));
    },
    redo: () => {
      if (!getState().readOnly) stepped(redo(getState().history));
    },
    settle() {
      const history = settle(getState().history);
      if (history !== getState().history) setState({ history });
    },
    select(steps, others = []) {
      const state = getState();
      if (same(steps, state.selection) && same(others, state.others)) return;
      setState({ selection: steps, others });
    },
    reveal,
  };
}

/** The answer of a check; its places are those of the document that was checked. */
export function withProblems(store: StoreApi<EditorState>, checked: WorkflowDocument, problems: readonly Problem[]): void {
  store.setState({ problems: located(checked, problems), checking: store.getState().document !== checked });
}

/** A conflict stays one until somebody decides. */
function marked(save: SaveState): SaveState {
  return save.kind === "conflict" || save.kind === "saving" || save.kind === "offline" ? save : { kind: "unsaved" };
}

function kept(document: WorkflowDocument, ids: readonly string[]): readonly string[] {
  if (ids.length === 0) return ids;
  const known = new Set((document.steps ?? []).map((step) => step.id));
  return ids.every((id) => known.has(id)) ? ids : ids.filter((id) => known.has(id));
}

/** Steps that differ or moved; by identity, because what does not change is not copied. */
export function changedSteps(before: WorkflowDocument, after: WorkflowDocument): string[] {
  const old = new Map((before.steps ?? []).map((step) => [step.id, step]));
  const places = before.layout?.nodes ?? {};
  return (after.steps ?? []).filter((step) => old.get(step.id) !== step || places[step.id] !== after.layout?.nodes?.[step.id]).map((step) => step.id);
}

const same = (left: readonly string[], right: readonly string[]): boolean =>
  left === right || (left.length === right.length && left.every((id, index) => id === right[index]));

/** Not crypto.randomUUID: that is missing on plain http. */
export function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
