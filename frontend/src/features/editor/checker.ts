/** Asks the server what is wrong with the document, a moment after each edit; only the newest answer counts. */

import type { StoreApi } from "zustand/vanilla";
import type { WorkflowDocument } from "@/model/document";
import type { Problem } from "@/model/problems";
import { withProblems, type EditorState } from "./state";

const IDLE_MS = 300;

export function startChecker(store: StoreApi<EditorState>, check: (document: WorkflowDocument, signal: AbortSignal) => Promise<readonly Problem[]>, idleMs = IDLE_MS): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked: AbortController | null = null;

  const ask = async (): Promise<void> => {
    asked?.abort();
    const own = new AbortController();
    asked = own;
    const { document } = store.getState();
    try {
      const problems = await check(document, own.signal);
      if (!own.signal.aborted) withProblems(store, document, problems);
    } catch {
      // What was found before still stands; the saved state tells that the server is away.
      if (!own.signal.aborted) store.setState({ checking: false });
    }
  };
  const unsubscribe = store.subscribe((state, before) => {
    if (state.document === before.document) return;
    // Where nodes stand has no problems.
    if (onlyMoved(before.document, state.document)) return;
    clearTimeout(timer);
    if (!state.checking) store.setState({ checking: true });
    timer = setTimeout(() => void ask(), idleMs);
  });
  void ask();
  return () => {
    unsubscribe();
    clearTimeout(timer);
    asked?.abort();
  };
}

function onlyMoved(before: WorkflowDocument, after: WorkflowDocument): boolean {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof WorkflowDocument>;
  keys.delete("layout");
  return [...keys].every((key) => before[key] === after[key]);
}
