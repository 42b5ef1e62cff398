/** A workflow file that somebody gave: read, and turned into a document of ours by the server, which stores nothing. Whose file
 * it is, its content tells, not its name. */

import { api, ApiError, told } from "@/api/client";
import { t } from "@/i18n/i18n";
import type { WorkflowDocument } from "@/model/document";
import type { Json } from "@/model/json";
import { asProblem, problem, type Problem } from "@/model/problems";

export interface Incoming {
  readonly file: string;
  readonly source: "pipeloom" | "modelarts" | "elyra" | "kubeflow";
  /** What the file says, for showing a place in it. */
  readonly raw: Json;
  readonly document: WorkflowDocument;
  readonly mapped: number;
  /** What the conversion did; places in the file. */
  readonly report: readonly Problem[];
  /** What is wrong with the document; places in it. */
  readonly problems: readonly Problem[];
}

export async function readFile(file: File): Promise<Incoming> {
  const text = await file.text();
  if (/\.ya?ml$/i.test(file.name)) return converted(file.name, text, "application/yaml");
  let raw: Json;
  try {
    raw = JSON.parse(text) as Json;
  } catch {
    throw new ApiError(0, [problem("client.not_json", t("home.notJson", { file: file.name }), "")]);
  }
  return converted(file.name, raw);
}

/** `type` says what a text is, where the file is not JSON: it is sent as it stands. */
export async function converted(file: string, raw: Json, type?: string): Promise<Incoming> {
  const plain = type === undefined ? {} : { headers: { "Content-Type": type }, bodySerializer: String };
  const found = await told(api.POST("/api/workflows/convert/", { body: raw as never, ...plain }));
  return {
    file,
    source: found.source,
    raw,
    document: found.document as unknown as WorkflowDocument,
    mapped: found.mapped,
    report: found.report.map(asProblem),
    problems: found.problems.map(asProblem),
  };
}

/** Our own file: nothing is lost, and what is wrong with it shows where it is drawn. */
export const isPlain = ({ source, report }: Incoming): boolean => source === "pipeloom" && report.length === 0;

export const notesOf = ({ report, problems }: Incoming): readonly Problem[] => [...report, ...problems];
