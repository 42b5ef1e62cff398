/** What a run would do, as the canvas draws it while the form is open. */

import { keyed } from "@/canvas/keyed";
import type { PlannedState, StepShown, StepStates } from "@/canvas/slots";
import { located } from "@/features/editor/problems";
import { sayProblem, t } from "@/i18n/i18n";
import { stepById, type WorkflowDocument } from "@/model/document";
import { asProblem, type Problem } from "@/model/problems";
import type { Planned } from "./queries";

/** The server's word for it, and ours. */
const STATES: Readonly<Record<string, PlannedState | undefined>> = {
  run: "will_run",
  reuse: "reuse",
  skip: "will_skip",
  waits_for_input: "will_ask",
  decided_at_run_time: "undecided",
  cannot_run: "blocked",
  not_part: "left_out",
};

/** Its pointer leads into what was asked for, not into the document. */
const NOT_IN_DOCUMENT = "run.unknown_step";

export const stateOfVerdict = (verdict: string): PlannedState => STATES[verdict] ?? "undecided";

/** One sentence on why; null where the verdict says everything. */
export function whyOf(planned: Pick<Planned, "reason" | "branch">): string | null {
  if (planned.reason !== null) return sayProblem(asProblem(planned.reason)).message;
  return planned.branch === null ? null : t(planned.branch ? "runform.branch.then" : "runform.branch.else");
}

/** By the step's name. A document with errors has no plan: the steps that they are about cannot run, of the others
 * nothing is known. */
export function plannedStates(document: WorkflowDocument, steps: Readonly<Record<string, Planned>>, problems: readonly Problem[]): Map<string, StepShown> {
  const shown = new Map<string, StepShown>();
  for (const [name, planned] of Object.entries(steps)) shown.set(name, { state: stateOfVerdict(planned.verdict), reason: whyOf(planned) });
  for (const problem of located(document, problems.filter((each) => each.code !== NOT_IN_DOCUMENT))) {
    if (problem.list !== "steps" || problem.entry === null || problem.severity !== "error") continue;
    const name = stepById(document, problem.entry)?.name;
    // A step that takes no part is not blocked: it says itself why its result is of no use to the others.
    if (name !== undefined && shown.get(name)?.state !== "blocked" && shown.get(name)?.state !== "left_out") shown.set(name, { state: "blocked", reason: sayProblem(problem).message });
  }
  return shown;
}

const store = keyed<StepShown>();
export const planStates: StepStates = store;

/** Draws the plan; steps whose verdict did not change are left alone. */
export function drawPlan(shown: ReadonlyMap<string, StepShown>): void {
  store.replace(new Map([...shown].map(([name, next]) => {
    const held = store.get(name);
    return [name, held !== undefined && held.state === next.state && held.reason === next.reason ? held : next];
  })));
}
