/** The way between a step that runs a workflow and the run that it is. */
import { Workflow } from "lucide-react";
import { stepByName } from "@/model/document";
import type { RunState } from "@/model/runReducer";
import { t, useLanguage } from "@/i18n/i18n";
import { Link } from "@/ui/navigation";
import { StateChip } from "@/ui/StateChip";
import { useRun } from "./context";
import { useNested, type Run } from "./queries";
import styles from "./Run.module.css";
import type { RunSession } from "./session";

interface Props {
  readonly session: RunSession;
  readonly step: string;
  readonly state: string;
}

export function NestedRun({ session, step, state }: Props) {
  useLanguage();
  const document = useRun()?.document ?? null;
  const runsOne = (document === null ? undefined : stepByName(document, step))?.kind === "workflow";
  const nested = useNested(session.id, runsOne ? step : null, state).data?.step.nested ?? null;
  if (nested === null) return null;
  return (
    <Link href={`/runs/${nested.run}`} className={styles.nested} data-testid="nested-run">
      <Workflow size={14} aria-hidden="true" />
      {t("run.nested", { workflow: nested.workflow.name, number: nested.number })}
      <StateChip bare run={nested.state as RunState} />
    </Link>
  );
}

/** Of a run that is a step of another one. */
export function ParentRun({ parent }: { readonly parent: Run["parent"] }) {
  useLanguage();
  if (parent === null) return null;
  return (
    <Link href={`/runs/${parent.run}?step=${encodeURIComponent(parent.step)}`} data-testid="parent-run">
      {t("run.parent", { step: parent.step, workflow: parent.workflow.name, number: parent.number })}
    </Link>
  );
}
