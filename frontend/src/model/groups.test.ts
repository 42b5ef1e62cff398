import { expect, test } from "vitest";
import { execute } from "./commands";
import type { Step, WorkflowDocument } from "./document";
import { grouping, membersOf, missingIn, subgraphOf, ungrouping, withMembers } from "./groups";

const step = (name: string, from?: string): Step => ({ id: `i-${name}`, name, kind: "job", inputs: from === undefined ? [] : [{ name: "x", data: { $output: { step: from, output: "o" } } }] });
const document: WorkflowDocument = { schema: 1, name: "w", steps: [step("a"), step("b", "a"), step("c", "b")], scenes: [], subgraphs: [] };
const done = (from: WorkflowDocument, command: ReturnType<typeof grouping>): WorkflowDocument => execute(from, command as NonNullable<typeof command>).document;

test("a step is in one subgraph at most, and one that is left empty goes", () => {
  const first = done(document, grouping(document, "subgraphs", ["i-a", "i-b"], "g1", "Group"));
  expect(first.subgraphs).toEqual([{ id: "g1", name: "Group", steps: ["a", "b"] }]);
  const second = done(first, grouping(first, "subgraphs", ["i-b", "i-c"], "g2", "Group"));
  expect(second.subgraphs).toEqual([
    { id: "g1", name: "Group", steps: ["a"] },
    { id: "g2", name: "Group_2", steps: ["b", "c"] },
  ]);
  expect(subgraphOf(second, "b")?.id).toBe("g2");
  const third = execute(second, withMembers(second, "subgraphs", "g2", ["a", "b", "c"])).document;
  expect(third.subgraphs).toEqual([{ id: "g2", name: "Group_2", steps: ["a", "b", "c"] }]);
  expect(execute(third, ungrouping("subgraphs", "g2")).document.subgraphs).toEqual([]);
});

test("grouping is undone in one step", () => {
  const { document: after, inverse } = execute(document, grouping(document, "subgraphs", ["i-a"], "g", "Group") as NonNullable<ReturnType<typeof grouping>>);
  expect(execute(after, inverse).document).toEqual(document);
});

test("scenes may share steps, and say what they lack", () => {
  const first = done(document, grouping(document, "scenes", ["i-b", "i-c"], "s1", "场景"));
  const second = done(first, grouping(first, "scenes", ["i-c"], "s2", "场景"));
  expect(second.scenes?.map((each) => each.name)).toEqual(["场景", "场景 2"]);
  const [scene] = second.scenes ?? [];
  expect(membersOf(second, scene as NonNullable<typeof scene>).map((each) => each.name)).toEqual(["b", "c"]);
  expect([...missingIn(second, scene as NonNullable<typeof scene>)]).toEqual([["b", ["a"]]]);
  expect(grouping(document, "scenes", [], "s", "Scene")).toBeNull();
});
