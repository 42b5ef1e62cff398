/** Which fields of a kind come first. Whatever is not named here follows, folded, so that a new property is never
 * missing in the form. */

import { isObject, type Json, type JsonObject } from "@/model/json";
import { asReference } from "@/model/references";
import { isFixed, type FieldSpec } from "./shape";

export interface PlacedField {
  readonly path: readonly string[];
  readonly field: FieldSpec;
}

export interface FormLayout {
  readonly basic: readonly PlacedField[];
  readonly advanced: readonly PlacedField[];
}

/** Places whose objects are drawn through: their fields stand in the form as if they were the kind's own. */
const THROUGH = new Set(["algorithm", "spec", "spec/resource", "import_config"]);
const BASIC: Readonly<Record<string, readonly string[] | undefined>> = {
  "job": ["algorithm/algorithm_id", "algorithm/subscription_id", "algorithm/item_version_id", "algorithm/code_dir", "algorithm/boot_file", "algorithm/command", "algorithm/engine", "algorithm/parameters", "spec/resource/flavor"],
  "workflow": ["release", "parameters"],
  "create_dataset": ["dataset_name", "data_type", "import_config/annotation_format_config"],
  "model/model": ["model_name", "model_type", "model_version"],
  "release_dataset/dataset": ["train_evaluate_sample_ratio", "label_task_type", "version_name"],
  "job/metrics": ["metric_files", "realtime_visualization"],
};

/** `of` is a kind, or a kind and its output: "job/metrics". */
export function layoutOf(of: string, fields: readonly FieldSpec[], values: Json | undefined): FormLayout {
  const all = [...placed(fields, [], values)];
  const first = BASIC[of];
  const basic = first === undefined ? all.filter((each) => each.field.required || each.path.length === 0) : first.flatMap((place) => all.filter((each) => each.path.join("/") === place));
  const shown = basic.length === 0 ? all : basic;
  return { basic: shown, advanced: all.filter((each) => !shown.includes(each)) };
}

function* placed(fields: readonly FieldSpec[], path: readonly string[], values: Json | undefined): Generator<PlacedField> {
  for (const field of fields) {
    const here = [...path, field.name];
    const value = isObject(values) ? values[field.name] : undefined;
    const through = field.shape.kind === "object" && THROUGH.has(here.join("/")) && asReference(value) === null;
    if (through && field.shape.kind === "object") yield* placed(field.shape.fields, here, value);
    else if (!isFixed(field) || isWrittenOtherwise(field, value)) yield { path: here, field };
  }
}

/** A value that should not be there must be seen to be corrected. */
function isWrittenOtherwise(field: FieldSpec, value: Json | undefined): boolean {
  return value !== undefined && value !== field.default;
}

/** A job runs a script on an engine, a command, or an algorithm that was saved or subscribed to. */
export const JOB_MODES = ["script", "command", "saved", "subscribed"] as const;
export type JobMode = (typeof JOB_MODES)[number];

export function jobMode(properties: JsonObject | undefined): JobMode {
  const algorithm = isObject(properties?.algorithm) ? properties.algorithm : {};
  const has = (field: string): boolean => (algorithm[field] ?? null) !== null;
  if (has("subscription_id") || has("item_version_id")) return "subscribed";
  if (has("algorithm_id")) return "saved";
  return Array.isArray(algorithm.command) && (algorithm.boot_file ?? null) === null ? "command" : "script";
}

/** What belongs to the other ways. */
export const OTHERS: Readonly<Record<JobMode, readonly string[]>> = {
  script: ["command", "algorithm_id", "subscription_id", "item_version_id"],
  command: ["boot_file", "algorithm_id", "subscription_id", "item_version_id"],
  saved: ["code_dir", "boot_file", "command", "engine", "subscription_id", "item_version_id"],
  subscribed: ["code_dir", "boot_file", "command", "engine", "algorithm_id"],
};

/** Without the fields of the way that was not chosen, unless something is written there. */
export function forMode(layout: FormLayout, mode: JobMode, properties: JsonObject | undefined): FormLayout {
  const algorithm = isObject(properties?.algorithm) ? properties.algorithm : {};
  const kept = ({ path }: PlacedField): boolean => {
    const [first, name] = path;
    return first !== "algorithm" || name === undefined || !OTHERS[mode].includes(name) || (algorithm[name] ?? null) !== null;
  };
  return { basic: layout.basic.filter(kept), advanced: layout.advanced.filter(kept) };
}
