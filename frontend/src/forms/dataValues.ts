/** The objects that stand for data, by type: as JSON Schema, so that the same form draws them. */

import type { DataPlaceholderType } from "@/model/document";
import { isObject, type Json, type JsonObject } from "@/model/json";
import type { DataType, PortType } from "@/model/ports";
import { fieldsOf, type FieldSpec } from "./shape";

const LABEL = "^[\\u4e00-\\u9fffA-Za-z0-9_-]+$";
const optional = (schema: JsonObject): JsonObject => ({ anyOf: [schema, { type: "null" }], default: null });
const datasetName: JsonObject = { type: "string", "x-format": "dataset", minLength: 1, maxLength: 100, pattern: LABEL };

const SCHEMAS: Readonly<Record<DataPlaceholderType, JsonObject>> = {
  obs: { type: "object", required: ["obs_path"], properties: { obs_path: { type: "string", "x-format": "obs", minLength: 1 } } },
  dataset: {
    type: "object",
    required: ["dataset_name"],
    properties: { dataset_name: datasetName, version_name: optional({ type: "string", "x-format": "dataset_version", maxLength: 32 }) },
  },
  label_task: {
    type: "object",
    required: ["dataset_name", "task_name"],
    properties: { dataset_name: datasetName, task_name: { type: "string", minLength: 1, maxLength: 100 } },
  },
  swr: { type: "object", required: ["swr_path"], properties: { swr_path: { type: "string", "x-format": "swr", minLength: 1, maxLength: 512 } } },
  model_list: {
    type: "object",
    required: ["model_name"],
    properties: { model_name: { type: "string", "x-format": "model", minLength: 1, maxLength: 64, pattern: LABEL }, model_version: optional({ type: "string", maxLength: 32 }) },
  },
  gallery_model: {
    type: "object",
    required: ["subscription_id"],
    properties: { subscription_id: { type: "string", minLength: 1, maxLength: 128 }, version_num: optional({ type: "string", maxLength: 64 }) },
  },
  /** Whatever was chosen: the fields of the types that can be. */
  data_selector: {
    type: "object",
    required: [],
    properties: {
      dataset_name: datasetName,
      version_name: optional({ type: "string", "x-format": "dataset_version", maxLength: 32 }),
      obs_path: { type: "string", "x-format": "obs", minLength: 1 },
    },
  },
  service: { type: "object", required: ["service_id"], properties: { service_id: { type: "string", minLength: 1, maxLength: 64 } } },
};

export const DATA_FIELDS: Readonly<Record<DataPlaceholderType, readonly FieldSpec[]>> = {
  obs: fieldsOf(SCHEMAS.obs),
  dataset: fieldsOf(SCHEMAS.dataset),
  label_task: fieldsOf(SCHEMAS.label_task),
  swr: fieldsOf(SCHEMAS.swr),
  model_list: fieldsOf(SCHEMAS.model_list),
  service: fieldsOf(SCHEMAS.service),
  gallery_model: fieldsOf(SCHEMAS.gallery_model),
  data_selector: fieldsOf(SCHEMAS.data_selector),
};

/** The path field of a file or of a folder. */
export function dataFields(type: DataPlaceholderType, objectType: "directory" | "file" = "directory"): readonly FieldSpec[] {
  if (type !== "obs" || objectType === "directory") return DATA_FIELDS[type];
  return DATA_FIELDS.obs.map((field) => (field.shape.kind === "text" ? { ...field, shape: { ...field.shape, file: true } } : field));
}

/** The type of a data object that is written directly at an input: the one with its fields. */
export function dataTypeOf(value: Json): DataPlaceholderType | null {
  if (!isObject(value)) return null;
  if (Object.hasOwn(value, "task_name")) return "label_task";
  return (Object.keys(DATA_FIELDS) as DataPlaceholderType[]).find((type) => Object.hasOwn(value, DATA_FIELDS[type][0]?.name ?? "")) ?? null;
}

/** What a data placeholder should be, to give an input of a step what it takes. */
export const DATA_FOR: Readonly<Record<DataType, DataPlaceholderType>> = {
  obs: "obs",
  dataset: "dataset",
  dataset_version: "dataset",
  label_task: "label_task",
  swr: "swr",
  model: "model_list",
  service: "service",
};

export const PORT_OF_DATA: Readonly<Record<DataPlaceholderType, PortType>> = {
  obs: "obs",
  dataset: "dataset",
  label_task: "label_task",
  swr: "swr",
  model_list: "model",
  service: "service",
  gallery_model: "model",
  data_selector: "unknown",
};

/** Nothing chosen yet. */
export function emptyData(type: DataPlaceholderType): JsonObject {
  return Object.fromEntries(DATA_FIELDS[type].filter((field) => field.required).map((field) => [field.name, ""]));
}
