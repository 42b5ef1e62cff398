/** One run: what happens in it, as it happens, and everything that it left. */

import { ChevronRight } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { ProjectContext } from "@/forms/project";
import { t, useLanguage } from "@/i18n/i18n";
import { BarSlot } from "@/ui/bar";
import { Link, navigate, useSearchParams } from "@/ui/navigation";
import { ErrorState, Loading, Skeleton } from "@/ui/States";
import { Answer } from "./Answer";
import { RunProvider, useFollowedRun, type RunContextValue } from "./context";
import { runOf } from "./queries";
import styles from "./Run.module.css";
import { RunHead } from "./RunHead";
import { RunTabs, TABS, type RunTab } from "./RunTabs";
import { useFollowing, type RunSession } from "./session";

export function RunPage({ params }: { readonly params: Readonly<Record<string, string>> }) {
  useLanguage();
  const { session, document } = useFollowedRun(params.id ?? null);
  const view = useFollowing(session, (following) => following.view !== null);
  const error = useFollowing(session, ({ link, error: why }) => (link === "gone" || link === "stale" ? why : null));
  const gone = useFollowing(session, ({ link }) => link === "gone");
  if (session !== null && error !== null && !view) return <ErrorState page problem={error.problem} {...(!gone && { onRetry: () => { session.follower.nudge(); } })} />;
  if (session === null || !view) return <RunLoading />;
  return <Opened session={session} document={document} />;
}

/** Changes what of the run is looked at; the address says it, so that a reload and a link show the same. */
function go(changes: Readonly<Record<string, string | null>>): void {
  const next = new URLSearchParams(location.search);
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) next.delete(key);
    else next.set(key, value);
  }
  navigate(`${location.pathname}?${next.toString()}`, { replace: true });
}

interface OpenedProps {
  readonly session: RunSession;
  readonly document: RunContextValue["document"];
}

function Opened({ session, document }: OpenedProps) {
  const search = useSearchParams();
  const run = runOf(useFollowing(session, ({ view }) => (view as NonNullable<typeof view>).run));
  const [asked, setAsked] = useState<string | null>(null);
  const [logPlace, setLogPlace] = useState<{ readonly step: string; readonly offset: number | null } | null>(null);
  const wanted = search.get("tab");
  const tab: RunTab = (TABS as readonly (string | null)[]).includes(wanted) ? (wanted as RunTab) : "canvas";
  const step = search.get("step");
  const panel = search.get("panel") ?? "output";
  const openLog = useCallback((name: string, offset: number | null) => {
    setLogPlace({ step: name, offset });
    const inPanel = ["canvas", "timeline", null].includes(new URLSearchParams(location.search).get("tab"));
    go({ step: name, panel: "logs", ...(!inPanel && { tab: "logs" }) });
  }, []);
  const context = useMemo<RunContextValue>(() => ({ session, document, answer: setAsked, openLog, logPlace }), [session, document, setAsked, openLog, logPlace]);
  return (
    <ProjectContext value={run.project}>
    <RunProvider value={context}>
      <BarSlot place="left">
        <nav className={styles.crumbs} aria-label={t("run.crumbs")}>
          <ChevronRight size={14} aria-hidden="true" />
          <Link href={`/workflows/${run.workflow.id}`}>{run.workflow.name}</Link>
          <ChevronRight size={14} aria-hidden="true" />
          <span aria-current="page">{t("run.number", { number: run.number })}</span>
        </nav>
      </BarSlot>
      <div className={styles.page} data-testid="run" data-state={run.state}>
        <RunHead session={session} run={run} document={document} />
        <RunTabs session={session} tab={tab} step={step} panel={panel} logOffset={logPlace !== null && logPlace.step === step ? logPlace.offset : null} go={go} />
      </div>
      {asked !== null && <Answer session={session} step={asked} document={document} onClose={() => { setAsked(null); }} />}
    </RunProvider>
    </ProjectContext>
  );
}

function RunLoading() {
  return (
    <Loading>
      <div className={styles.loading}>
        <Skeleton width="240px" height={26} />
        <Skeleton width="420px" />
        <Skeleton height={320} />
      </div>
    </Loading>
  );
}
