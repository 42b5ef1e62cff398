import { expect, test } from "vitest";
import type { Change } from "./queries";
import { countsOf, grouped, placeText, sideText } from "./told";

const change = (more: Partial<Change>): Change => ({ what: "changed", list: "steps", id: "s1", name: "train", path: "/title", before: null, after: null, ...more });

test("lines about one thing stand together, the workflow first, what came before what went", () => {
  const groups = grouped([
    change({ list: "parameters", id: "p", name: "epochs", path: "/default", before: 1, after: 2 }),
    change({ what: "removed", id: "s2", name: "old", path: "" }),
    change({ path: "/policy/max_execution_minutes" }),
    change({ what: "edge_added", path: "/depends_on", after: "prepare" }),
    change({ what: "added", id: "s3", name: "new", path: "" }),
    change({ list: "", id: "", name: "", path: "/description", before: "a", after: "b" }),
  ]);
  expect(groups.map((each) => [each.list, each.name, each.whole, each.changes.length])).toEqual([
    ["document", "", null, 1],
    ["steps", "new", "added", 0],
    ["steps", "old", "removed", 0],
    ["steps", "train", null, 2],
    ["parameters", "epochs", null, 1],
  ]);
  expect(countsOf(groups)).toEqual({ added: 1, removed: 1, changed: 3 });
});

test("places and sides are said in a line", () => {
  expect(placeText("/properties/algorithm/parameters/0/value")).toBe("algorithm › parameters › 1 › value");
  expect(placeText("/title")).toBe("title");
  expect(sideText(null)).toBeNull();
  expect(sideText("")).toBe('""');
  expect(sideText({ $parameter: "epochs" })).toBe("epochs");
  expect(sideText("x".repeat(500))).toHaveLength(161);
});
