/** Problems by what they are about, in the order of the document. */

import type { LocatedProblem } from "@/features/editor/problems";
import type { WorkflowDocument } from "@/model/document";

export interface ProblemGroup {
  readonly key: string;
  /** Steps, one group each; everything else by its kind of list. */
  readonly kind: "step" | "parameters" | "data" | "storages" | "workflow";
  readonly id: string | null;
  readonly problems: readonly LocatedProblem[];
}

const LISTS = ["parameters", "data", "storages"] as const;

export function grouped(document: WorkflowDocument, problems: readonly LocatedProblem[]): ProblemGroup[] {
  const order = new Map((document.steps ?? []).map((step, index) => [step.id, index]));
  const groups = new Map<string, { kind: ProblemGroup["kind"]; id: string | null; problems: LocatedProblem[] }>();
  for (const problem of problems) {
    const list = LISTS.find((each) => each === problem.list);
    const step = problem.list === "steps" && problem.entry !== null && order.has(problem.entry) ? problem.entry : null;
    const kind = step !== null ? "step" : (list ?? "workflow");
    const key = step !== null ? `step:${step}` : kind;
    const group = groups.get(key) ?? { kind, id: step, problems: [] };
    group.problems.push(problem);
    groups.set(key, group);
  }
  const rank = (kind: ProblemGroup["kind"], id: string | null): number => (kind === "workflow" ? -4 : kind === "step" ? (order.get(id ?? "") ?? 0) : LISTS.indexOf(kind) - 3);
  return [...groups].map(([key, group]) => ({ key, ...group })).sort((left, right) => rank(left.kind, left.id) - rank(right.kind, right.id));
}
