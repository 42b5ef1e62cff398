import { expect, test } from "vitest";
import { golden } from "@testing/golden";
import { located } from "@/features/editor/problems";
import type { WorkflowDocument } from "@/model/document";
import { asProblem } from "@/model/problems";
import { grouped } from "./grouped";

const digits = golden<WorkflowDocument>("documents/valid/digits.json");
const at = (path: string) => asProblem({ code: "document.invalid", path });

test("problems stand together by what they are about, in the document's order", () => {
  const found = located(digits, [at("/steps/2/properties"), at("/steps/0/name"), at("/parameters/1/default"), at("/name"), at("/steps/2/inputs/0"), at("/storages/0/default")]);
  expect(grouped(digits, found).map((group) => [group.key, group.problems.length])).toEqual([
    ["workflow", 1],
    ["parameters", 1],
    ["storages", 1],
    ["step:s1", 1],
    ["step:s3", 2],
  ]);
});

test("a problem of a step that is gone is the workflow's", () => {
  const [problem] = located(digits, [at("/steps/2/name")]);
  expect(grouped({ ...digits, steps: [] }, problem === undefined ? [] : [problem]).map((group) => group.key)).toEqual(["workflow"]);
});
