import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError } from "@/api/client";
import type { WorkflowDocument } from "@/model/document";
import { problem } from "@/model/problems";
import { startSaver } from "./saver";
import { createEditor, type ServerDraft } from "./state";

const document: WorkflowDocument = { schema: 1, name: "x", description: "" };

/** A server with revisions, that can be away, refuse, or lose its answer. */
function server() {
  const held = { draft: { document, revision: 1 } as ServerDraft, fail: null as null | (() => ApiError), loseAnswer: false, puts: 0 };
  const put = async (sent: WorkflowDocument, revision: number): Promise<ServerDraft> => {
    held.puts += 1;
    await Promise.resolve();
    if (held.fail !== null) throw held.fail();
    if (revision !== held.draft.revision) throw new ApiError(409, [problem("workflow.draft_stale", "", "")], { current: held.draft });
    held.draft = { document: structuredClone(sent), revision: revision + 1 };
    if (held.loseAnswer) throw new ApiError(0, [problem("client.unreachable", "", "")]);
    return held.draft;
  };
  return { held, put };
}

const away = () => new ApiError(0, [problem("client.unreachable", "", "")]);
function started(unsent: WorkflowDocument | null = null) {
  const { held, put } = server();
  const editor = createEditor({ draft: held.draft, unsent });
  const saver = startSaver({ store: editor.store, put, idleMs: 100, backoffMs: [1_000, 2_000] });
  const describe = (value: string) => editor.dispatch({ type: "document.set", field: "description", value });
  return { held, editor, saver, describe, state: () => editor.store.getState() };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("it saves a moment after the last edit, once", async () => {
  const { held, describe, state } = started();
  describe("a");
  await vi.advanceTimersByTimeAsync(60);
  describe("b");
  expect(state().save.kind).toBe("unsaved");
  await vi.advanceTimersByTimeAsync(200);
  expect(held.puts).toBe(1);
  expect(held.draft).toMatchObject({ document: { description: "b" }, revision: 2 });
  expect(state()).toMatchObject({ revision: 2, save: { kind: "saved" } });
});

test("an edit during a save is saved after it", async () => {
  const { held, describe, saver, state } = started();
  describe("a");
  const done = saver.flush();
  describe("b");
  expect(await done).toBe(true);
  expect(held.draft.document.description).toBe("b");
  expect(state().save.kind).toBe("saved");
});

test("while the server is away it tries again, more and more seldom, and loses nothing", async () => {
  const { held, describe, state } = started();
  held.fail = away;
  describe("a");
  await vi.advanceTimersByTimeAsync(150);
  expect(state().save.kind).toBe("offline");
  describe("b");
  await vi.advanceTimersByTimeAsync(500);
  expect(held.puts).toBe(1);
  await vi.advanceTimersByTimeAsync(600);
  expect(held.puts).toBe(2);
  held.fail = null;
  await vi.advanceTimersByTimeAsync(2_100);
  expect(held.draft.document.description).toBe("b");
  expect(state().save.kind).toBe("saved");
});

test("an answer that was lost on the way is no conflict", async () => {
  const { held, describe, state } = started();
  held.loseAnswer = true;
  describe("a");
  await vi.advanceTimersByTimeAsync(150);
  held.loseAnswer = false;
  describe("b");
  await vi.advanceTimersByTimeAsync(1_100);
  expect(held.draft).toMatchObject({ document: { description: "b" }, revision: 3 });
  expect(state().save.kind).toBe("saved");
});

test("somebody else's save is a conflict, and stops saving until it is decided: mine", async () => {
  const { held, describe, saver, state } = started();
  held.draft = { document: { ...document, description: "theirs" }, revision: 7 };
  describe("mine");
  await vi.advanceTimersByTimeAsync(150);
  expect(state().save).toMatchObject({ kind: "conflict", theirs: { revision: 7 } });
  describe("mine too");
  await vi.advanceTimersByTimeAsync(5_000);
  expect(held.draft.document.description).toBe("theirs");
  expect(await saver.keepMine()).toBe(true);
  expect(held.draft).toMatchObject({ document: { description: "mine too" }, revision: 8 });
});

test("the same change made twice is no conflict", async () => {
  const { held, describe, state } = started();
  held.draft = { document: { ...document, description: "same" }, revision: 4 };
  describe("same");
  await vi.advanceTimersByTimeAsync(150);
  expect(state()).toMatchObject({ revision: 4, save: { kind: "saved" } });
});

test("a refusal is shown and tried again with the next edit", async () => {
  const { held, describe, state } = started();
  held.fail = () => new ApiError(413, [problem("request.too_large", "too large", "")]);
  describe("a");
  await vi.advanceTimersByTimeAsync(150);
  expect(state().save).toMatchObject({ kind: "failed", problem: { code: "request.too_large" } });
  held.fail = null;
  describe("b");
  await vi.advanceTimersByTimeAsync(150);
  expect(state().save.kind).toBe("saved");
});

test("unsent edits of an earlier visit are sent at once", async () => {
  const { held } = started({ ...document, description: "from before" });
  await vi.advanceTimersByTimeAsync(1);
  expect(held.draft.document.description).toBe("from before");
});

test("leaving the page sends what is left", async () => {
  const { held, describe, saver } = started();
  describe("last words");
  saver.stop();
  await vi.advanceTimersByTimeAsync(1);
  expect(held.draft.document.description).toBe("last words");
});
