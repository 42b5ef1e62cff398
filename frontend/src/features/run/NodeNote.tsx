/** Below a step on the canvas: why it waits, was skipped or failed, and the way on. Lies over the canvas and changes no
 * size, so nothing moves when it comes. */

import { sayProblem, t, useLanguage } from "@/i18n/i18n";
import { planStates } from "@/features/runform/planned";
import { useRunRequest } from "@/features/runform/request";
import { useRun } from "./context";
import styles from "./OnCanvas.module.css";
import { useFollowing } from "./session";
import { logOffset } from "./StepActions";
import { FAILED, problemOf } from "./words";

interface Props {
  readonly step: string;
  readonly reason: string | null;
}

export function NodeNote({ step, reason }: Props) {
  useLanguage();
  const run = useRun();
  const view = useFollowing(run?.session ?? null, (following) => following.view?.steps[step]);
  const hasLog = useFollowing(run?.session ?? null, (following) => following.view?.logs[step] !== undefined);
  const problem = view === undefined ? null : problemOf(view.reason);
  const planning = useRunRequest() !== null;
  if (planning && reason !== null) return <PlanNote reason={reason} blocked={planStates.get(step)?.state === "blocked"} />;
  if (run === null || view === undefined || reason === null) return null;
  const failed = FAILED.has(view.state);
  const waits = view.state === "wait_inputs";
  return (
    <div className={styles.note} data-tone={failed ? "bad" : waits ? "warn" : "idle"} data-testid="step-reason">
      <p>{reason}</p>
      {failed && problem !== null && <p className={styles.noteHint}>{sayProblem(problem).hint}</p>}
      {failed && hasLog && (
        <NoteButton onClick={() => { run.openLog(step, logOffset(view.reason)); }}>{logOffset(view.reason) === null ? t("run.openLog") : t("run.openLogAt")}</NoteButton>
      )}
      {waits && <NoteButton onClick={() => { run.answer(step); }}>{t("run.answer")}</NoteButton>}
    </div>
  );
}

/** Why the run would do that with the step. */
function PlanNote({ reason, blocked }: { readonly reason: string; readonly blocked: boolean }) {
  return (
    <div className={styles.note} data-tone={blocked ? "bad" : "idle"} data-testid="step-reason">
      <p>{reason}</p>
    </div>
  );
}

/** A plain button: a press must not drag the node. */
function NoteButton({ onClick, children }: { readonly onClick: () => void; readonly children: string }) {
  return (
    <button
      type="button"
      className={`nodrag ${styles.noteButton ?? ""}`}
      onClick={(event) => {
        event.stopPropagation();
        onClick();
      }}
      onDoubleClick={(event) => {
        event.stopPropagation();
      }}
    >
      {children}
    </button>
  );
}
