/** A workflow as a file: in which forms there is one, and what it will not say. */

import { api, told } from "@/api/client";
import { asProblem, type Problem } from "@/model/problems";

export const FORMATS = ["json", "modelarts", "python"] as const;
export type Format = (typeof FORMATS)[number];

export interface Exported {
  readonly id: string;
  readonly name: string;
  /** null: the draft. */
  readonly version?: number | null;
}

const ENDINGS: Readonly<Record<Format, string>> = { json: "json", modelarts: "modelarts.json", python: "py" };
const TYPES: Readonly<Record<Format, string>> = { json: "application/json", modelarts: "application/json", python: "text/x-python" };

const queryOf = (format: Format, version: number | null | undefined) => ({ format, ...(typeof version === "number" && { version }) });

export async function exportedText({ id, version }: Omit<Exported, "name">, format: Format, signal?: AbortSignal): Promise<string> {
  const text = await told(api.GET("/api/workflows/{id}/export/", { params: { path: { id }, query: queryOf(format, version) }, parseAs: "text", ...(signal && { signal }) }));
  return text as unknown as string;
}

/** What the file would not say, or would say otherwise. */
export async function exportReport({ id, version }: Omit<Exported, "name">, format: Format): Promise<readonly Problem[]> {
  const answer = (await told(api.GET("/api/workflows/{id}/export/", { params: { path: { id }, query: { ...queryOf(format, version), report: true } } }))) as { readonly report?: readonly unknown[] };
  return (answer.report ?? []).map(asProblem);
}

export function fileName({ name, version }: Omit<Exported, "id">, format: Format): string {
  return `${name}${typeof version === "number" ? ` v${String(version)}` : ""}.${ENDINGS[format]}`;
}

export function saveText(text: string, name: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun by then; holding the file longer would only hold memory.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 10_000);
}

export async function download(what: Exported, format: Format): Promise<void> {
  saveText(await exportedText(what, format), fileName(what, format), TYPES[format]);
}
