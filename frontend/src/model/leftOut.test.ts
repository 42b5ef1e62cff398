import { expect, test } from "vitest";
import { execute } from "./commands";
import { stepById, type Condition, type Step, type WorkflowDocument } from "./document";
import { isLeftOut, leavingOut } from "./leftOut";

const SMALL: Condition = { type: "LT", left: { $parameter: "size" }, right: 10 };
const documentOf = (step: Partial<Step>): WorkflowDocument => ({ schema: 1, name: "one", steps: [{ id: "s", name: "train", kind: "job", ...step }] }) as WorkflowDocument;
const only = (document: WorkflowDocument): Step => stepById(document, "s") as Step;

function turned(document: WorkflowDocument, out: boolean) {
  const command = leavingOut(only(document), out);
  if (command === null) throw new Error("nothing to do");
  return execute(document, command);
}

test.each([{}, { policy: { skip_conditions: [SMALL] } }, { policy: { poll_interval_seconds: 2, skip_conditions: [SMALL, { type: "OR", left: SMALL, right: true }] } }] as Partial<Step>[])("a step that is left out comes back as it was: %j", (step) => {
  const before = documentOf(step);
  expect(isLeftOut(only(before))).toBe(false);
  const left = turned(before, true);
  expect(isLeftOut(only(left.document))).toBe(true);
  expect(leavingOut(only(left.document), true)).toBeNull();
  expect(turned(left.document, false).document.steps?.[0]?.policy?.skip_conditions ?? []).toEqual(step.policy?.skip_conditions ?? []);
  expect(execute(left.document, left.inverse).document).toEqual(before);
});

test("one condition that need not hold keeps it in", () => {
  expect(isLeftOut(only(documentOf({ policy: { skip_conditions: [{ type: "EQ", left: true, right: true }, SMALL] } })))).toBe(false);
});
