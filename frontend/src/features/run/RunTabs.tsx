/** The tabs of a run's page. */

import { useMemo, useRef, type ReactNode } from "react";
import { Canvas } from "@/canvas/Canvas";
import type { CanvasHandle } from "@/canvas/handle";
import { arrangedAtOnce } from "@/features/transfer/arrange";
import { t, useLanguage } from "@/i18n/i18n";
import { makesMetrics, shownTitle, stepByName } from "@/model/document";
import { Link } from "@/ui/navigation";
import { classes } from "@/ui/classes";
import { Splitter } from "@/ui/Splitter";
import { EmptyState, Loading, Skeleton } from "@/ui/States";
import { StateChip } from "@/ui/StateChip";
import { useRun } from "./context";
import { LogView } from "./LogView";
import { NodeNote } from "./NodeNote";
import { Outline } from "./Outline";
import { OutputList } from "./OutputList";
import { useKinds } from "./queries";
import styles from "./Run.module.css";
import { RunChart } from "./RunChart";
import { useFollowing, type RunSession } from "./session";
import { useSpotOfRun } from "./spot";
import { StepMetrics, StepPanel } from "./StepPanel";
import { StepActions } from "./StepActions";
import { Timeline } from "./Timeline";
import { ValuesTab } from "./ValuesTab";

export const TABS = ["canvas", "timeline", "metrics", "logs", "outputs", "values"] as const;
export type RunTab = (typeof TABS)[number];
type Go = (changes: Readonly<Record<string, string | null>>) => void;

interface Props {
  readonly session: RunSession;
  readonly tab: RunTab;
  readonly step: string | null;
  readonly panel: string;
  readonly logOffset: number | null;
  readonly go: Go;
}

export function RunTabs(props: Props) {
  useLanguage();
  const { tab } = props;
  return (
    <>
      <nav className={styles.tabs} aria-label={t("run.tabs")}>
        {TABS.map((each) => (
          <Link key={each} href={hrefOf(each)} className={styles.tab} {...(each === tab && { "aria-current": "page" as const })} data-testid={`run-tab-${each}`}>
            {t(`run.tab.${each}`)}
          </Link>
        ))}
      </nav>
      <div className={styles.body} data-tab={tab}>
        <Content {...props} />
      </div>
    </>
  );
}

function hrefOf(tab: RunTab): string {
  const next = new URLSearchParams(location.search);
  next.set("tab", tab);
  return `${location.pathname}?${next.toString()}`;
}

function Content({ session, tab, step, panel, logOffset, go }: Props) {
  const select = (name: string) => {
    go({ step: name });
  };
  switch (tab) {
    case "canvas":
      return <CanvasTab session={session} step={step} panel={panel} logOffset={logOffset} go={go} />;
    case "timeline":
      return <WithPanel step={step} panel={panel} logOffset={logOffset} go={go} main={<Timeline session={session} selected={step} onSelect={select} />} />;
    case "metrics":
      return <MetricsTab session={session} />;
    case "logs":
      return <Stepwise session={session} step={step} onSelect={select} content={(name) => <LogView session={session} step={name} offset={logOffset} />} />;
    case "outputs":
      return <Stepwise session={session} step={step} onSelect={select} content={(name) => <OutputList session={session} step={name} />} />;
    case "values":
      return <ValuesTab session={session} />;
  }
}

interface PanelProps {
  readonly step: string | null;
  readonly panel: string;
  readonly logOffset: number | null;
  readonly go: Go;
}

/** The main part, and beside it the step that is selected, or all steps. Always both, so that the canvas stays as it is. */
function WithPanel({ main, step, panel, logOffset, go, outline = false }: PanelProps & { readonly main: ReactNode; readonly outline?: boolean }) {
  const session = useRun()?.session ?? null;
  const known = useFollowing(session, ({ view }) => step !== null && view?.steps[step] !== undefined);
  const side =
    step !== null && known ? (
      <StepPanel
        key={step}
        step={step}
        tab={panel}
        logOffset={logOffset}
        onTab={(next) => {
          go({ panel: next });
        }}
        onClose={() => {
          go({ step: null });
        }}
      />
    ) : (
      session !== null &&
      outline && (
        <Outline
          session={session}
          onSelect={(name) => {
            go({ step: name });
          }}
        />
      )
    );
  if (side === false) return <div className={styles.whole}>{main}</div>;
  return <Splitter sized="end" initial={400} min={300} max={760} remember="run-panel" start={<div className={styles.whole}>{main}</div>} end={side} />;
}

function CanvasTab({ session, step, panel, logOffset, go }: Omit<Props, "tab">) {
  const made = useRun()?.document ?? null;
  const kinds = useKinds();
  const document = useMemo(() => (made === null || kinds === undefined ? made : arrangedAtOnce(kinds, made)), [made, kinds]);
  const canvas = useRef<CanvasHandle>(null);
  const spot = useSpotOfRun(useRun());
  const ids = useMemo(() => new Map((document?.steps ?? []).map((each) => [each.id, each.name])), [document]);
  const selection = useMemo(() => [...ids].filter(([, name]) => name === step).map(([id]) => id), [ids, step]);
  if (document === null || kinds === undefined)
    return (
      <Loading>
        <div className={styles.loading}>
          <Skeleton height={260} />
        </div>
      </Loading>
    );
  const select = (steps: readonly string[]) => {
    const id = steps.at(-1);
    const name = id === undefined ? null : (ids.get(id) ?? null);
    if (name !== step) go({ step: name });
  };
  const drawn = (
    <Canvas
      readOnly
      document={document}
      kinds={kinds}
      label={t("run.canvas")}
      selection={selection}
      others={NOBODY}
      onSelect={select}
      states={session.states}
      spot={spot}
      Chart={RunChart}
      Note={NodeNote}
      handle={canvas}
      onOpen={(id) => {
        go({ step: ids.get(id) ?? null, panel: "logs" });
      }}
    />
  );
  return <WithPanel outline main={drawn} step={step} panel={panel} logOffset={logOffset} go={go} />;
}

const NOBODY: readonly string[] = [];

function MetricsTab({ session }: { readonly session: RunSession }) {
  useLanguage();
  const document = useRun()?.document ?? null;
  const written = useFollowing(session, ({ view }) => view?.metrics);
  const steps = (document?.steps ?? []).filter((step) => step.outputs?.some(makesMetrics));
  const shown = steps.filter((step) => step.outputs?.some((output) => session.charts.get(`${step.name}/${output.name}`) !== undefined));
  if (written === undefined || shown.length === 0) return <EmptyState title={t("run.metrics.none")}>{steps.length === 0 ? t("run.metrics.none.text") : t("run.metrics.waiting")}</EmptyState>;
  return (
    <div className={styles.metrics} data-testid="metrics-page">
      {shown.map((step) => (
        <section key={step.id} aria-label={shownTitle(step)}>
          <h2>{shownTitle(step)}</h2>
          <StepMetrics session={session} step={step.name} size="page" />
        </section>
      ))}
    </div>
  );
}

interface StepwiseProps {
  readonly session: RunSession;
  readonly step: string | null;
  readonly onSelect: (step: string) => void;
  readonly content: (step: string) => ReactNode;
}

/** A list of steps, and something about the chosen one; without a choice the one that is most of interest. */
function Stepwise({ session, step, onSelect, content }: StepwiseProps) {
  useLanguage();
  const document = useRun()?.document ?? null;
  const steps = useFollowing(session, ({ view }) => view?.steps);
  if (steps === undefined) return null;
  const names = Object.keys(steps);
  const chosen = step !== null && names.includes(step) ? step : (names.find((name) => steps[name]?.state === "failed") ?? names.find((name) => steps[name]?.state === "running") ?? names.findLast((name) => steps[name]?.attempts !== 0) ?? names[0]);
  const title = (name: string): string => {
    const definition = document === null ? undefined : stepByName(document, name);
    return definition === undefined ? name : shownTitle(definition);
  };
  return (
    <div className={styles.stepwise}>
      <nav className={styles.steps} aria-label={t("run.chooseStep")}>
        {names.map((name) => (
          <button key={name} type="button" className={styles.stepChoice} aria-current={name === chosen ? "true" : undefined} data-step={name} onClick={() => { onSelect(name); }}>
            <span>{title(name)}</span>
            <StateChip bare step={(steps[name] as (typeof steps)[string]).state} />
          </button>
        ))}
      </nav>
      {chosen !== undefined && (
        <section className={styles.stepContent} aria-label={title(chosen)}>
          <header className={classes(styles.stepHead)}>
            <h2>{title(chosen)}</h2>
            <StepActions step={chosen} title={title(chosen)} />
          </header>
          <div className={styles.stepBody}>{content(chosen)}</div>
        </section>
      )}
    </div>
  );
}
