/** Documents by chance for property tests: well-formed, with references that fit and some that dangle. */
import fc from "fast-check";
import type { Command, Fragment } from "@/model/commands";
import type { Input, Output, Parameter, Step, WorkflowDocument } from "@/model/document";
import type { Json } from "@/model/json";

const NAMES = ["a", "b", "c", "d", "e", "f", "g", "h"];

const jsonLeaf: fc.Arbitrary<Json> = fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string());
export const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof({ maxDepth: 3, withCrossShrink: true }, jsonLeaf, fc.array(tie("value"), { maxLength: 4 }), fc.dictionary(fc.string({ maxLength: 6 }), tie("value"), { maxKeys: 4 })),
})).value;

const stepRef = fc.constantFrom(...NAMES, "gone");
const outputRef = fc.record({ $output: fc.record({ step: stepRef, output: fc.constantFrom("out", "metrics") }) });
const dataValue: fc.Arbitrary<Json> = fc.oneof(
  fc.constant(null),
  outputRef,
  fc.record({ $any_of: fc.array(outputRef, { minLength: 1, maxLength: 3 }) }),
  fc.record({ $data: fc.constantFrom("raw", "gone") }),
);
const property: fc.Arbitrary<Json> = fc.oneof(
  json,
  fc.record({ $parameter: fc.constantFrom("epochs", "rate", "gone") }),
  fc.record({ $metric: fc.record({ step: stepRef, output: fc.constant("metrics"), key: fc.constant("loss") }) }),
  fc.record({ $storage: fc.record({ name: fc.constantFrom("runs", "gone"), path: fc.constant("x/") }) }),
  fc.record({ $literal: fc.record({ $parameter: fc.constant("epochs") }) }),
);

const inputs = fc.uniqueArray(fc.record({ name: fc.constantFrom("x", "y", "z"), data: dataValue }), { selector: (input) => input.name, maxLength: 3 });
const outputs: fc.Arbitrary<Output[]> = fc.uniqueArray(
  fc.record({ name: fc.constantFrom("out", "metrics"), type: fc.constantFrom("obs", "metrics"), config: fc.dictionary(fc.constantFrom("obs_path", "files"), property, { maxKeys: 2 }) }),
  { selector: (output) => output.name, maxLength: 2 },
) as fc.Arbitrary<Output[]>;

function stepNamed(name: string): fc.Arbitrary<Step> {
  return fc
    .record(
      {
        id: fc.constant(`s-${name}`),
        name: fc.constant(name),
        kind: fc.constantFrom("job", "condition", "model"),
        title: fc.string({ maxLength: 5 }),
        inputs: inputs as fc.Arbitrary<Input[]>,
        outputs,
        properties: fc.dictionary(fc.constantFrom("p", "q", "deep"), property, { maxKeys: 3 }),
        depends_on: fc.uniqueArray(stepRef, { maxLength: 3 }),
        branch: fc.option(fc.uniqueArray(stepRef, { maxLength: 2 }), { nil: undefined }),
      },
      { requiredKeys: ["id", "name", "kind"] },
    )
    .map(({ branch, ...step }) => (step.kind === "condition" && branch ? { ...step, properties: { ...step.properties, if_then_steps: branch } } : step) as Step);
}

const parameter = (name: string): fc.Arbitrary<Parameter> =>
  fc.record({ id: fc.constant(`p-${name}`), name: fc.constant(name), type: fc.constantFrom("INT", "STR", "JSON"), default: json, required: fc.boolean() }, { requiredKeys: ["id", "name", "type"] }) as fc.Arbitrary<Parameter>;

export const documents: fc.Arbitrary<WorkflowDocument> = fc
  .record(
    {
      schema: fc.constant(1),
      name: fc.constant("drawn by chance"),
      parameters: fc.subarray(["epochs", "rate"]).chain((names) => fc.tuple(...names.map(parameter))),
      data: fc.subarray(["raw"]).map((names) => names.map((name) => ({ id: `d-${name}`, name, type: "obs" as const, default: { obs_path: "/default/x/" } }))),
      storages: fc.subarray(["runs"]).map((names) => names.map((name) => ({ name, default: "/default/runs/" }))),
      steps: fc.subarray(NAMES).chain((names) => fc.tuple(...names.map(stepNamed))),
      scenes: fc.array(fc.uniqueArray(stepRef, { maxLength: 3 }), { maxLength: 1 }).map((all) => all.map((steps, index) => ({ id: `g${String(index)}`, name: "scene", steps }))),
      layout: fc.record({ nodes: fc.dictionary(fc.constantFrom(...NAMES.map((name) => `s-${name}`)), fc.record({ x: fc.integer(), y: fc.integer() }), { maxKeys: 4 }) }),
    },
    { requiredKeys: ["schema", "name"] },
  ) as fc.Arbitrary<WorkflowDocument>;

const id = fc.constantFrom(...NAMES.map((name) => `s-${name}`));
const fresh = fc.constantFrom("n1", "n2", "n3");

const places = fc.dictionary(id, fc.record({ x: fc.integer(), y: fc.integer() }), { minKeys: 1, maxKeys: 4 });
const data = fc.constantFrom("more-data", "other").map((name) => ({ id: `d-${name}`, name, type: "obs" as const, default: null }));
const storage = fc.constantFrom("scratch", "archive").map((name) => ({ name, default: `/default/${name}/` }));

/** As the clipboard gives them: names and ids that may be free. */
const fragments: fc.Arbitrary<Fragment> = fc.record({
  steps: fresh.chain((name) => stepNamed(name)).map((step) => [step]),
  positions: fc.constantFrom("n1", "n2", "n3").map((name) => ({ [`s-${name}`]: { x: 16, y: 24 } })),
  parameters: fc.array(parameter("pasted"), { maxLength: 1 }),
  data: fc.array(data, { maxLength: 1 }),
  storages: fc.array(storage, { maxLength: 1 }),
});

/** Commands about what may or may not be there: every type of them. */
export const commands: fc.Arbitrary<Command> = fc.oneof(
  fresh.chain((name) => stepNamed(name)).map((step): Command => ({ type: "step.add", step, position: { x: 8, y: 8 } })),
  fc.uniqueArray(id, { minLength: 1, maxLength: 3 }).map((ids): Command => ({ type: "step.remove", ids })),
  fc.record({ type: fc.constant("step.rename" as const), id, name: fresh }),
  id.map((each): Command => ({ type: "step.move", positions: { [each]: { x: 1, y: 2 } } })),
  fc.record({ type: fc.constant("step.set" as const), id, pointer: fc.constantFrom("/properties/p", "/properties/deep/er/still", "/title", "/policy/max_execution_minutes"), value: fc.option(json, { nil: undefined }) }) as fc.Arbitrary<Command>,
  fc.record({ type: fc.constant("input.add" as const), id, input: fc.record({ name: fc.constant("w"), data: dataValue }) }),
  fc.record({ type: fc.constantFrom("input.remove" as const, "input.disconnect" as const), id, input: fc.constantFrom("x", "y", "z") }),
  fc.record({ type: fc.constant("input.connect" as const), id, input: fc.constantFrom("x", "y", "z"), data: dataValue }),
  fc.record({ type: fc.constant("output.add" as const), id, output: fc.constant({ name: "more", type: "obs" as const, config: {} }) }),
  fc.record({ type: fc.constant("output.remove" as const), id, output: fc.constantFrom("out", "metrics") }),
  fc.record({ type: fc.constant("output.rename" as const), id, output: fc.constantFrom("out", "metrics"), name: fc.constant("renamed") }),
  fc.record({ type: fc.constantFrom("order.add" as const, "order.remove" as const), from: id, to: id }),
  fc.record({ type: fc.constantFrom("branch.add" as const, "branch.remove" as const), id, branch: fc.constantFrom("then" as const, "else" as const), step: fc.constantFrom(...NAMES) }),
  parameter("more").map((entry): Command => ({ type: "entry.add", list: "parameters", entry })),
  fc.record({ type: fc.constant("entry.remove" as const), list: fc.constant("parameters" as const), key: fc.constantFrom("p-epochs", "p-rate"), inline: fc.boolean() }),
  fc.record({ type: fc.constant("entry.remove" as const), list: fc.constant("storages" as const), key: fc.constant("runs") }),
  fc.record({ type: fc.constant("entry.update" as const), list: fc.constant("parameters" as const), key: fc.constant("p-epochs"), changes: fc.record({ set: fc.dictionary(fc.constantFrom("default", "description"), json, { maxKeys: 2 }), unset: fc.subarray(["required", "default"]) }) }),
  fc.record({ type: fc.constant("entry.rename" as const), list: fc.constant("parameters" as const), key: fc.constant("p-epochs"), name: fresh }),
  fc.record({ type: fc.constant("entry.rename" as const), list: fc.constant("data" as const), key: fc.constant("d-raw"), name: fresh }),
  fc.record({ type: fc.constant("entry.rename" as const), list: fc.constant("storages" as const), key: fc.constant("runs"), name: fresh }),
  fc.record({ type: fc.constant("entry.move" as const), list: fc.constant("steps" as const), key: id, to: fc.nat(5) }),
  fc.record({ type: fc.constant("input.rename" as const), id, input: fc.constantFrom("x", "y"), name: fc.constantFrom("z", "renamed") }),
  data.map((entry): Command => ({ type: "entry.add", list: "data", entry })),
  storage.map((entry): Command => ({ type: "entry.add", list: "storages", entry, at: 0 })),
  fc.record({ type: fc.constant("entry.remove" as const), list: fc.constant("data" as const), key: fc.constant("d-raw"), inline: fc.boolean() }),
  fc.record({ type: fc.constant("entry.remove" as const), list: fc.constant("scenes" as const), key: fc.constant("g0") }),
  fc.record({ type: fc.constant("entry.update" as const), list: fc.constant("data" as const), key: fc.constant("d-raw"), changes: fc.record({ set: fc.dictionary(fc.constantFrom("default", "title"), json, { maxKeys: 2 }), unset: fc.subarray(["default"]) }) }),
  fc.record({ type: fc.constant("entry.update" as const), list: fc.constant("storages" as const), key: fc.constant("runs"), changes: fc.record({ set: fc.dictionary(fc.constantFrom("default", "create_dir"), json, { maxKeys: 2 }), unset: fc.subarray(["default"]) }) }),
  fc.record({ type: fc.constant("entry.move" as const), list: fc.constantFrom("parameters" as const, "data" as const, "storages" as const), key: fc.constantFrom("p-epochs", "p-rate", "d-raw", "runs"), to: fc.nat(3) }),
  places.map((positions): Command => ({ type: "layout.apply", positions })),
  fragments.map((fragment): Command => ({ type: "paste", fragment })),
  documents.map((document): Command => ({ type: "document.replace", document })),
  fc.constant<Command>({ type: "document.set", field: "description", value: "said anew" }),
  fc.constantFrom<Command[]>({ type: "document.set", field: "name", value: "another name" }),
);
