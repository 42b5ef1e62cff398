/** Saves by itself: a moment after the last edit, once at a time, again and again while the server is away. It never
 * drops an edit: what was not acknowledged stays unsaved, whatever happened on the way. */

import type { StoreApi } from "zustand/vanilla";
import { ApiError } from "@/api/client";
import type { WorkflowDocument } from "@/model/document";
import { isObject, jsonEqual } from "@/model/json";
import type { EditorState, ServerDraft } from "./state";

export interface SaverOptions {
  readonly store: StoreApi<EditorState>;
  readonly put: (document: WorkflowDocument, revision: number) => Promise<ServerDraft>;
  readonly now?: () => number;
  readonly idleMs?: number;
  readonly backoffMs?: readonly number[];
}

export interface Saver {
  /** Now; true when the server has everything. */
  flush(): Promise<boolean>;
  /** Stops the timers; what is unsaved is still sent once. */
  stop(): void;
  /** The person decides a conflict. */
  keepMine(): Promise<boolean>;
  takeTheirs(): ServerDraft | null;
  /** Both sides were put together in the document: it is saved over what the server had. */
  merged(theirs: ServerDraft): Promise<boolean>;
}

const IDLE_MS = 600;
const MOST_SENT = 4;
const BACKOFF_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];

export function startSaver({ store, put, now = () => Date.now(), idleMs = IDLE_MS, backoffMs = BACKOFF_MS }: SaverOptions): Saver {
  const { getState, setState } = store;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<boolean> | null = null;
  let attempts = 0;
  let stopped = false;
  /** What the server may have although its answers were lost; the newest last. */
  let sent: WorkflowDocument[] = [];

  const clean = (): boolean => getState().document === getState().acknowledged;

  function schedule(ms: number): void {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(() => void flush(), ms);
  }

  function acknowledged(document: WorkflowDocument, draft: ServerDraft): void {
    attempts = 0;
    sent = [];
    setState((state) => ({
      acknowledged: document,
      revision: draft.revision,
      save: state.document === document ? { kind: "saved", at: now() } : { kind: "unsaved" },
    }));
  }

  async function once(): Promise<boolean> {
    const { document, revision, save, readOnly } = getState();
    if (readOnly || save.kind === "conflict") return false;
    if (clean()) {
      if (save.kind !== "saved") setState({ save: { kind: "saved", at: now() } });
      return true;
    }
    setState({ save: save.kind === "offline" ? save : { kind: "saving" } });
    try {
      if (sent.at(-1) !== document) sent = [...sent.slice(-MOST_SENT), document];
      acknowledged(document, await put(document, revision));
    } catch (error) {
      return refused(error);
    }
    return clean() ? true : once();
  }

  function refused(error: unknown): boolean | Promise<boolean> {
    if (!(error instanceof ApiError)) return away();
    const theirs = error.status === 409 ? currentIn(error.body) : null;
    if (theirs !== null) {
      // Our own answer got lost on the way, or somebody wrote the same.
      const arrived = sent.findLast((each) => jsonEqual(each, theirs.document));
      if (arrived !== undefined) {
        acknowledged(arrived, theirs);
        return clean() ? true : once();
      }
      setState((state) => ({ save: { kind: "conflict", theirs, base: state.acknowledged } }));
      return false;
    }
    if (error.status === 0 || error.status >= 500) return away();
    setState({ save: { kind: "failed", problem: error.problem } });
    return false;
  }

  function away(): false {
    setState({ save: { kind: "offline" } });
    schedule(backoffMs[Math.min(attempts, backoffMs.length - 1)] ?? IDLE_MS);
    attempts += 1;
    return false;
  }

  function flush(): Promise<boolean> {
    clearTimeout(timer);
    running ??= once().finally(() => {
      running = null;
    });
    return running;
  }

  function over({ revision, document }: ServerDraft): Promise<boolean> {
    setState({ revision, acknowledged: document, save: { kind: "unsaved" } });
    return flush();
  }

  const unsubscribe = store.subscribe((state, before) => {
    if (state.document === before.document || state.document === state.acknowledged) return;
    // While the server is away, the next try is due anyway; an edit does not make it more frequent.
    if (state.save.kind !== "conflict" && state.save.kind !== "offline") schedule(idleMs);
  });
  if (!clean() && getState().save.kind !== "conflict") schedule(0);

  return {
    flush,
    stop() {
      unsubscribe();
      if (!clean()) void flush();
      stopped = true;
      clearTimeout(timer);
    },
    keepMine() {
      const { save } = getState();
      return save.kind === "conflict" ? over(save.theirs) : Promise.resolve(clean());
    },
    merged: over,
    takeTheirs() {
      const { save } = getState();
      if (save.kind !== "conflict") return null;
      setState({ revision: save.theirs.revision, acknowledged: save.theirs.document, save: { kind: "unsaved" } });
      return save.theirs;
    },
  };
}

/** What is there now, as the refusal tells it. */
export function currentIn(body: unknown): ServerDraft | null {
  const current = isObject(body) ? body.current : null;
  if (!isObject(current) || !isObject(current.document) || typeof current.revision !== "number") return null;
  return { document: current.document as unknown as WorkflowDocument, revision: current.revision };
}
