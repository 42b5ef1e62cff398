import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commands, documents } from "@testing/documents";
import { golden } from "@testing/golden";
import { canonicalText } from "./canonical";
import { execute, tryExecute, type Command } from "./commands";
import { asJson, stepByName, type WorkflowDocument } from "./document";
import { Missing } from "./patch";
import { asReference, referencesIn } from "./references";

const sample = golden<WorkflowDocument>("documents/valid/digits.json");
const branches = golden<WorkflowDocument>("documents/valid/branches.json");
const text = (document: WorkflowDocument) => canonicalText(asJson(document));

function duplicates(document: WorkflowDocument): string[] {
  const ids = (["parameters", "data", "steps", "scenes"] as const).flatMap((list) => (document[list] ?? []).map((entry) => `${list} ${entry.id}`));
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}

test("a group is folded and opened in the drawing, which is no part of the meaning", () => {
  const folded = execute(branches, { type: "layout.fold", id: "g", folded: true });
  expect(folded.document.layout?.folded).toEqual({ g: true });
  expect(text(execute(folded.document, folded.inverse).document)).toBe(text(branches));
  expect(execute(folded.document, { type: "layout.fold", id: "g", folded: true }).document).toBe(folded.document);
  expect(execute(folded.document, { type: "layout.fold", id: "g", folded: false }).document.layout?.folded).toEqual({});
  expect(execute({ schema: 1, name: "bare" }, { type: "layout.fold", id: "g", folded: true }).document.layout).toEqual({ folded: { g: true } });
});

describe("every command", () => {
  test("is undone by its inverse, byte for byte, and redone by the inverse of that", () => {
    fc.assert(fc.property(documents, commands, (document, command) => {
      const done = tryExecute(document, command);
      if (done === null) return;
      const undone = execute(done.document, done.inverse);
      expect(text(undone.document)).toBe(text(document));
      expect(text(execute(undone.document, undone.inverse).document)).toBe(text(done.document));
    }), { numRuns: 2_000 });
  });

  test("is plain data: it survives being written and read", () => {
    fc.assert(fc.property(documents, commands, (document, command) => {
      const done = tryExecute(document, command);
      if (done === null) return;
      const again = JSON.parse(JSON.stringify(command)) as Command;
      expect(text(execute(document, again).document)).toBe(text(done.document));
      const inverse = JSON.parse(JSON.stringify(done.inverse)) as Command;
      expect(text(execute(done.document, inverse).document)).toBe(text(document));
    }));
  });

  test("leaves the document that it got as it was, and shares what it did not change", () => {
    fc.assert(fc.property(documents, commands, (document, command) => {
      const before = structuredClone(document);
      const done = tryExecute(document, command);
      expect(document).toEqual(before);
      if (done !== null && command.type === "step.move" && document.layout?.nodes !== undefined) expect(done.document.steps).toBe(document.steps);
    }));
  });

  test("keeps ids apart", () => {
    fc.assert(fc.property(documents, fc.array(commands, { maxLength: 6 }), (document, list) => {
      const after = list.reduce((current, command) => tryExecute(current, command)?.document ?? current, document);
      expect(duplicates(after)).toEqual([]);
    }));
  });

  test("undoes a whole batch in one, also a batch of batches", () => {
    fc.assert(fc.property(documents, fc.array(commands, { maxLength: 5 }), (document, list) => {
      const done = tryExecute(document, { type: "batch", commands: [{ type: "batch", commands: list }] });
      if (done !== null) expect(text(execute(done.document, done.inverse).document)).toBe(text(document));
    }));
  });
});

describe("renaming", () => {
  test("a step rewrites every reference to it", () => {
    const { document } = execute(sample, { type: "step.rename", id: "s3", name: "fit" });
    expect(stepByName(document, "register")?.depends_on).toEqual(["fit"]);
    expect(JSON.stringify(document)).not.toContain('"step":"train"');
    expect(text(execute(document, { type: "step.rename", id: "s3", name: "train" }).document)).toBe(text(sample));
  });

  test("a step rewrites the branches and selectors that name it", () => {
    const { document } = execute(branches, { type: "step.rename", id: "s2", name: "alpha" });
    expect(stepByName(document, "choose")?.properties?.if_then_steps).toEqual(["alpha"]);
    expect(stepByName(document, "c")?.depends_on).toEqual(["alpha", "b"]);
    expect(JSON.stringify(stepByName(document, "c")?.inputs)).toContain('"step":"alpha"');
  });

  test("a placeholder, data or storage rewrites its references and leaves literals alone", () => {
    const { document } = execute(sample, { type: "entry.rename", list: "parameters", key: "p1", name: "rounds" });
    const named = (document.steps ?? []).flatMap((step) => [...referencesIn(step)].map((found) => found.reference));
    expect(named.filter((each) => each.kind === "parameter" && each.name === "epochs")).toEqual([]);
    expect(named.filter((each) => each.kind === "parameter" && each.name === "rounds")).toHaveLength(1);
    const stored = execute(sample, { type: "entry.rename", list: "storages", key: "runs", name: "results" });
    expect(JSON.stringify(stored.document)).not.toContain('"runs"');
  });

  test("an output rewrites those who take it", () => {
    const { document } = execute(sample, { type: "output.rename", id: "s3", output: "metrics", name: "curves" });
    expect(stepByName(document, "register")?.policy?.skip_conditions?.[0]?.left).toEqual({ $metric: { step: "train", output: "curves", key: "accuracy" } });
  });
});

describe("edges", () => {
  test("connecting fills the reference and depends_on; the edge that it replaces goes", () => {
    const data = { $output: { step: "create", output: "dataset" } };
    const { document } = execute(sample, { type: "input.connect", id: "s3", input: "data_url", data });
    expect(stepByName(document, "train")?.depends_on).toEqual(["create"]);
    expect(stepByName(document, "train")?.inputs?.[0]?.data).toEqual(data);
  });

  test("taking away the last thing that a step takes from another takes away the dependency", () => {
    const { document } = execute(sample, { type: "input.disconnect", id: "s3", input: "data_url" });
    expect(stepByName(document, "train")).toMatchObject({ depends_on: [], inputs: [{ name: "data_url", data: null }] });
  });

  test("a metric in a condition still needs the step, so the dependency stays", () => {
    const { document } = execute(sample, { type: "input.disconnect", id: "s4", input: "weights" });
    expect(stepByName(document, "register")?.depends_on).toEqual(["train"]);
  });

  test("a branch is a list and a dependency, and moves from one list to the other", () => {
    const { document } = execute(branches, { type: "branch.add", id: "s1", branch: "else", step: "a" });
    expect(stepByName(document, "choose")?.properties).toMatchObject({ if_then_steps: [], else_then_steps: ["b", "a"] });
    const removed = execute(document, { type: "branch.remove", id: "s1", branch: "else", step: "a" });
    expect(stepByName(removed.document, "a")?.depends_on).toEqual([]);
  });
});

describe("removing", () => {
  test("a step disconnects those who took from it and forgets its place", () => {
    const { document } = execute(branches, { type: "step.remove", ids: ["s2"] });
    expect(stepByName(document, "choose")?.properties?.if_then_steps).toEqual([]);
    expect(stepByName(document, "c")).toMatchObject({ depends_on: ["b"], inputs: [{ data: { $any_of: [{ $output: { step: "b", output: "out" } }] } }] });
  });

  test("a placeholder can leave its default behind, escaped where it looks like a reference", () => {
    const { document } = execute(sample, { type: "entry.remove", list: "parameters", key: "p1", inline: true });
    const [first] = (stepByName(document, "train")?.properties?.algorithm as { parameters: { value: unknown }[] }).parameters;
    expect(first?.value).toBe(12);
    const odd = execute(sample, { type: "entry.update", list: "parameters", key: "p1", changes: { set: { default: { $parameter: "x" } } } });
    const inlined = execute(odd.document, { type: "entry.remove", list: "parameters", key: "p1", inline: true });
    const [escaped] = (stepByName(inlined.document, "train")?.properties?.algorithm as { parameters: { value: unknown }[] }).parameters;
    expect(asReference(escaped?.value)).toBeNull();
  });

  test("what is not there is refused, and nothing changes", () => {
    expect(() => execute(sample, { type: "step.remove", ids: ["nobody"] })).toThrow(Missing);
    expect(tryExecute(sample, { type: "input.connect", id: "s3", input: "nothing", data: null })).toBeNull();
  });
});

test("it tells 0, empty text, false, null and absent apart", () => {
  for (const value of [0, "", false, null]) {
    const { document } = execute(sample, { type: "step.set", id: "s4", pointer: "/properties/x/y", value });
    expect(stepByName(document, "register")?.properties).toEqual({ x: { y: value } });
  }
  const unset = execute(sample, { type: "step.set", id: "s1", pointer: "/properties/data_type" });
  expect(Object.hasOwn(stepByName(unset.document, "create")?.properties ?? {}, "data_type")).toBe(false);
});
