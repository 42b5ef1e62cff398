/** Paths below a storage: the reference, both flags, and the path that comes of it. */

import { freeName, type Storage, type WorkflowDocument } from "@/model/document";
import type { Command } from "@/model/commands";
import type { JsonObject } from "@/model/json";
import { takenNames } from "./fit";

export const FIRST_STORAGE: Storage = { name: "runs", title: "", description: "", create_dir: true, with_execution_id: true, default: "/default/runs/" };

export function toStorage(name: string, path: string, flags: JsonObject = {}): JsonObject {
  return { $storage: { name, path, ...flags } };
}

/** A flag of the reference: as the storage has it, or otherwise. */
export type FlagChoice = "storage" | "yes" | "no";

export function flagOf(body: JsonObject, flag: "with_execution_id" | "create_dir"): FlagChoice {
  const value = body[flag];
  return typeof value === "boolean" ? (value ? "yes" : "no") : "storage";
}

export function withFlag(body: JsonObject, flag: "with_execution_id" | "create_dir", choice: FlagChoice): JsonObject {
  if (choice !== "storage") return { ...body, [flag]: choice === "yes" };
  return Object.fromEntries(Object.entries(body).filter(([key]) => key !== flag));
}

/** `/default/runs/<run>/train/metrics.json`; null where the storage has no root yet. */
export function resolvedPath(storage: Storage | undefined, body: JsonObject, run: string): string | null {
  if (storage === undefined || (storage.default ?? null) === null) return null;
  const perRun = flagOf(body, "with_execution_id");
  const inserted = perRun === "yes" || (perRun === "storage" && storage.with_execution_id === true) ? `${run}/` : "";
  const path = typeof body.path === "string" ? body.path.replace(/^\/+/, "") : "";
  return `${String(storage.default).replace(/\/*$/, "/")}${inserted}${path}`;
}

/** The commands that a storage needs before it can be referred to: none, when it is there. */
export function storageNeeded(document: WorkflowDocument, name: string): { readonly commands: readonly Command[]; readonly name: string } {
  if ((document.storages ?? []).some((storage) => storage.name === name)) return { commands: [], name };
  const free = freeName(name, takenNames(document));
  return { name: free, commands: [{ type: "entry.add", list: "storages", entry: { ...FIRST_STORAGE, name: free } }] };
}
