/** The run that a page is about, for everything on it that shows a part of it. */

import { createContext, useContext, useEffect, type ReactNode } from "react";
import type { Keyed } from "@/canvas/keyed";
import type { ShownMetrics } from "@/charts/shownMetrics";
import { useLanguage } from "@/i18n/i18n";
import { makesMetrics, type WorkflowDocument } from "@/model/document";
import { RUN_TERMINAL } from "@/model/runReducer";
import { runOf, usePrevious, useRunDocument } from "./queries";
import { useFollowing, useRunSession, type RunSession } from "./session";

export interface RunContextValue {
  readonly session: RunSession;
  /** Of the version that the run was made of; null until it is here. */
  readonly document: WorkflowDocument | null;
  /** Shows a step's log, from a place in it where one is known. */
  readonly openLog: (step: string, offset: number | null) => void;
  /** Where a log was opened last. */
  readonly logPlace: { readonly step: string; readonly offset: number | null } | null;
  /** Asks for the values that a step waits for. */
  readonly answer: (step: string) => void;
}

const RunContext = createContext<RunContextValue | null>(null);

/** Charts of an earlier run, while no run is chosen. */
export const PreviousCharts = createContext<Keyed<ShownMetrics> | null>(null);

export const useRun = (): RunContextValue | null => useContext(RunContext);

interface Props {
  readonly value: RunContextValue | null;
  readonly children: ReactNode;
}

export function RunProvider({ value, children }: Props) {
  return <RunContext value={value}>{children}</RunContext>;
}

/** The session of a run, with what its overlay needs beside the run itself. */
export function useFollowedRun(id: string | null): { readonly session: RunSession | null; readonly document: WorkflowDocument | null } {
  const language = useLanguage();
  const session = useRunSession(id);
  const run = useFollowing(session, ({ view }) => view?.run ?? null);
  const about = run === null ? null : runOf(run);
  const document = useRunDocument(about?.workflow.id, about?.version.number).data ?? null;
  const charted = document?.steps?.some((step) => step.outputs?.some(makesMetrics)) ?? false;
  const covered = useFollowing(session, ({ view }) => view !== null && RUN_TERMINAL.has(view.run.state));
  const previous = usePrevious(about?.workflow.id, about?.number ?? null, charted && !covered).data ?? null;
  useEffect(() => {
    session?.setDocument(document);
  }, [session, document]);
  useEffect(() => {
    session?.setPrevious(previous);
  }, [session, previous]);
  useEffect(() => {
    session?.refresh();
  }, [session, language]);
  return { session, document };
}
