/** What the run would do with these values, step by step, and why. */

import { kindTitle } from "@/canvas/kindWords";
import { PLAN_LOOKS, shownWord } from "@/canvas/planned";
import { t } from "@/i18n/i18n";
import { shownTitle, stepByName, type WorkflowDocument } from "@/model/document";
import { graphOf } from "@/model/graph";
import type { Kinds } from "@/model/ports";
import { Loading, Skeleton } from "@/ui/States";
import { stateOfVerdict, whyOf } from "./planned";
import type { Planned } from "./queries";
import styles from "./RunPanel.module.css";

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
            const state = stateOfVerdict(planned.verdict);
            const { icon: Sign } = PLAN_LOOKS[state];
            const why = whyOf(planned);
            return (
              <li key={name} className={styles.planStep} data-verdict={planned.verdict} data-step={name}>
                <Sign size={14} aria-hidden="true" />
                <span className={styles.planText}>
                  <span className={styles.planName}>{shownTitle(step)}</span>
                  <span className={styles.planKind}>{[shownWord(state), kindTitle(kinds, step.kind)].join(" · ")}</span>
                  {why !== null && <span className={styles.planWhy}>{why}</span>}
                </span>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}
