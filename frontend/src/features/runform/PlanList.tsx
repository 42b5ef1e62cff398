/** What the run would do with these values, step by step, and why. */

import { Ban, CircleHelp, CircleSlash2, Minus, MessageCircleQuestion, Play, Recycle, type LucideIcon } from "lucide-react";
import { kindTitle } from "@/canvas/kindWords";
import { sayProblem, t } from "@/i18n/i18n";
import { shownTitle, stepByName, type WorkflowDocument } from "@/model/document";
import { graphOf } from "@/model/graph";
import type { Kinds } from "@/model/ports";
import { asProblem } from "@/model/problems";
import { Loading, Skeleton } from "@/ui/States";
import type { Planned } from "./queries";
import styles from "./RunDialog.module.css";

const VERDICTS = ["run", "reuse", "skip", "waits_for_input", "decided_at_run_time", "cannot_run", "not_part"] as const;
type Verdict = (typeof VERDICTS)[number];
const SIGNS: Readonly<Record<Verdict, LucideIcon>> = {
  run: Play,
  reuse: Recycle,
  skip: CircleSlash2,
  waits_for_input: MessageCircleQuestion,
  decided_at_run_time: CircleHelp,
  cannot_run: Ban,
  not_part: Minus,
};

interface Props {
  readonly document: WorkflowDocument;
  readonly kinds: Kinds;
  readonly steps: Readonly<Record<string, Planned>> | undefined;
  readonly pending: boolean;
}

export function PlanList({ document, kinds, steps, pending }: Props) {
  const order = graphOf(document).order;
  return (
    <section className={styles.plan} aria-label={t("runform.plan")} aria-busy={pending} data-testid="plan">
      <h3 className={styles.planTitle}>{t("runform.plan")}</h3>
      {steps === undefined && pending && (
        <Loading>
          <div className={styles.planWaiting}>
            {order.map((name) => (
              <Skeleton key={name} height={34} />
            ))}
          </div>
        </Loading>
      )}
      {steps !== undefined && (
        <ol className={styles.planned} data-old={pending || undefined}>
          {order.map((name) => {
            const step = stepByName(document, name);
            const planned = steps[name];
            if (step === undefined || planned === undefined) return null;
            const verdict = VERDICTS.find((each) => each === planned.verdict) ?? "decided_at_run_time";
            const Sign = SIGNS[verdict];
            const reason = planned.reason === null ? null : sayProblem(asProblem(planned.reason)).message;
            const way = planned.branch === null ? null : t(planned.branch ? "runform.branch.then" : "runform.branch.else");
            return (
              <li key={name} className={styles.planStep} data-verdict={verdict} data-step={name}>
                <Sign size={14} aria-hidden="true" />
                <span className={styles.planText}>
                  <span className={styles.planName}>{shownTitle(step)}</span>
                  <span className={styles.planKind}>{[t(`runform.verdict.${verdict}`), kindTitle(kinds, step.kind)].join(" · ")}</span>
                  {(reason ?? way) !== null && <span className={styles.planWhy}>{reason ?? way}</span>}
                </span>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}
