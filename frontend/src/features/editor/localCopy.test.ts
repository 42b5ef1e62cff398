import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { WorkflowDocument } from "@/model/document";
import { forget, opening, read, startKeeper, tabId, type Shelf } from "./localCopy";
import { createEditor } from "./state";

const document: WorkflowDocument = { schema: 1, name: "x", description: "" };
const mine: WorkflowDocument = { ...document, description: "mine" };

function shelf(): Shelf {
  const held = new Map<string, string>();
  return {
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => void held.set(key, value),
    removeItem: (key) => void held.delete(key),
    key: (index) => [...held.keys()][index] ?? null,
    get length() {
      return held.size;
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("unsent edits are kept, and forgotten when the server has them", () => {
  const place = shelf();
  const editor = createEditor({ draft: { document, revision: 5 } });
  startKeeper(editor.store, place, "w", "tab", () => 9);
  editor.dispatch({ type: "document.set", field: "description", value: "mine" });
  vi.advanceTimersByTime(250);
  expect(read(place, "w", "tab")).toMatchObject({ document: mine, revision: 5, at: 9 });
  editor.store.setState((state) => ({ acknowledged: state.document, revision: 6 }));
  expect(read(place, "w", "tab")).toBeNull();
});

test("leaving writes at once; no room is no crash", () => {
  const place = shelf();
  const editor = createEditor({ draft: { document, revision: 5 } });
  const keeper = startKeeper(editor.store, place, "w", "tab");
  editor.dispatch({ type: "document.set", field: "description", value: "mine" });
  keeper.write();
  expect(read(place, "w", "tab")?.document).toEqual(mine);
  const full = startKeeper(editor.store, { ...shelf(), setItem: () => { throw new DOMException("full", "QuotaExceededError"); } }, "w", "tab");
  expect(full.write).not.toThrow();
});

test("a tab finds its own copy first, and else what another tab left", () => {
  const place = shelf();
  place.setItem("pipeloom.unsent.w.one", JSON.stringify({ document, revision: 1, at: 1 }));
  place.setItem("pipeloom.unsent.w.two", JSON.stringify({ document: mine, revision: 1, at: 2 }));
  place.setItem("pipeloom.unsent.v.two", JSON.stringify({ document: mine, revision: 1, at: 3 }));
  place.setItem("pipeloom.unsent.w.bad", "{");
  expect(read(place, "w", "one")?.at).toBe(1);
  expect(read(place, "w", "three")?.at).toBe(2);
  forget(place, "w");
  expect(read(place, "w", "one")).toBeNull();
  expect(read(place, "v", "x")?.at).toBe(3);
});

test.each([
  ["nothing kept", null, { unsent: null, conflict: false }],
  ["the server has it already", { document: structuredClone(document), revision: 1, at: 0 }, { unsent: null, conflict: false }],
  ["edits of this revision go on", { document: mine, revision: 2, at: 0 }, { unsent: mine, conflict: false }],
  ["the server went on meanwhile", { document: mine, revision: 1, at: 0 }, { unsent: mine, conflict: true }],
])("opening: %s", (_, copy, wanted) => {
  expect(opening({ document, revision: 2 }, copy)).toMatchObject(wanted);
});

test("a tab keeps its name over reloads", () => {
  const place = shelf();
  expect([tabId(place, () => "a"), tabId(place, () => "b")]).toEqual(["a", "a"]);
});
