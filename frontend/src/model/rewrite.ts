/** Renaming: what of a step reads differently when something that it names gets another name. */

import { BRANCH_FIELDS, type Data, type Step } from "./document";
import { isList, isObject, type Json, type JsonObject } from "./json";
import { mapReferences, withBody, type Reference } from "./references";

/** A step's fields that may name something. Fields that stay are the same objects. */
export type StepRewrite = (step: Step) => Partial<Step>;
type Change = (written: JsonObject, reference: Reference) => Json;

function references(step: Step, change: Change): Partial<Step> {
  const after: Record<string, Json> = {};
  for (const field of ["inputs", "outputs", "properties", "policy"] as const) {
    if (step[field] !== undefined) after[field] = mapReferences(step[field] as unknown as Json, change);
  }
  return after as unknown as Partial<Step>;
}

export function renamedStep(old: string, name: string): StepRewrite {
  return (step) => {
    const after: { -readonly [Field in keyof Step]?: Step[Field] } = references(step, (written, reference) => {
      if ((reference.kind !== "output" && reference.kind !== "metric") || reference.step !== old) return written;
      return withBody(written, `$${reference.kind}`, { step: name });
    });
    if (step.depends_on?.includes(old)) after.depends_on = step.depends_on.map((each) => (each === old ? name : each));
    if (step.kind === "condition" && after.properties !== undefined) after.properties = branches(after.properties, old, name);
    return after;
  };
}

/** Only in steps of the kind `condition`: elsewhere a property of that name would be somebody's own text. */
function branches(properties: JsonObject, old: string, name: string): JsonObject {
  let after = properties;
  for (const field of Object.values(BRANCH_FIELDS)) {
    const list = after[field];
    if (isList(list) && list.includes(old)) after = { ...after, [field]: list.map((each) => (each === old ? name : each)) };
  }
  return after;
}

export function renamedOutput(step: string, old: string, name: string): StepRewrite {
  return (each) =>
    references(each, (written, reference) => {
      if (reference.kind !== "output" && reference.kind !== "metric") return written;
      if (reference.step !== step || reference.output !== old) return written;
      return withBody(written, `$${reference.kind}`, { output: name });
    });
}

const KIND_OF_LIST = { parameters: "parameter", data: "data", storages: "storage" } as const;

export function renamedPlaceholder(list: keyof typeof KIND_OF_LIST, old: string, name: string): StepRewrite {
  const kind = KIND_OF_LIST[list];
  return (step) =>
    references(step, (written, reference) => {
      if (reference.kind !== kind || reference.name !== old) return written;
      return kind === "storage" && isObject(written.$storage) ? withBody(written, "$storage", { name }) : { [`$${kind}`]: name };
    });
}

/** What conditions on data read like when a placeholder in them gets another name, or becomes its value. */
export function inData(data: Data, old: string, replacement: Json): Data["conditions"] {
  const conditions = data.conditions as unknown as Json | undefined;
  if (conditions === undefined) return undefined;
  const change: Change = (written, reference) => (reference.kind === "parameter" && reference.name === old ? replacement : written);
  return mapReferences(conditions, change) as unknown as Data["conditions"];
}

export function inlined(list: "parameters" | "data", name: string, value: Json): StepRewrite {
  const kind = KIND_OF_LIST[list];
  return (step) =>
    references(step, (written, reference) => (reference.kind === kind && reference.name === name ? value : written));
}
