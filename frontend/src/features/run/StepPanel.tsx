/** The step that is selected in a run: what happened to it, what it says, what it left. */

import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { MetricsBoard } from "@/charts/MetricsBoard";
import { useKeyed } from "@/canvas/keyed";
import { KindIcon } from "@/canvas/KindIcon";
import { formatBytes, formatNumber, sayProblem, t, useLanguage } from "@/i18n/i18n";
import { isObject, type Json } from "@/model/json";
import { makesMetrics, shownTitle, stepByName } from "@/model/document";
import { IconButton } from "@/ui/Button";
import { StateChip } from "@/ui/StateChip";
import { Tabs } from "@/ui/Tabs";
import { Changes } from "./Changes";
import { Clock } from "./Clock";
import { useRun } from "./context";
import { storiesOf } from "./edits";
import { LogView } from "./LogView";
import { Operands } from "./Operands";
import { OutputList } from "./OutputList";
import { chartKey } from "./overlay";
import { useFigures, useStepDetail } from "./queries";
import styles from "./Step.module.css";
import { useFollowing, type RunSession } from "./session";
import { StepActions } from "./StepActions";
import { problemOf } from "./words";

interface Props {
  readonly step: string;
  readonly tab: string;
  readonly onTab: (tab: string) => void;
  readonly logOffset: number | null;
  readonly onClose: () => void;
}

export function StepPanel({ step, tab, onTab, logOffset, onClose }: Props) {
  useLanguage();
  const run = useRun();
  const session = run?.session ?? null;
  const view = useFollowing(session, (following) => following.view?.steps[step]);
  if (run === null || session === null || view === undefined) return null;
  const definition = run.document === null ? undefined : stepByName(run.document, step);
  const title = definition === undefined ? step : shownTitle(definition);
  const items = [
    { id: "output", label: t("run.tab.output"), content: <OutputTab step={step} /> },
    { id: "logs", label: t("run.tab.logs"), content: <LogView session={session} step={step} offset={logOffset} /> },
    { id: "about", label: t("run.tab.attempts"), content: <Attempts session={session} step={step} /> },
  ];
  return (
    <div className={styles.panel} data-testid="step-panel" data-step={step}>
      <header className={styles.panelHead}>
        <KindIcon kind={definition?.kind ?? ""} size={32} />
        <div className={styles.panelNames}>
          <h2>{title}</h2>
          <p>{step}</p>
        </div>
        <div className={styles.panelState}>
          <StateChip step={view.state} />
          <Clock session={session} step={step} />
        </div>
        <IconButton small label={t("run.allSteps")} icon={<X size={15} />} data-testid="close-step" onPress={onClose} />
      </header>
      <Reason step={step} />
      <StepActions step={step} title={title} />
      <div className={styles.panelTabs}>
        <Tabs label={title} items={items} selected={items.some((item) => item.id === tab) ? tab : "output"} onSelect={onTab} />
      </div>
    </div>
  );
}

/** Why it is as it is, with what can be done about it. */
export function Reason({ step }: { readonly step: string }) {
  useLanguage();
  const session = useRun()?.session ?? null;
  const state = useFollowing(session, (following) => following.view?.steps[step]?.state);
  const shown = useKeyed(session?.states ?? null, step);
  const reason = useFollowing(session, (following) => following.view?.steps[step]?.reason ?? null);
  const problem = problemOf(reason);
  if (!shown?.reason) return null;
  const bad = state === "failed" || state === "timeout" || state === "create_failed";
  return (
    <div className={styles.reason} data-tone={bad ? "bad" : state === "wait_inputs" ? "warn" : "idle"}>
      <p>{shown.reason}</p>
      {problem !== null && state !== "pending" && <p className={styles.hint}>{sayProblem(problem).hint}</p>}
      <Operands reason={reason} />
    </div>
  );
}

/** For the inspector of the editor, too: metrics first, then files. */
export function OutputTab({ step }: { readonly step: string }) {
  const session = useRun()?.session ?? null;
  if (session === null) return null;
  return (
    <div>
      <StepMetrics session={session} step={step} size="panel" />
      <OutputList session={session} step={step} />
    </div>
  );
}

interface MetricsProps {
  readonly session: RunSession;
  readonly step: string;
  readonly size: "panel" | "page";
}

/** All metrics outputs of a step that have something to show. */
export function StepMetrics({ session, step, size }: MetricsProps) {
  const document = useRun()?.document ?? null;
  const ready = useFigures(session, step);
  const outputs = (document === null ? undefined : stepByName(document, step))?.outputs?.filter(makesMetrics) ?? [];
  if (!ready) return null;
  return (
    <>
      {outputs.map((output) => (
        <OutputMetrics key={output.name} session={session} step={step} output={output.name} size={size} />
      ))}
    </>
  );
}

function OutputMetrics({ session, step, output, size }: MetricsProps & { readonly output: string }) {
  const metrics = useKeyed(session.charts, chartKey(step, output));
  if (metrics === undefined || (metrics.items.length === 0 && metrics.problem === null)) return null;
  return (
    <div className={size === "panel" ? styles.panelMetrics : undefined} data-output={output}>
      <MetricsBoard metrics={metrics} size={size} />
    </div>
  );
}

/** Every attempt: where it ran, how long, what it used, with which arguments. */
function Attempts({ session, step }: { readonly session: RunSession; readonly step: string }) {
  useLanguage();
  const mark = useFollowing(session, (following) => following.view?.steps[step]);
  const detail = useStepDetail(session.id, step);
  const { refetch } = detail;
  useEffect(() => {
    void refetch();
  }, [mark, refetch]);
  const [open, setOpen] = useState<string | null>(null);
  const attempts = detail.data?.attempt_list ?? [];
  if (detail.data !== undefined && attempts.length === 0) return <p className={styles.quiet}>{t("attempt.none")}</p>;
  const edited = mark?.edited ?? null;
  const stories = storiesOf(edited);
  const ahead = stories.filter((story) => !attempts.some((attempt) => attempt.number === story.attempt));
  return (
    <ol className={styles.attempts}>
      {ahead.map((story) => (
        <li key={story.attempt}>
          <Changes story={story} edited={edited} />
        </li>
      ))}
      {attempts.map((attempt) => {
        const problem = problemOf(attempt.reason as Parameters<typeof problemOf>[0]);
        const usage = isObject(attempt.usage) ? (attempt.usage as Readonly<Record<string, Json>>) : {};
        return (
          <li key={attempt.token} data-attempt={attempt.number}>
            <button type="button" className={styles.attemptHead} aria-expanded={open === attempt.token} onClick={() => { setOpen(open === attempt.token ? null : attempt.token); }}>
              <strong>{t("attempt.number", { number: attempt.number })}</strong>
              <span>{t(`attempt.${attempt.state as "succeeded"}`)}</span>
              <span className={styles.attemptHost}>{attempt.host}</span>
            </button>
            {problem !== null && <p className={styles.quiet}>{sayProblem(problem).message}</p>}
            {stories.filter((story) => story.attempt === attempt.number).map((story) => (
              <Changes key={story.attempt} story={story} edited={edited} />
            ))}
            <dl className={styles.facts}>
              {typeof usage.seconds === "number" && <Fact name={t("attempt.took")} value={t("time.s", { value: formatNumber(usage.seconds, { maximumFractionDigits: 1 }) })} />}
              {typeof usage.cpu_seconds === "number" && <Fact name={t("attempt.cpu")} value={t("time.s", { value: formatNumber(usage.cpu_seconds, { maximumFractionDigits: 1 }) })} />}
              {typeof usage.max_rss_mb === "number" && <Fact name={t("attempt.memory")} value={formatBytes(usage.max_rss_mb * 1_000_000)} />}
              {attempt.devices.length > 0 && <Fact name={t("attempt.gpus")} value={attempt.devices.join(", ")} />}
            </dl>
            {(open === attempt.token || attempts.length === 1) && (
              <dl className={styles.facts}>
                {Object.entries(attempt.parameters as Readonly<Record<string, Json>>).map(([name, value]) => (
                  <Fact key={name} name={name} value={typeof value === "string" ? value : JSON.stringify(value)} />
                ))}
              </dl>
            )}
          </li>
        );
      })}
    </ol>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
