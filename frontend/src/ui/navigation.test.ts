import { expect, test } from "vitest";
import { matchPath } from "./navigation";

test.each([
  ["/", "/", {}],
  ["/workflows/:id", "/workflows/7/", { id: "7" }],
  ["/runs/:id/steps/:step", "/runs/7/steps/a%2Fb", { id: "7", step: "a/b" }],
  ["/workflows/:id", "/workflows", null],
  ["/workflows/:id", "/workflows/7/8", null],
  ["/workflows/:id", "/workflows/%ff", null],
] as const)("%s against %s", (pattern, path, found) => {
  expect(matchPath(pattern, path)).toEqual(found);
});
