import { expect, test } from "vitest";
import { kinds } from "@testing/kinds";
import { execute, type Command } from "@/model/commands";
import { stepById, type Step, type WorkflowDocument } from "@/model/document";
import { toFlow, type FlowEdge } from "./convert";
import { inserting, rewiring, startWiring, unwiring } from "./wiring";

const step = (id: string, kind: string, more: Partial<Step> = {}): Step => ({ id, name: id, kind, properties: {}, depends_on: [], ...more });
const empty: WorkflowDocument = {
  schema: 1,
  name: "x",
  steps: [
    step("create", "create_dataset", { inputs: [{ name: "images", data: null }], outputs: [{ name: "dataset", type: "dataset" }] }),
    step("release", "release_dataset", { inputs: [{ name: "dataset", data: null }], outputs: [{ name: "version", type: "dataset" }] }),
    step("train", "job", { inputs: [{ name: "data_url", data: null }], outputs: [{ name: "model", type: "obs" }, { name: "metrics", type: "metrics" }] }),
    step("check", "condition"),
    step("register", "model", { inputs: [{ name: "model", data: null }], outputs: [{ name: "model", type: "model" }] }),
  ],
};
const draw = (document: WorkflowDocument, from: string, handle: string, to: string, port: string | null): Command | null => startWiring(kinds, document, { stepId: from, handle })?.command(to, port) ?? null;
function wired(document: WorkflowDocument, ...wires: [string, string, string, string | null][]): WorkflowDocument {
  return wires.reduce((held, [from, handle, to, port]) => execute(held, draw(held, from, handle, to, port) as Command).document, document);
}
const edgeOf = (document: WorkflowDocument, id: string): FlowEdge => toFlow(kinds, document).edges.find((edge) => edge.id === id) as FlowEdge;
const sample = wired(empty, ["create", "out:dataset", "release", "in:dataset"], ["release", "out:version", "train", "in:data_url"], ["train", "out:model", "register", "in:model"]);

test("a wire between ports fills the reference and depends_on", () => {
  expect(stepById(sample, "release")).toMatchObject({ inputs: [{ name: "dataset", data: { $output: { step: "create", output: "dataset" } } }], depends_on: ["create"] });
});

test("a wire drawn backwards is the same wire", () => {
  expect(draw(empty, "release", "in:dataset", "create", "out:dataset")).toEqual(draw(empty, "create", "out:dataset", "release", "in:dataset"));
  expect(draw(empty, "release", "in:dataset", "create", null)).toEqual(draw(empty, "create", "out:dataset", "release", null));
});

test("every refusal has its reason, and does nothing", () => {
  const from = (id: string, handle: string) => startWiring(kinds, sample, { stepId: id, handle });
  expect(from("create", "out:dataset")?.refusal("train", "in:data_url")).toEqual({ code: "needs_version" });
  expect(from("train", "out:metrics")?.refusal("register", null)).toEqual({ code: "metrics" });
  expect(from("train", "out:model")?.refusal("create", "in:images")).toEqual({ code: "cycle" });
  expect(from("train", "order:out")?.refusal("create", null)).toEqual({ code: "cycle" });
  expect(from("train", "out:model")?.refusal("train", "in:data_url")).toEqual({ code: "same_step" });
  expect(from("release", "out:version")?.refusal("register", "in:model")).toMatchObject({ code: "type", found: "dataset_version" });
  expect(from("create", "in:images")?.refusal("train", "out:model")).toEqual({ code: "cycle" });
  expect(draw(sample, "create", "out:dataset", "train", "in:data_url")).toBeNull();
  expect(startWiring(kinds, sample, { stepId: "gone", handle: "out:x" })).toBeNull();
});

test("a wire dropped on a step takes the best port, or makes one", () => {
  expect(draw(empty, "train", "out:model", "register", null)).toMatchObject({ type: "input.connect", input: "model" });
  expect(draw(sample, "create", "order:out", "train", null)).toEqual({ type: "order.add", from: "create", to: "train" });
  const more = wired(sample, ["train", "out:model", "check", null]);
  expect(stepById(more, "check")?.depends_on).toEqual(["train"]);
});

test("a condition's handles fill its lists, and what it decides waits for it", () => {
  const then = wired(sample, ["check", "branch:then", "register", null]);
  expect(stepById(then, "check")?.properties).toEqual({ if_then_steps: ["register"] });
  expect(stepById(then, "register")?.depends_on).toEqual(["train", "check"]);
  const other = wired(then, ["check", "branch:else", "register", "order:in"]);
  expect(stepById(other, "check")?.properties).toEqual({ if_then_steps: [], else_then_steps: ["register"] });
  const cut = execute(other, unwiring(other, edgeOf(other, "b:check:register").data as NonNullable<FlowEdge["data"]>) as Command).document;
  expect(stepById(cut, "check")?.properties?.else_then_steps).toEqual([]);
  expect(stepById(cut, "register")?.depends_on).toEqual(["train"]);
});

test("pulling the last data wire out releases depends_on", () => {
  const cut = execute(sample, unwiring(sample, edgeOf(sample, "d:train:data_url:0").data as NonNullable<FlowEdge["data"]>) as Command).document;
  expect(stepById(cut, "train")).toMatchObject({ inputs: [{ name: "data_url", data: null }], depends_on: [] });
});

test("an option that is pulled out of a selector leaves the others", () => {
  const option = (name: string) => ({ $output: { step: name, output: "model" } });
  const both: WorkflowDocument = { ...sample, steps: [...(sample.steps ?? []), step("other", "job", { outputs: [{ name: "model", type: "obs" }] })] };
  const chosen = execute(both, { type: "input.connect", id: "register", input: "model", data: { $any_of: [option("train"), option("other")] } }).document;
  const cut = execute(chosen, unwiring(chosen, edgeOf(chosen, "d:register:model:0").data as NonNullable<FlowEdge["data"]>) as Command).document;
  expect(stepById(cut, "register")).toMatchObject({ inputs: [{ data: option("other") }], depends_on: ["other"] });
});

test("an end that is dragged elsewhere takes the wire along", () => {
  const two: WorkflowDocument = { ...sample, steps: [...(sample.steps ?? []), step("second", "model", { inputs: [{ name: "model", data: null }] })] };
  const moved = execute(two, rewiring(kinds, two, edgeOf(two, "d:register:model:0"), { stepId: "second", handle: "in:model" }, "target") as Command).document;
  expect(stepById(moved, "register")).toMatchObject({ inputs: [{ data: null }], depends_on: [] });
  expect(stepById(moved, "second")).toMatchObject({ depends_on: ["train"] });
  expect(rewiring(kinds, two, edgeOf(two, "d:register:model:0"), { stepId: "register", handle: "in:model" }, "target")).toBeNull();
  expect(rewiring(kinds, two, edgeOf(two, "d:register:model:0"), { stepId: "create", handle: "in:images" }, "target")).toBeNull();
  expect(rewiring(kinds, two, edgeOf(two, "d:register:model:0"), { stepId: "release", handle: "out:version" }, "source")).toBeNull();
});

test("a step that fits goes into the wire it is dropped on", () => {
  const between = step("clean", "job", { inputs: [{ name: "raw", data: null }], outputs: [{ name: "cleaned", type: "obs" }] });
  const ready: WorkflowDocument = { ...sample, steps: [...(sample.steps ?? []), between] };
  const wire = edgeOf(ready, "d:register:model:0").data as NonNullable<FlowEdge["data"]>;
  const commands = inserting(kinds, ready, wire, between) as Command[];
  const after = execute(ready, { type: "batch", commands }).document;
  expect(stepById(after, "clean")).toMatchObject({ inputs: [{ name: "raw", data: { $output: { step: "train", output: "model" } } }], depends_on: ["train"] });
  expect(stepById(after, "register")).toMatchObject({ inputs: [{ data: { $output: { step: "clean", output: "cleaned" } } }], depends_on: ["clean"] });
  // A dataset is not what a job takes before it is released.
  expect(inserting(kinds, ready, edgeOf(ready, "d:release:dataset:0").data as NonNullable<FlowEdge["data"]>, between)).toBeNull();
  expect(inserting(kinds, after, wire, stepById(after, "register") as Step)).toBeNull();
});
