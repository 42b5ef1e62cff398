/** What answers about assets have in common: where a thing came from, and what went wrong. */
import { ApiError } from "@/api/client";
import { t } from "@/i18n/i18n";
import { isObject } from "@/model/json";
import { problem, type Problem } from "@/model/problems";
import { toast, toastProblem } from "@/ui/Toast";

export interface Origin {
  readonly run: string;
  readonly number: number | null;
  readonly step: string | null;
}

export const asText = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
export const asNumber = (value: unknown): number | null => (typeof value === "number" && Number.isFinite(value) ? value : null);

/** The run and step that made something; null for what was put there by hand. */
export function originOf(raw: unknown): Origin | null {
  if (!isObject(raw)) return null;
  const run = asText(raw.run);
  return run === null ? null : { run, number: asNumber(raw.run_number), step: asText(raw.step) };
}

export const runHref = (run: string, step: string | null = null): string => `/runs/${run}${step === null ? "" : `?step=${encodeURIComponent(step)}`}`;

export function problemOf(error: unknown): Problem {
  return error instanceof ApiError ? error.problem : problem("client.unreadable", "The server answered in a form that cannot be read.", "Try again in a moment.");
}

export function complain(error: unknown): void {
  toastProblem(problemOf(error));
}

/** Where a file of a storage is fetched; each project has storages of its own. */
export function fileHref(path: string, project: string | null): string {
  const query = new URLSearchParams({ path, ...(project !== null && { project }) });
  return `/api/storage/file/?${query.toString()}`;
}

/** The browser asks where to put it, or puts it into its folder; the page stays. */
export function download(href: string, name: string): void {
  const link = document.createElement("a");
  link.href = href;
  link.download = name;
  link.click();
}

export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(t("assets.copied", { text: text.length > 60 ? `${text.slice(0, 59)}…` : text }));
  } catch {
    // Without https, or when the person forbids it, the browser keeps the clipboard to itself.
    toastProblem(problem("client.clipboard", t("assets.notCopied"), text));
  }
}
