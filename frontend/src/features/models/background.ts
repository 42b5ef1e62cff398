/** What is known of a model version's background: read from free JSON, so nothing is taken for granted. */
import { asText, originOf, type Origin } from "@/features/assets/wire";
import { isList, isObject, type Json } from "@/model/json";

export interface UsedVersion {
  readonly dataset: string;
  readonly datasetName: string;
  readonly version: string;
}

export interface MetricValue {
  readonly id: string;
  readonly step: string;
  readonly name: string;
  readonly value: number;
}

export interface Background {
  readonly origin: Origin | null;
  readonly workflow: string | null;
  readonly datasets: readonly UsedVersion[];
  readonly inputs: readonly (readonly [string, string])[];
  readonly parameters: readonly (readonly [string, Json])[];
  readonly metrics: readonly MetricValue[];
}

export function backgroundOf(raw: unknown): Background {
  const lineage = isObject(raw) ? raw : {};
  return {
    origin: originOf(lineage),
    workflow: asText(lineage.workflow),
    datasets: isList(lineage.dataset_versions) ? distinct(lineage.dataset_versions.flatMap(usedVersion)) : [],
    inputs: isObject(lineage.inputs) ? Object.entries(lineage.inputs).flatMap(([name, place]) => (typeof place === "string" ? [[name, place] as const] : [])) : [],
    parameters: isObject(lineage.parameters) ? Object.entries(lineage.parameters).sort(([one], [other]) => one.localeCompare(other)) : [],
    metrics: isObject(lineage.metrics) ? Object.entries(lineage.metrics).flatMap(([step, outputs]) => metricsOf(step, outputs)) : [],
  };
}

function usedVersion(raw: Json): UsedVersion[] {
  if (!isObject(raw)) return [];
  const dataset = asText(raw.dataset);
  const version = asText(raw.version_name);
  return dataset === null || version === null ? [] : [{ dataset, datasetName: asText(raw.dataset_name) ?? dataset, version }];
}

function distinct(used: readonly UsedVersion[]): UsedVersion[] {
  return [...new Map(used.map((each) => [`${each.dataset}/${each.version}`, each])).values()];
}

/** step → metrics output → name → number. */
function metricsOf(step: string, outputs: Json): MetricValue[] {
  if (!isObject(outputs)) return [];
  return Object.entries(outputs).flatMap(([output, values]) =>
    isObject(values) ? Object.entries(values).flatMap(([name, value]) => (typeof value === "number" ? [{ id: `${step}/${output}/${name}`, step, name, value }] : [])) : [],
  );
}
