/** What can be done to one step of a run, as far as its state allows. */

import { MessageCircleQuestion, RotateCcw, ScrollText, Square } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useMay } from "@/features/people/roles";
import { t, useLanguage } from "@/i18n/i18n";
import { RUN_TERMINAL, STEP_RETRYABLE, STEP_STOPPABLE } from "@/model/runReducer";
import { Button } from "@/ui/Button";
import { useRun } from "./context";
import { complain, runOf, useStepAction } from "./queries";
import styles from "./Step.module.css";
import { NestedRun } from "./NestedRun";
import { useFollowing } from "./session";
import { problemOf } from "./words";

const RetryDialog = lazy(async () => ({ default: (await import("./RetryDialog")).RetryDialog }));

interface Props {
  readonly step: string;
  readonly title: string;
  /** Beside the log itself there is no need to open it. */
  readonly withLog?: boolean;
}

export function StepActions({ step, title, withLog = false }: Props) {
  useLanguage();
  const run = useRun();
  const session = run?.session ?? null;
  const view = useFollowing(session, (following) => following.view?.steps[step]);
  const fields = useFollowing(session, (following) => following.view?.run);
  const hasLog = useFollowing(session, (following) => following.view?.logs[step] !== undefined);
  const act = useStepAction(session?.id ?? "");
  const [retrying, setRetrying] = useState(false);
  const operates = useMay(fields === undefined ? undefined : runOf(fields).project, "operator");
  if (run === null || view === undefined || fields === undefined) return null;
  const stoppable = operates && STEP_STOPPABLE.has(view.state) && !RUN_TERMINAL.has(fields.state) && !view.stop_requested;
  const retryable = operates && STEP_RETRYABLE.has(view.state) && !(fields.stop_requested && !RUN_TERMINAL.has(fields.state));
  const offset = logOffset(problemOf(view.reason) === null ? null : view.reason);
  return (
    <div className={styles.actions}>
      {operates && view.state === "wait_inputs" && (
        <Button small look="primary" icon={<MessageCircleQuestion size={14} />} data-testid="answer" onPress={() => { run.answer(step); }}>
          {t("run.answer")}
        </Button>
      )}
      {retryable && (
        <Button small icon={<RotateCcw size={13} />} data-testid="retry" onPress={() => { setRetrying(true); }}>
          {t("run.retry")}
        </Button>
      )}
      {stoppable && (
        <Button small icon={<Square size={12} />} isPending={act.isPending} data-testid="stop-step" onPress={() => { act.mutate({ step, action: "stop" }, { onError: complain }); }}>
          {t("run.stopStep")}
        </Button>
      )}
      {withLog && hasLog && (
        <Button small look="quiet" icon={<ScrollText size={13} />} data-testid="open-log" onPress={() => { run.openLog(step, offset); }}>
          {offset === null ? t("run.openLog") : t("run.openLogAt")}
        </Button>
      )}
      <NestedRun session={run.session} step={step} state={view.state} />
      {retrying && (
        <Suspense fallback={null}>
          <RetryDialog run={runOf(fields)} document={run.document} step={step} title={title} edited={view.edited} onClose={() => { setRetrying(false); }} />
        </Suspense>
      )}
    </div>
  );
}

/** Where in the log the reason stands, when whoever found it says so. */
export function logOffset(reason: { readonly [key: string]: unknown } | null): number | null {
  return typeof reason?.log_offset === "number" ? reason.log_offset : null;
}
