import fc from "fast-check";
import { expect, test } from "vitest";
import { commands, documents } from "@testing/documents";
import { canonicalText } from "./canonical";
import { tryExecute, type Command } from "./commands";
import { asJson, emptyDocument, type WorkflowDocument } from "./document";
import { edit, LONGEST_HISTORY, redo, settle, startHistory, undo, type History } from "./history";

const text = (document: WorkflowDocument) => canonicalText(asJson(document));
const typing = (value: string): Command => ({ type: "document.set", field: "description", value });
const all = (history: History, step: typeof undo): History => {
  for (let next = step(history); next !== null; next = step(history)) history = next.history;
  return history;
};

test("it goes all the way back and all the way forth", () => {
  fc.assert(fc.property(documents, fc.array(commands, { maxLength: 8 }), (document, list) => {
    let history = startHistory(document);
    list.forEach((command, index) => {
      if (tryExecute(history.document, command) !== null) history = edit(history, { command, now: index * 10_000 });
    });
    const end = text(history.document);
    const back = all(history, undo);
    expect(text(back.document)).toBe(text(document));
    expect(text(all(back, redo).document)).toBe(end);
  }));
});

test("it goes back and forth at will, and every state is there again as it was", () => {
  fc.assert(fc.property(documents, fc.array(fc.oneof({ arbitrary: commands, weight: 4 }, fc.constantFrom("undo" as const, "redo" as const)), { maxLength: 24 }), (document, list) => {
    let history = startHistory(document);
    let [past, future]: [string[], string[]] = [[], []];
    list.forEach((what, index) => {
      const before = text(history.document);
      const stepped = what === "undo" ? undo(history) : what === "redo" ? redo(history) : null;
      if (stepped !== null) {
        const expected = what === "undo" ? past.pop() : future.shift();
        if (what === "undo") future = [before, ...future];
        else past = [...past, before];
        history = stepped.history;
        expect(text(history.document)).toBe(expected);
      } else if (typeof what !== "string" && tryExecute(history.document, what) !== null) {
        const next = edit(history, { command: what, now: index * 10_000 });
        if (next !== history) [past, future] = [[...past, before], []];
        history = next;
      }
    });
    expect([history.past.length, history.future.length]).toEqual([past.length, future.length]);
  }), { numRuns: 300 });
});

test("commands by chance are of every type", () => {
  const types = new Set(fc.sample(commands, 4_000).map((command) => command.type));
  expect([...types].sort()).toEqual([
    "branch.add", "branch.remove", "document.replace", "document.set", "entry.add", "entry.move", "entry.remove", "entry.rename", "entry.update", "input.add", "input.connect", "input.disconnect",
    "input.remove", "input.rename", "layout.apply", "order.add", "order.remove", "output.add", "output.remove", "output.rename", "paste", "step.add", "step.move", "step.remove", "step.rename", "step.set",
  ]);
});

test("it makes one entry of keystrokes that follow one another, and two when the field was left", () => {
  let history = startHistory(emptyDocument("x"));
  history = edit(history, { command: typing("a"), now: 0, mergeKey: "description" });
  history = edit(history, { command: typing("ab"), now: 500, mergeKey: "description" });
  history = edit(history, { command: typing("abc"), now: 1_200, mergeKey: "description" });
  expect(history.past).toHaveLength(1);
  history = edit(settle(history), { command: typing("abcd"), now: 1_300, mergeKey: "description" });
  expect(history.past).toHaveLength(2);
  history = edit(history, { command: typing("abcde"), now: 9_000, mergeKey: "description" });
  expect(history.past).toHaveLength(3);
  expect(all(history, undo).document.description).toBe("");
});

test("it brings back the selection and says what it undid", () => {
  const history = edit(startHistory(emptyDocument("x")), { command: typing("a"), now: 0, selection: ["s1"] });
  expect(undo(history)).toMatchObject({ label: "document.set", selection: ["s1"] });
});

test("it leaves no entry for an edit that changes nothing, and forgets the future after a new one", () => {
  const start = startHistory(emptyDocument("x"));
  expect(edit(start, { command: { type: "batch", commands: [] }, now: 0 })).toBe(start);
  const back = undo(edit(start, { command: typing("a"), now: 0 }))?.history as History;
  expect(edit(back, { command: typing("b"), now: 1 }).future).toEqual([]);
});

test("it drops entries whose objects are gone instead of failing", () => {
  const step = { id: "s1", name: "a", kind: "job" };
  const history = edit(startHistory({ ...emptyDocument("x"), steps: [step] }), { command: { type: "step.rename", id: "s1", name: "b" }, now: 0 });
  const elsewhere = { ...history, document: { ...history.document, steps: [] } };
  expect(undo(elsewhere)).toBeNull();
});

test("it keeps a bounded number of entries", () => {
  let history = startHistory(emptyDocument("x"));
  for (let index = 0; index < LONGEST_HISTORY + 20; index += 1) history = edit(history, { command: typing(String(index)), now: index });
  expect(history.past).toHaveLength(LONGEST_HISTORY);
});
