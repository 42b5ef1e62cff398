import fc from "fast-check";
import { expect, test } from "vitest";
import { json } from "@testing/documents";
import { golden } from "@testing/golden";
import type { WorkflowDocument } from "./document";
import { asReference, mapReferences, namesParameter, namesStep, producersIn, referencesWithin, whereUsed } from "./references";

test("it reads the six kinds of reference", () => {
  expect(asReference({ $parameter: "epochs" })).toEqual({ kind: "parameter", name: "epochs" });
  expect(asReference({ $data: "raw" })).toEqual({ kind: "data", name: "raw" });
  expect(asReference({ $output: { step: "a", output: "b" } })).toEqual({ kind: "output", step: "a", output: "b" });
  expect(asReference({ $metric: { step: "a", output: "b", key: "c" } })).toEqual({ kind: "metric", step: "a", output: "b", key: "c" });
  expect(asReference({ $storage: { name: "runs" } })).toMatchObject({ kind: "storage", path: "", create_dir: null });
  expect(asReference({ $any_of: [{ $output: { step: "a", output: "b" } }] })).toMatchObject({ kind: "any_of" });
});

test("it tells mistakes in the reserved namespace from values", () => {
  for (const mistake of [
    { $parameter: 1 },
    { $parameter: "a", more: 1 },
    { $what: 1 },
    { $output: { step: "a" } },
    { $output: { step: "a", output: "b", more: "c" } },
    { $any_of: [] },
    { $any_of: [{ $data: "x" }] },
    { $storage: { name: "x", create_dir: "yes" } },
    { $storage: { name: "x", other: 1 } },
  ]) {
    expect(asReference(mistake)).toMatchObject({ kind: "malformed" });
  }
  for (const value of [{ $literal: { $parameter: "epochs" } }, { parameter: "epochs" }, "$parameter", null, ["$data"]]) {
    expect(asReference(value)).toBeNull();
  }
});

test("it finds nothing inside of literals, and everything else once", () => {
  const value = { a: [{ $parameter: "x" }], b: { $literal: { $parameter: "y" } }, c: { $any_of: [{ $output: { step: "s", output: "o" } }] } };
  expect([...referencesWithin(value)].map((found) => found.path)).toEqual([["a", 0], ["c"]]);
  expect(producersIn(value)).toEqual(["s"]);
});

test("it changes nothing where nothing is to be changed: the very same object", () => {
  fc.assert(fc.property(json, (value) => {
    expect(mapReferences(value, (written) => written)).toBe(value);
  }));
});

test("it says where things are used in the sample", () => {
  const sample = golden<WorkflowDocument>("documents/valid/digits.json");
  const uses = whereUsed(sample, namesParameter("epochs"));
  expect(uses).toHaveLength(1);
  expect(uses[0]).toMatchObject({ stepName: "train" });
  expect(whereUsed(sample, namesStep("train")).map((use) => use.stepName)).toContain("register");
});
