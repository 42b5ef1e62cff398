/** One workflow that is being edited: the editor, and what goes on beside it while the page is open. */

import { api, told } from "@/api/client";
import { SCHEMA, type WorkflowDocument } from "@/model/document";
import { asProblem, type Problem } from "@/model/problems";
import { toastProblem } from "@/ui/Toast";
import { startChecker } from "./checker";
import { forget, opening, read, startKeeper, tabId, type Shelf } from "./localCopy";
import { startSaver, type Saver } from "./saver";
import { createEditor, freshId, type Editor, type ServerDraft } from "./state";

export interface Session {
  readonly editor: Editor;
  /** Begins saving and checking; returns what ends it. */
  start(): () => void;
  flush(): Promise<boolean>;
  keepMine(): Promise<boolean>;
  takeTheirs(): void;
  /** The server has this draft now, and the editor takes it over; undo brings back what was here. */
  adopt(draft: ServerDraft, label: string): void;
  /** What both sides became together, instead of what is here; it is saved over what the server had. */
  merge(document: WorkflowDocument, theirs: ServerDraft): Promise<boolean>;
  /** The server does not take this name for the workflow: the document goes back to the one before. */
  refuseName(before: string, name: string, problem: Problem): void;
}

export async function draftPut(id: string, document: WorkflowDocument, revision: number): Promise<ServerDraft> {
  const saved = await told(api.PUT("/api/workflows/{id}/draft/", { params: { path: { id } }, body: { document: document as never, revision } }));
  return asDraft(saved as unknown as DraftAnswer);
}

interface DraftAnswer {
  readonly document: unknown;
  readonly revision: number;
  readonly updated_at: string;
  readonly updated_by: string | null;
}

export function asDraft({ document, revision, updated_at, updated_by }: DraftAnswer): ServerDraft {
  return { document: document as WorkflowDocument, revision, updatedAt: updated_at, updatedBy: updated_by };
}

export interface SessionOptions {
  /** Whether the person's role lets them change the workflow. */
  readonly mayDraw?: boolean;
  readonly shelf?: Shelf;
}

export function createSession(workflowId: string, draft: ServerDraft, { mayDraw = true, shelf = localStorage }: SessionOptions = {}): Session {
  const tab = tabId(sessionStorage, freshId);
  const begin = opening(draft, read(shelf, workflowId, tab));
  const editor = createEditor({ draft, unsent: begin.unsent, readOnly: draft.document.schema > SCHEMA || !mayDraw });
  if (begin.conflict) editor.store.setState({ save: { kind: "conflict", theirs: draft, base: begin.base } });
  let saver: Saver | null = null;
  const clean = (): boolean => editor.store.getState().document === editor.store.getState().acknowledged;

  const replace = (document: WorkflowDocument, label: string): void => {
    editor.dispatch({ type: "batch", commands: [{ type: "document.replace", document }], label }, { select: [] });
  };
  const adopt: Session["adopt"] = (given, label) => {
    replace(given.document, label);
    editor.store.setState((state) => ({ acknowledged: state.document, revision: given.revision, save: { kind: "saved", at: Date.now() } }));
    forget(shelf, workflowId);
  };

  return {
    editor,
    start() {
      const saving = startSaver({ store: editor.store, put: (document, revision) => draftPut(workflowId, document, revision) });
      saver = saving;
      const keeper = startKeeper(editor.store, shelf, workflowId, tab);
      const stopChecking = startChecker(editor.store, async (document, signal) => {
        const answer = await told(api.POST("/api/workflows/check/", { body: document as never, signal }));
        return answer.problems.map(asProblem);
      });
      const online = (): void => void saving.flush();
      const leaving = (event: BeforeUnloadEvent): void => {
        keeper.write();
        if (clean()) return;
        void saving.flush();
        event.preventDefault();
      };
      const hidden = (): void => {
        keeper.write();
      };
      addEventListener("online", online);
      addEventListener("beforeunload", leaving);
      addEventListener("pagehide", hidden);
      return () => {
        removeEventListener("online", online);
        removeEventListener("beforeunload", leaving);
        removeEventListener("pagehide", hidden);
        stopChecking();
        saving.stop();
        keeper.stop();
        saver = null;
      };
    },
    flush: () => saver?.flush() ?? Promise.resolve(clean()),
    keepMine: () => saver?.keepMine() ?? Promise.resolve(false),
    takeTheirs() {
      const theirs = saver?.takeTheirs();
      if (theirs !== undefined && theirs !== null) adopt(theirs, "document.replace");
    },
    adopt,
    merge(document, theirs) {
      replace(document, "merge");
      return saver?.merged(theirs) ?? Promise.resolve(false);
    },
    refuseName(before, name, problem) {
      toastProblem(problem);
      if (editor.store.getState().document.name === name) editor.dispatch({ type: "document.set", field: "name", value: before });
    },
  };
}
