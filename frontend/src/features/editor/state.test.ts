import { expect, test } from "vitest";
import type { Step, WorkflowDocument } from "@/model/document";
import { problem } from "@/model/problems";
import { changedSteps, createEditor, withProblems } from "./state";

const step = (id: string): Step => ({ id, name: id, kind: "job", title: id });
const document: WorkflowDocument = { schema: 1, name: "x", steps: [step("a"), step("b")], layout: { nodes: {} } };
const editorOf = (more: object = {}) => createEditor({ draft: { document, revision: 3 }, now: () => 0, ...more });

test("an edit marks the document as unsaved; undo and redo bring back document and selection", () => {
  const editor = editorOf();
  const state = () => editor.store.getState();
  expect(state().save.kind).toBe("saved");
  editor.select(["a"]);
  expect(editor.dispatch({ type: "step.remove", ids: ["a"] })).toBe(true);
  expect(state()).toMatchObject({ selection: [], save: { kind: "unsaved" } });
  editor.undo();
  expect(state().document).toEqual(document);
  expect(state()).toMatchObject({ selection: ["a"], reveal: { stepId: "a" } });
  editor.redo();
  expect(state().document.steps).toHaveLength(1);
});

test("moves are undone, too", () => {
  const editor = editorOf();
  editor.dispatch({ type: "step.move", positions: { b: { x: 8, y: 8 } } });
  editor.undo();
  expect(editor.store.getState().document.layout).toEqual(document.layout);
  expect(editor.store.getState().reveal?.stepId).toBe("b");
});

test("a command about something that is gone changes nothing", () => {
  const editor = editorOf();
  expect(editor.dispatch({ type: "step.rename", id: "gone", name: "z" })).toBe(false);
  expect(editor.store.getState().history.past).toEqual([]);
});

test("typing is one undo step until the field is left", () => {
  const editor = editorOf();
  const type = (value: string) => editor.dispatch({ type: "step.set", id: "a", pointer: "/title", value }, { mergeKey: "a/title" });
  type("o");
  type("on");
  editor.settle();
  type("one");
  editor.undo();
  expect(editor.store.getState().document.steps?.[0]?.title).toBe("on");
  editor.undo();
  expect(editor.store.getState().document.steps?.[0]?.title).toBe("a");
});

test("nothing edits what is read only", () => {
  const editor = editorOf({ readOnly: true });
  expect(editor.dispatch({ type: "step.remove", ids: ["a"] })).toBe(false);
  editor.undo();
  expect(editor.store.getState().document).toBe(document);
});

test("problems stay with their step when steps before it go", () => {
  const editor = editorOf();
  withProblems(editor.store, document, [problem("x", "m", "h", "/steps/1/title"), problem("y", "m", "h", "/name")]);
  editor.dispatch({ type: "step.remove", ids: ["a"] });
  expect(editor.store.getState().problems).toMatchObject([{ list: "steps", entry: "b", inside: "/title" }, { list: null, entry: null }]);
});

test("what changed is found by identity, places included", () => {
  const moved = { ...document, layout: { nodes: { a: { x: 1, y: 1 } } } };
  expect(changedSteps(document, moved)).toEqual(["a"]);
  expect(changedSteps(document, { ...document, steps: [document.steps?.[0] as Step, step("c")] })).toEqual(["c"]);
});
