/** Which file of the storage is a step's script. */

import { hasDefault, parameterByName, type Step, type WorkflowDocument } from "@/model/document";
import { isList, isObject, type Json } from "@/model/json";
import { asReference } from "@/model/references";
import { resolvedPath } from "@/forms/storage";

export type ScriptPlace =
  | { readonly kind: "file"; readonly path: string; readonly folder: string; /** The placeholders whose defaults it follows. */ readonly by: readonly string[] }
  /** Nothing is set that could name a file. */
  | { readonly kind: "unset"; readonly missing: "code_dir" | "boot_file" }
  /** What names the file is decided by each run. */
  | { readonly kind: "open"; readonly name: string }
  /** A command runs no file of its own. */
  | { readonly kind: "command" };

type Text = { readonly text: string; readonly by: readonly string[] } | { readonly open: string } | null;

export function scriptPlace(document: WorkflowDocument, step: Step): ScriptPlace {
  const algorithm = isObject(step.properties?.algorithm) ? step.properties.algorithm : {};
  const boot = textAt(document, algorithm.boot_file);
  if (boot === null && isList(algorithm.command)) return { kind: "command" };
  const folder = textAt(document, algorithm.code_dir);
  if (boot !== null && "open" in boot) return { kind: "open", name: boot.open };
  if (folder !== null && "open" in folder) return { kind: "open", name: folder.open };
  if (boot?.text.startsWith("/")) return { kind: "file", path: boot.text, folder: boot.text.slice(0, boot.text.lastIndexOf("/") + 1), by: boot.by };
  if (folder === null) return { kind: "unset", missing: "code_dir" };
  if (boot === null) return { kind: "unset", missing: "boot_file" };
  const root = folder.text.replace(/\/*$/, "/");
  return { kind: "file", path: root + boot.text, folder: root, by: [...folder.by, ...boot.by] };
}

function textAt(document: WorkflowDocument, value: Json | undefined): Text {
  if (typeof value === "string") return value === "" ? null : { text: value, by: [] };
  const reference = asReference(value);
  if (reference?.kind === "parameter") {
    const parameter = parameterByName(document, reference.name);
    const known = parameter !== undefined && hasDefault(parameter) && typeof parameter.default === "string" && parameter.default !== "";
    return known ? { text: parameter.default as string, by: [reference.name] } : { open: reference.name };
  }
  if (reference?.kind === "storage") {
    const storage = document.storages?.find((each) => each.name === reference.name);
    const perRun = reference.with_execution_id ?? storage?.with_execution_id ?? false;
    const body = { path: reference.path, with_execution_id: false };
    const path = perRun ? null : resolvedPath(storage, body, "");
    return path === null ? { open: reference.name } : { text: path, by: [] };
  }
  return null;
}

/** Where a new script would go: a folder of the workflow's own. */
export function suggestedPlace(step: Step): { readonly code_dir: string; readonly boot_file: string } {
  return { code_dir: `/default/code/${step.name}/`, boot_file: "main.py" };
}

export const languageOf = (path: string): "python" | "json" | "text" => (path.endsWith(".py") ? "python" : path.endsWith(".json") ? "json" : "text");
