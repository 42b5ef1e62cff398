import fc from "fast-check";
import { expect, test } from "vitest";
import { documents } from "@testing/documents";
import { kinds } from "@testing/kinds";
import { toFlow } from "@/canvas/convert";
import { execute } from "@/model/commands";
import type { Step, WorkflowDocument } from "@/model/document";
import type { StepKind } from "@/model/ports";
import * as actions from "./actions";
import { isLeftOut } from "@/model/leftOut";
import { makeOutput, makeStep } from "./create";
import { differences } from "./differences";
import { neighbour, readingOrder } from "./roving";
import { createEditor } from "./state";
import { tidied, tidyRequest } from "./tidy";
import { actOf, type KeyLike, type Where } from "./useKeys";

const empty: WorkflowDocument = { schema: 1, name: "x" };
const kind = (name: string): StepKind => kinds.get(name) as StepKind;
const key = (name: string, more: Partial<KeyLike> = {}): KeyLike => ({ key: name, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more });

function editing(document: WorkflowDocument) {
  let count = 0;
  const editor = createEditor({ draft: { document, revision: 1 }, newId: () => `n${String((count += 1))}` });
  return { ...editor, kinds, doc: () => editor.store.getState().document };
}

test("a new job keeps its results and draws its metrics live, and the storage comes with it", () => {
  const made = makeStep(empty, kind("job"), "Job", "j", { x: 0, y: 0 });
  const after = execute(empty, { type: "batch", commands: made.commands }).document;
  expect(after.storages).toMatchObject([{ name: "runs", with_execution_id: true }]);
  expect(after.steps?.[0]?.outputs).toMatchObject([{ name: "train_url", type: "obs" }, { name: "metrics", config: { realtime_visualization: true, visualization: true } }]);
  const second = makeStep(after, kind("job"), "Job", "k", { x: 0, y: 0 });
  expect(second.step).toMatchObject({ name: "job_2", title: "Job 2" });
  expect(second.commands).toHaveLength(1);
});

test("one more output gets a free name", () => {
  const { step, commands } = makeStep(empty, kind("job"), "Job", "j", { x: 0, y: 0 });
  const document = execute(empty, { type: "batch", commands }).document;
  expect(execute(document, makeOutput(document, kind("job"), step, "metrics")).document.steps?.[0]?.outputs?.at(-1)?.name).toBe("metrics_2");
});

test("a step that is added to a wire is connected, in one undo step", () => {
  const editor = editing(empty);
  const first = actions.addStep(editor, { kind: kind("create_dataset"), title: "C", position: { x: 0, y: 0 } });
  const second = actions.addStep(editor, { kind: kind("release_dataset"), title: "R", position: { x: 0, y: 0 }, wire: { stepId: first, handle: "out:dataset" } });
  expect(editor.doc().steps?.[1]).toMatchObject({ id: second, depends_on: ["create_dataset"] });
  editor.undo();
  expect(editor.doc().steps).toHaveLength(1);
});

test("steps are left out together, and taken in again together", () => {
  const editor = editing(empty);
  const first = actions.addStep(editor, { kind: kind("job"), title: "A", position: { x: 0, y: 0 } });
  const second = actions.addStep(editor, { kind: kind("job"), title: "B", position: { x: 300, y: 0 }, wire: { stepId: first, handle: "order:out" } });
  const condition = actions.addStep(editor, { kind: kind("condition"), title: "C", position: { x: 600, y: 0 } });
  const out = () => (editor.doc().steps ?? []).filter(isLeftOut).map((step) => step.id);
  editor.select([second, condition]);
  actions.toggleLeftOut(editor);
  editor.select([first, second]);
  actions.toggleLeftOut(editor);
  expect(out()).toEqual([first, second]);
  actions.toggleLeftOut(editor);
  expect(out()).toEqual([]);
  editor.undo();
  expect(out()).toEqual([first, second]);
  editor.select([condition]);
  expect(actions.toggleLeftOut(editor)).toBe(false);
  editor.select([second]);
  actions.selectFlow(editor, "before");
  expect(editor.store.getState().selection).toEqual([first, second]);
});

test("copies travel as text, with new names, and are pasted where they are wanted", () => {
  const editor = editing(empty);
  const id = actions.addStep(editor, { kind: kind("job"), title: "Job", position: { x: 80, y: 80 } });
  const text = actions.copyText(editor) as string;
  expect(actions.pasteText(editor, text, { x: 203, y: 5 })).toBe(true);
  const [, pasted] = editor.doc().steps ?? [];
  expect(pasted?.name).toBe("job_2");
  expect(editor.doc().layout?.nodes?.[pasted?.id ?? ""]).toEqual({ x: 200, y: 8 });
  expect(actions.pasteText(editor, "just text", { x: 0, y: 0 })).toBe(false);
  editor.select([id]);
  actions.duplicate(editor);
  expect(editor.doc().steps).toHaveLength(3);
});

test("delete and reconnect joins what was before to what comes after", () => {
  const step = (name: string, from: string | null): Step => ({ id: name, name, kind: "job", inputs: from === null ? [] : [{ name: "x", data: { $output: { step: from, output: "o" } } }], outputs: [{ name: "o", type: "obs" }], depends_on: from === null ? [] : [from] });
  const editor = editing({ ...empty, steps: [step("a", null), step("b", "a"), step("c", "b")] });
  editor.select(["b"]);
  actions.removeSelected(editor, null, true);
  expect(editor.doc().steps?.[1]).toMatchObject({ name: "c", depends_on: ["a"], inputs: [{ data: { $output: { step: "a", output: "o" } } }] });
  editor.undo();
  expect(editor.doc().steps).toHaveLength(3);
});

test("moving by keys in one go is one undo step", () => {
  const editor = editing({ ...empty, steps: [{ id: "a", name: "a", kind: "job" }], layout: { nodes: { a: { x: 0, y: 0 } } } });
  editor.select(["a"]);
  actions.nudge(editor, 8, 0);
  actions.nudge(editor, 8, 0);
  expect(editor.doc().layout?.nodes?.a).toEqual({ x: 16, y: 0 });
  editor.undo();
  expect(editor.doc().layout?.nodes?.a).toEqual({ x: 0, y: 0 });
});

test("tidy-up gives every node a place on the grid, apart from all others, and keeps the corner", () => {
  fc.assert(
    fc.property(documents, (document) => {
      const graph = toFlow(kinds, document);
      const request = tidyRequest(graph);
      const placed = tidied(request);
      expect(Object.keys(placed).sort()).toEqual(graph.nodes.map((node) => node.id).sort());
      const boxes = graph.nodes.map((node) => ({ ...(placed[node.id] as { x: number; y: number }), width: node.width ?? 0, height: node.height ?? 0 }));
      for (const [index, a] of boxes.entries()) {
        for (const b of boxes.slice(index + 1)) expect(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(true);
      }
    }),
    { numRuns: 40 },
  );
});

test("arrow keys walk along wires; every step is reached once in reading order", () => {
  const steps: Step[] = [{ id: "a", name: "a", kind: "job" }, { id: "b", name: "b", kind: "job", depends_on: ["a"] }, { id: "c", name: "c", kind: "job", depends_on: ["a"] }, { id: "x", name: "x", kind: "job", depends_on: ["y"] }, { id: "y", name: "y", kind: "job", depends_on: ["x"] }];
  const document = { ...empty, steps };
  const places: Record<string, { x: number; y: number }> = { a: { x: 0, y: 0 }, b: { x: 320, y: 200 }, c: { x: 320, y: 0 }, x: { x: 900, y: 0 }, y: { x: 900, y: 90 } };
  const go = (from: string | null, direction: Parameters<typeof neighbour>[2]) => neighbour(document, from, direction, (id) => places[id] ?? { x: 0, y: 0 });
  expect(readingOrder(document)).toEqual(["a", "b", "c", "x", "y"]);
  expect([go(null, "right"), go("a", "right"), go("c", "down"), go("b", "up"), go("b", "left"), go("a", "last")]).toEqual(["a", "c", "b", "c", "a", "y"]);
  expect(neighbour(empty, null, "right", () => ({ x: 0, y: 0 }))).toBeNull();
});

test.each<[KeyLike, Where, string | null]>([
  [key("z", { ctrlKey: true }), "away", "undo"],
  [key("Z", { metaKey: true, shiftKey: true }), "page", "redo"],
  [key("y", { ctrlKey: true }), "canvas", "redo"],
  [key("z", { ctrlKey: true }), "text", null],
  [key("s", { ctrlKey: true }), "text", "save"],
  [key("Delete"), "away", null],
  [key("Delete"), "canvas", "remove"],
  [key("Backspace", { ctrlKey: true }), "canvas", "removeHealed"],
  [key("ArrowLeft"), "canvas", "go:left"],
  [key("ArrowLeft", { metaKey: true, shiftKey: true }), "canvas", "nudge:left:40"],
  [key("ArrowDown"), "away", null],
  [key("?", { shiftKey: true }), "away", "help"],
  [key("/"), "canvas", "find"],
  [key("/"), "text", null],
  [key("Enter"), "page", null],
  [key("F10", { shiftKey: true }), "canvas", "menu"],
  [key("c", { ctrlKey: true }), "canvas", null],
  [key("a", { altKey: true }), "canvas", null],
])("%o on the %s is %s", (pressed, where, wanted) => {
  expect(actOf(pressed, where)).toBe(wanted);
});

test("differences tell which side has what", () => {
  const a: Step = { id: "a", name: "a", kind: "job" };
  const found = differences({ ...empty, steps: [a, { ...a, id: "m", name: "mine" }] }, { ...empty, description: "d", steps: [{ ...a, title: "T" }, { ...a, id: "t", name: "theirs" }] });
  expect(found).toEqual([
    { list: "document", name: "description", side: "both" },
    { list: "steps", name: "a", side: "both" },
    { list: "steps", name: "mine", side: "mine" },
    { list: "steps", name: "theirs", side: "theirs" },
  ]);
  expect(differences(empty, structuredClone(empty))).toEqual([]);
});
