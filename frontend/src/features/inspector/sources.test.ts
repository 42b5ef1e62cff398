import { expect, test } from "vitest";
import { golden } from "@testing/golden";
import { kinds } from "@testing/kinds";
import { execute } from "@/model/commands";
import type { Input, Step, WorkflowDocument } from "@/model/document";
import { fixedToPlaceholder, placeholderToFixed, sourcesFor, withoutOption } from "./sources";

const digits = golden<WorkflowDocument>("documents/valid/digits.json");
const step = (name: string): Step => digits.steps?.find((each) => each.name === name) as Step;
const input = (of: Step): Input => of.inputs?.[0] as Input;
const offered = (of: Step, into: Input | null, document = digits) => Object.fromEntries(sourcesFor({ kinds, document, step: of, input: into, newId: () => "new" }).map((group) => [group.id, group.choices.map((choice) => choice.id)]));

test("only what fits is offered: types, and no circle", () => {
  const train = step("train");
  expect(offered(train, input(train)).outputs).toEqual(["output:release:version"]);
  expect(offered(step("register"), input(step("register"))).outputs).toEqual(["output:train:train_url"]);
  expect(offered(step("create"), input(step("create"))).data).toEqual(["data:raw"]);
});

test("a choice connects, and the order follows", () => {
  const bare = execute(digits, { type: "input.disconnect", id: "s4", input: "weights" }).document;
  const register = bare.steps?.[3] as Step;
  expect(register.depends_on).toEqual(["train"]);
  const group = sourcesFor({ kinds, document: bare, step: register, input: register.inputs?.[0] as Input, newId: () => "new" }).find((each) => each.id === "outputs");
  const after = execute(bare, group?.choices[0]?.command ?? { type: "batch", commands: [] }).document;
  expect(after.steps?.[3]).toEqual(digits.steps?.[3]);
});

test("a new question is asked and connected in one step", () => {
  const create = step("create");
  const ask = sourcesFor({ kinds, document: digits, step: create, input: input(create), newId: () => "new" }).find((group) => group.id === "ask");
  const { document, inverse } = execute(digits, ask?.choices[0]?.command ?? { type: "batch", commands: [] });
  expect(document.data?.at(-1)).toMatchObject({ id: "new", name: "images", type: "obs", placeholder: true });
  expect(document.steps?.[0]?.inputs?.[0]?.data).toEqual({ $data: "images" });
  expect(execute(document, inverse).document).toEqual(digits);
});

test("fixed data becomes a question with that answer, and comes back", () => {
  const fixed = execute(digits, { type: "input.connect", id: "s1", input: "images", data: { obs_path: "/default/a.bin" } }).document;
  const made = fixedToPlaceholder(fixed, "s1", fixed.steps?.[0]?.inputs?.[0] as Input, "obs", "new");
  const asked = execute(fixed, made?.command ?? { type: "batch", commands: [] }).document;
  expect(asked.data?.at(-1)).toMatchObject({ name: "images", object_type: "file", default: { obs_path: "/default/a.bin" } });
  expect(execute(asked, placeholderToFixed(asked, "s1", asked.steps?.[0]?.inputs?.[0] as Input, "images")).document).toEqual(fixed);
});

test("a selector with one option left is just that option", () => {
  const one = { $output: { step: "a", output: "x" } };
  const two = { $output: { step: "b", output: "y" } };
  expect(withoutOption({ $any_of: [one, two] }, 0)).toEqual(two);
  expect(withoutOption(one, 0)).toBeNull();
});
