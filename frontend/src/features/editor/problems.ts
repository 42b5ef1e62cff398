/** Problems with what they are about, by id: an index is true only for the document that was checked. */

import { LIST_KEYS, type ListName, type WorkflowDocument } from "@/model/document";
import { pointer } from "@/model/json";
import { placeOf, type Problem } from "@/model/problems";

export interface LocatedProblem extends Problem {
  /** The list of the document that holds the entry; null for the document as a whole. */
  readonly list: ListName | null;
  /** The entry's id (a storage's name). */
  readonly entry: string | null;
  /** JSON Pointer from the entry on: "/properties/algorithm". */
  readonly inside: string;
}

export function located(document: WorkflowDocument, problems: readonly Problem[]): LocatedProblem[] {
  return problems.map((problem) => {
    const place = placeOf(problem);
    if (place === null || !Object.hasOwn(LIST_KEYS, place.list)) return { ...problem, list: null, entry: null, inside: problem.path };
    const list = place.list as ListName;
    const found = document[list]?.[place.index] as unknown as Record<string, unknown> | undefined;
    const entry = found?.[LIST_KEYS[list]];
    return { ...problem, list, entry: typeof entry === "string" ? entry : null, inside: pointer(...place.rest) };
  });
}

export function problemsOfStep(problems: readonly LocatedProblem[], stepId: string): LocatedProblem[] {
  return problems.filter((problem) => problem.list === "steps" && problem.entry === stepId);
}
