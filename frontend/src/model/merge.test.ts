import { expect, test } from "vitest";
import type { Step, WorkflowDocument } from "./document";
import { conflictPlace, resolved, type Conflict } from "./merge";

const step = (id: string, more: Partial<Step> = {}): Step => ({ id, name: id, kind: "job", title: id, depends_on: [], ...more });
const document = (...steps: Step[]): WorkflowDocument => ({ schema: 1, name: "w", steps, layout: { nodes: Object.fromEntries(steps.map((each) => [each.id, { x: 0, y: 0 }])) } });
const conflict = (path: string, mine: Conflict["mine"], theirs: Conflict["theirs"]): Conflict => ({ path, base: null, mine, theirs });

test("a field is taken from the side that was chosen", () => {
  const mine = document(step("a", { title: "Mine", description: "x" }));
  const theirs = document(step("a", { title: "Theirs" }));
  const conflicts = [conflict("/steps/a/title", "Mine", "Theirs")];
  expect(resolved({ merged: mine, mine, theirs }, conflicts, {}).steps?.[0]).toMatchObject({ title: "Mine", description: "x" });
  expect(resolved({ merged: mine, mine, theirs }, conflicts, { "/steps/a/title": "theirs" }).steps?.[0]).toMatchObject({ title: "Theirs", description: "x" });
});

test("absent and null are different sides", () => {
  const mine: WorkflowDocument = { schema: 1, name: "w", parameters: [{ id: "p", name: "p", type: "INT", default: 1 }] };
  const absent: WorkflowDocument = { schema: 1, name: "w", parameters: [{ id: "p", name: "p", type: "INT" }] };
  const empty: WorkflowDocument = { schema: 1, name: "w", parameters: [{ id: "p", name: "p", type: "INT", default: null }] };
  const conflicts = [conflict("/parameters/p/default", 1, null)];
  const chosen = { "/parameters/p/default": "theirs" } as const;
  expect(resolved({ merged: mine, mine, theirs: absent }, conflicts, chosen).parameters?.[0]).toEqual({ id: "p", name: "p", type: "INT" });
  expect(resolved({ merged: mine, mine, theirs: empty }, conflicts, chosen).parameters?.[0]).toEqual({ id: "p", name: "p", type: "INT", default: null });
});

test("a step that one side deleted goes or stays, with its place", () => {
  const mine = document(step("a"));
  const theirs = document(step("a"), step("b", { title: "Changed" }));
  const conflicts = [conflict("/steps/b", null, { id: "b" })];
  // The server keeps what is left over, whoever has it.
  const gone = resolved({ merged: theirs, mine, theirs }, conflicts, { "/steps/b": "mine" });
  expect(gone.steps?.map((each) => each.id)).toEqual(["a"]);
  expect(gone.layout?.nodes).toEqual({ a: { x: 0, y: 0 } });
  expect(resolved({ merged: theirs, mine, theirs }, conflicts, { "/steps/b": "theirs" }).steps).toHaveLength(2);
});

test("another name is taken with everything that refers to it", () => {
  const wired = (name: string): WorkflowDocument => document(step("a", { name }), step("b", { depends_on: [name], inputs: [{ name: "x", data: { $output: { step: name, output: "o" } } }] }));
  const found = resolved({ merged: wired("mine"), mine: wired("mine"), theirs: wired("theirs") }, [conflict("/steps/a/name", "mine", "theirs")], { "/steps/a/name": "theirs" });
  expect(found.steps?.[1]).toMatchObject({ depends_on: ["theirs"], inputs: [{ data: { $output: { step: "theirs" } } }] });
});

test("places in the document itself, and in lists of entries, are told apart", () => {
  expect(conflictPlace("/description")).toEqual({ list: null, key: "", rest: ["description"] });
  expect(conflictPlace("/steps/a~1b/policy/x")).toEqual({ list: "steps", key: "a/b", rest: ["policy", "x"] });
  const mine = { ...document(), description: "mine" };
  const theirs = { ...document(), description: "theirs" };
  expect(resolved({ merged: mine, mine, theirs }, [conflict("/description", "mine", "theirs")], { "/description": "theirs" }).description).toBe("theirs");
});
