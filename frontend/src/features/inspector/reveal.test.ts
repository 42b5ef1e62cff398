import { expect, test } from "vitest";
import { golden } from "@testing/golden";
import type { WorkflowDocument } from "@/model/document";
import { around, insideStep } from "./reveal";

const digits = golden<WorkflowDocument>("documents/valid/digits.json");

test.each([
  ["/steps/2/properties/algorithm", "/properties/algorithm"],
  ["/properties/algorithm", "/properties/algorithm"],
  ["/inputs/0/data", "/inputs/0/data"],
  ["/parameters/1/default", "/placeholder/learning_rate/default"],
  ["/storages/0/default", "/placeholder/runs/default"],
  ["/placeholder/epochs", "/placeholder/epochs"],
  ["", ""],
])("%s of the document is %s of the panel", (path, place) => {
  expect(insideStep(path, digits)).toBe(place);
});

test("a place that has no field of its own is shown by what is around it", () => {
  expect(around("/properties/a~1b/0")).toEqual(["/properties/a~1b/0", "/properties/a~1b", "/properties"]);
});
