/** A run over the canvas of the editor: chosen by `?run=`, it lays its states and charts on the steps of the same name.
 * Without one the charts show what the newest run left, greyed. */

import { lazy, Suspense, useEffect, useMemo, useState, type ComponentType, type ReactNode } from "react";
import { keyed, type Keyed } from "@/canvas/keyed";
import type { StepStates } from "@/canvas/slots";
import type { Spot } from "@/canvas/Spotlight";
import type { ShownMetrics } from "@/charts/shownMetrics";
import { useEditor, useEditorState } from "@/features/editor/context";
import { showInspectorTab } from "@/features/inspector/memory";
import { InspectorSlotsContext, type InspectorSlots } from "@/features/inspector/slots";
import { WorkflowBell } from "@/features/notices/WorkflowBell";
import { planStates } from "@/features/runform/planned";
import { endRunRequest, useRunRequest } from "@/features/runform/request";
import { RunButton } from "@/features/runform/RunButton";
import { useSpot } from "@/features/runform/spotlight";
import { makesMetrics, stepByName } from "@/model/document";
import { RUN_TERMINAL } from "@/model/runReducer";
import { navigate, useSearchParams } from "@/ui/navigation";
import { Loading, Skeleton } from "@/ui/States";
import { PreviousCharts, RunProvider, useFollowedRun, useRun, type RunContextValue } from "./context";
import { usePrevious } from "./queries";
import styles from "./OnCanvas.module.css";
import { RunBar } from "./RunBar";
import { useFollowing } from "./session";
import { useSpotOfRun } from "./spot";

// None of these is seen before somebody asks for it.
const Answer = lazy(async () => ({ default: (await import("./Answer")).Answer }));
const EditorOutput = lazy(async () => ({ default: (await import("./EditorTabs")).EditorOutput }));
const EditorLogs = lazy(async () => ({ default: (await import("./EditorTabs")).EditorLogs }));
const RunPanel = lazy(async () => ({ default: (await import("@/features/runform/RunPanel")).RunPanel }));

interface Props {
  readonly workflowId: string;
  readonly children: ReactNode;
}

const SLOTS: InspectorSlots = { Output: waited(EditorOutput), Logs: waited(EditorLogs) };
const NONE: InspectorSlots = {};

function waited(Tab: ComponentType<{ readonly step: string }>) {
  return function Waited({ step }: { readonly step: string }) {
    return (
      <Suspense fallback={<Loading><Skeleton width="60%" /></Loading>}>
        <Tab step={step} />
      </Suspense>
    );
  };
}

export function EditorRun({ workflowId, children }: Props) {
  const id = useSearchParams().get("run");
  const { session, document } = useFollowedRun(id);
  const { store, select } = useEditor();
  const [asked, setAsked] = useState<string | null>(null);
  const [place, setPlace] = useState<{ readonly step: string; readonly offset: number | null } | null>(null);
  const known = useFollowing(session, ({ view }) => view !== null);
  const context = useMemo<RunContextValue | null>(
    () =>
      session === null
        ? null
        : {
            session,
            document,
            answer: setAsked,
            logPlace: place,
            openLog: (name, offset) => {
              const step = stepByName(store.getState().document, name);
              if (step === undefined) return;
              setPlace({ step: name, offset });
              select([step.id]);
              showInspectorTab("logs");
            },
          },
    [session, document, setAsked, place, store, select],
  );
  return (
    <RunProvider value={context}>
      <PreviousCharts value={usePreviousStore(workflowId, id === null)}>
        <InspectorSlotsContext value={session === null || !known ? NONE : SLOTS}>{children}</InspectorSlotsContext>
      </PreviousCharts>
      {session !== null && known && asked !== null && (
        <Suspense fallback={null}>
          <Answer session={session} step={asked} document={document} onClose={() => { setAsked(null); }} />
        </Suspense>
      )}
    </RunProvider>
  );
}

function usePreviousStore(workflowId: string, wanted: boolean): Keyed<ShownMetrics> {
  const [store] = useState(() => keyed<ShownMetrics>());
  const charted = useEditorState((state) => state.document.steps?.some((step) => step.outputs?.some(makesMetrics)) ?? false);
  const previous = usePrevious(workflowId, null, wanted && charted).data ?? null;
  useEffect(() => {
    store.replace(wanted && previous !== null ? previous : new Map());
  }, [store, previous, wanted]);
  return store;
}

/** For the canvas of the editor: while the run form is open what it would do, otherwise the chosen run. */
export function useRunStates(): StepStates | null {
  const planning = useRunRequest() !== null;
  const run = useRun()?.session.states ?? null;
  return planning ? planStates : run;
}

/** For the same canvas: the scene that the form has, that the run is of, or that is open in the list. */
export function useRunSpot(): Spot | null {
  const planning = useRunRequest() !== null;
  const form = useSpot("form");
  const run = useSpotOfRun(useRun());
  const scene = useSpot("scene");
  return planning ? form : (run ?? scene);
}

/** Beside the canvas: the run form while it is wanted. What it covers stays as it is below it. */
export function RunAside({ children }: { readonly children: ReactNode }) {
  const request = useRunRequest();
  const { store } = useEditor();
  // Somebody wants to correct a field: the inspector has it. What was typed in the form is kept.
  useEffect(
    () =>
      store.subscribe((state, before) => {
        if (state.reveal !== before.reveal && state.reveal?.focus === true) endRunRequest();
      }),
    [store],
  );
  return (
    <>
      <div hidden={request !== null} className={styles.below}>
        {children}
      </div>
      {request !== null && (
        <Suspense fallback={null}>
          <RunPanel
            key={JSON.stringify(request.part)}
            part={request.part}
            onClose={endRunRequest}
            onStarted={(run) => {
              chooseRun(run.id);
            }}
          />
        </Suspense>
      )}
    </>
  );
}

function chooseRun(id: string | null): void {
  const next = new URLSearchParams(location.search);
  if (id === null) next.delete("run");
  else next.set("run", id);
  next.delete("tab");
  const text = next.toString();
  navigate(text === "" ? location.pathname : `${location.pathname}?${text}`);
}

/** In the top bar: the chosen run, and the button for the next one; it steps back while Stop is the thing to press. */
export function RunArea() {
  const session = useRun()?.session ?? null;
  const wanted = useRunRequest() !== null;
  const params = useSearchParams();
  // The form stands beside the canvas.
  useEffect(() => {
    if (wanted && params.get("tab") !== null) chooseRun(params.get("run"));
  }, [wanted, params]);
  const over = useFollowing(session, ({ view }) => view === null || RUN_TERMINAL.has(view.run.state));
  return (
    <>
      {session !== null && <RunBar session={session} onClose={() => { chooseRun(null); }} />}
      <WorkflowBell />
      <RunButton another={!over} />
    </>
  );
}
