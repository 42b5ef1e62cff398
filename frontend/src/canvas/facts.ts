/** The few properties that a node shows: what most tells one step of its kind from another. */

import { asReference, type Reference } from "@/model/references";
import { isList, isObject, partsOf, valueAt, type Json } from "@/model/json";
import type { Step } from "@/model/document";

export interface Fact {
  /** A name that people gave (an argument), or the last part of the property's place. */
  readonly name: string;
  /** Whether the name is a property of the kind, for which the interface has a word. */
  readonly known: boolean;
  readonly text: string;
  /** The placeholder that stands there. */
  readonly placeholder: string | null;
}

export const MOST_FACTS = 4;

/** By kind: places in the step. `*` lists the entries of a list of {name, value}. */
const SHOWN: Readonly<Record<string, readonly string[] | undefined>> = {
  create_dataset: ["/properties/dataset_name", "/properties/data_type"],
  release_dataset: ["/outputs/0/config/train_evaluate_sample_ratio", "/outputs/0/config/label_task_type", "/outputs/0/config/version_name"],
  job: ["/properties/algorithm/algorithm_id", "/properties/algorithm/subscription_id", "/properties/algorithm/boot_file", "/properties/algorithm/command", "/properties/algorithm/parameters/*", "/properties/spec/resource/flavor"],
  model: ["/outputs/0/config/model_name", "/outputs/0/config/model_type"],
  condition: ["/properties/conditions"],
  labeling: ["/properties/task_type", "/properties/task_name"],
  dataset_import: ["/properties/import_type", "/properties/annotation_format_config/0/format_name"],
  service: ["/outputs/0/config/service_name", "/outputs/0/config/infer_type"],
  workflow: ["/properties/release/workflow", "/properties/release/version", "/properties/parameters/*"],
  mrs_job: ["/properties/algorithm/boot_file", "/properties/algorithm/parameters/*", "/properties/cluster_id"],
};

export function factsOf(step: Step): readonly Fact[] {
  const places = SHOWN[step.kind] ?? Object.keys(step.properties ?? {}).map((key) => `/properties/${key}`);
  const found = places.flatMap((place) => factsAt(step, place));
  if (found.length <= MOST_FACTS) return found;
  // Placeholders are what a run asks for: they are never the ones that are left out.
  const first = found.filter((fact) => fact.placeholder !== null).concat(found.filter((fact) => fact.placeholder === null));
  const chosen = new Set(first.slice(0, MOST_FACTS));
  return found.filter((fact) => chosen.has(fact));
}

function factsAt(step: Step, place: string): Fact[] {
  const parts = partsOf(place);
  const root = step as unknown as Json;
  if (parts.at(-1) === "*") {
    const list = valueAt(root, parts.slice(0, -1));
    if (!isList(list)) return [];
    return list.flatMap((entry) => (isObject(entry) && typeof entry.name === "string" ? [fact(entry.name, false, entry.value ?? null)] : []));
  }
  const value = valueAt(root, parts);
  const name = parts.at(-1) ?? "";
  if (value === undefined || value === null || value === "") return [];
  if (name === "conditions") return isList(value) ? value.map((condition) => fact("", true, conditionText(condition))) : [];
  return [fact(name, true, value)];
}

function fact(name: string, known: boolean, value: Json): Fact {
  const reference = asReference(value);
  if (reference?.kind === "parameter" || reference?.kind === "data") return { name, known, text: reference.name, placeholder: reference.name };
  return { name, known, text: shortText(value), placeholder: null };
}

export function shortText(value: Json): string {
  const reference = asReference(value);
  if (reference !== null) return reference.kind === "malformed" ? JSON.stringify(value) : referenceText(reference);
  if (typeof value === "string") return value;
  if (isList(value)) return value.map(shortText).join(" ");
  if (isObject(value) && typeof value.flavor_id === "string") return value.flavor_id;
  if (isObject(value) && typeof value.type === "string" && Object.hasOwn(value, "left")) return conditionText(value);
  return JSON.stringify(value);
}

export function referenceText(reference: Reference): string {
  switch (reference.kind) {
    case "parameter":
    case "data":
    case "system":
      return reference.name;
    case "storage":
      return `${reference.name}/${reference.path}`;
    case "output":
      return `${reference.step}.${reference.output}`;
    case "metric":
      return `${reference.step}.${reference.key}`;
    case "any_of":
      return reference.options.map((option) => `${option.step}.${option.output}`).join(" | ");
  }
}

const SIGNS: Readonly<Record<string, string>> = { EQ: "=", GT: ">", GTE: "≥", LT: "<", LTE: "≤", NOT: "≠", IN: "∈", OR: "∨" };

function conditionText(condition: Json): string {
  if (!isObject(condition)) return shortText(condition);
  const { type = "", left = null, right = null } = condition;
  return `${shortText(left)} ${SIGNS[String(type)] ?? String(type)} ${shortText(right)}`;
}
