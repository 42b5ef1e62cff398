/** Tabs of the editor's inspector that are about the chosen run. */

import { t, useLanguage } from "@/i18n/i18n";
import { EmptyState } from "@/ui/States";
import { useRun } from "./context";
import { LogView } from "./LogView";
import styles from "./Step.module.css";
import { useFollowing } from "./session";
import { StepActions } from "./StepActions";
import { OutputTab, Reason } from "./StepPanel";

interface Props {
  readonly step: string;
}

/** A step that was drawn after the run began is not part of it. */
function useInRun(step: string): boolean {
  return useFollowing(useRun()?.session ?? null, ({ view }) => view?.steps[step] !== undefined);
}

function NotInRun() {
  useLanguage();
  return <EmptyState title={t("run.notInRun")}>{t("run.notInRun.text")}</EmptyState>;
}

export function EditorOutput({ step }: Props) {
  if (!useInRun(step)) return <NotInRun />;
  return (
    <div className={styles.editorTab}>
      <Reason step={step} />
      <StepActions step={step} title={step} withLog />
      <OutputTab step={step} />
    </div>
  );
}

export function EditorLogs({ step }: Props) {
  const run = useRun();
  const known = useInRun(step);
  if (run === null || !known) return <NotInRun />;
  const offset = run.logPlace?.step === step ? run.logPlace.offset : null;
  return (
    <div className={styles.editorLog}>
      <LogView session={run.session} step={step} offset={offset} />
    </div>
  );
}
