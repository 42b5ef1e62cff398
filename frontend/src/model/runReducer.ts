/** A run as the browser sees it: a snapshot, and the frames since, folded in. Pure; the SDK's client does the same.
 *
 * Facts carry `seq`, dense from 1: one that is already folded in is a duplicate, one too far ahead a gap. A metrics
 * file carries `rev`, dense per attempt: a change on a rev that is not here is a gap of that file alone. A gap changes
 * nothing; whoever holds the view fetches what is missing and goes on. */

import type { Json, JsonObject } from "./json";
import { applyDelta, Misfit, type MetricItem, type MetricsDelta } from "./metricsDelta";

export const RUN_STATES = ["init", "running", "completed", "stopped", "abnormal"] as const;
export type RunState = (typeof RUN_STATES)[number];
export const STEP_STATES = [
  "init",
  "wait_inputs",
  "pending",
  "creating",
  "created",
  "create_failed",
  "running",
  "stopping",
  "stopped",
  "timeout",
  "completed",
  "failed",
  "hold",
  "skipped",
] as const;
export type StepState = (typeof STEP_STATES)[number];

export const RUN_TERMINAL: ReadonlySet<string> = new Set<RunState>(["completed", "stopped", "abnormal"]);
export const STEP_RETRYABLE: ReadonlySet<string> = new Set<StepState>(["failed", "timeout", "create_failed", "stopped"]);
export const STEP_STOPPABLE: ReadonlySet<string> = new Set<StepState>(["wait_inputs", "pending", "creating", "running"]);
/** The step holds an attempt: its clock runs. */
export const STEP_LIVE: ReadonlySet<string> = new Set<StepState>(["creating", "running", "stopping"]);

export interface StepView {
  readonly state: StepState;
  readonly reason: JsonObject | null;
  readonly attempts: number;
  readonly lost: number;
  readonly token: string | null;
  readonly host: string | null;
  readonly devices: readonly string[];
  readonly outputs: JsonObject;
  readonly floats: JsonObject;
  readonly branch: boolean | null;
  readonly chosen: JsonObject;
  readonly awaits: readonly string[];
  readonly stop_requested: boolean;
  /** Of a step that was not run but took an earlier result over: `{run, number, attempt}`, where it really ran. */
  readonly reused: JsonObject | null;
  /** Who gave the values that it waited for: `{by, name}`. */
  readonly answered: JsonObject | null;
  /** What was changed of it before it was tried again: `{step, changes: [{attempt, name, changes}]}`. */
  readonly edited: JsonObject | null;
  /** Since when it waits for values, or has waited for the last ones. */
  readonly waiting_at: string | null;
  readonly ready_at: string | null;
  readonly dispatched_at: string | null;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  /** What a snapshot knows beyond the facts: kind, title, parents, queue, … */
  readonly [more: string]: unknown;
}

export interface RunFields {
  readonly id: string;
  readonly state: RunState;
  readonly stop_requested: boolean;
  readonly values: JsonObject;
  readonly created_at?: string | null;
  readonly started_at?: string | null;
  readonly finished_at?: string | null;
  readonly [more: string]: unknown;
}

export interface MetricsFile {
  readonly step: string;
  readonly attempt: string;
  readonly output: string;
  readonly path: string;
  readonly rev: number;
  readonly items: readonly MetricItem[];
  readonly problem: unknown;
}

export interface LogSize {
  readonly attempt: string;
  readonly size: number;
}

/** Never changed: a fold gives a new view that shares what stayed. */
export interface RunView {
  readonly seq: number;
  readonly run: RunFields;
  readonly steps: Readonly<Record<string, StepView>>;
  /** In the order in which the files first appeared, by `metricsKey`. */
  readonly metrics: Readonly<Record<string, MetricsFile>>;
  readonly logs: Readonly<Record<string, LogSize>>;
}

export interface MetricsEntry {
  readonly step: string;
  readonly attempt: string | number;
  readonly output: string;
  readonly path: string;
  readonly rev: number;
  readonly at?: string;
  readonly value?: readonly MetricItem[] | null;
  readonly problem?: unknown;
}

export interface Snapshot {
  readonly run: RunFields;
  readonly seq: number;
  readonly steps: Readonly<Record<string, Partial<StepView>>>;
  readonly metrics?: readonly MetricsEntry[];
  readonly logs?: Readonly<Record<string, LogSize>>;
}

export interface Frame {
  readonly type: string;
  readonly seq?: number;
  readonly rev?: number;
  readonly at?: string;
  readonly step?: string | null;
  readonly data?: JsonObject;
  readonly [more: string]: unknown;
}

export type Folded = "applied" | "duplicate" | "gap" | "ignored";
export interface Fold {
  readonly view: RunView;
  readonly did: Folded;
}

export const UNTOUCHED: StepView = {
  state: "init",
  reason: null,
  attempts: 0,
  lost: 0,
  token: null,
  host: null,
  devices: [],
  outputs: {},
  floats: {},
  branch: null,
  chosen: {},
  awaits: [],
  stop_requested: false,
  reused: null,
  answered: null,
  edited: null,
  waiting_at: null,
  ready_at: null,
  dispatched_at: null,
  started_at: null,
  finished_at: null,
};

export function emptyView(runId: string): RunView {
  const times = { created_at: null, started_at: null, finished_at: null };
  return { seq: 0, run: { id: runId, state: "init", stop_requested: false, values: {}, ...times }, steps: {}, metrics: {}, logs: {} };
}

export function viewOf(snapshot: Snapshot): RunView {
  const steps = Object.fromEntries(
    Object.entries(snapshot.steps).map(([name, step]) => [name, { ...UNTOUCHED, ...step } as StepView]),
  );
  const view: RunView = { seq: snapshot.seq, run: snapshot.run, steps, metrics: {}, logs: snapshot.logs ?? {} };
  return (snapshot.metrics ?? []).reduce(putMetrics, view);
}

/** A metrics file as a whole, from a snapshot or fetched to heal a gap; an older one is not taken. */
export function putMetrics(view: RunView, entry: MetricsEntry): RunView {
  const key = metricsKey(entry);
  const held = view.metrics[key];
  if (held !== undefined && entry.rev < held.rev) return view;
  return { ...view, metrics: { ...view.metrics, [key]: fileOf(entry, entry.rev, entry.value ?? []) } };
}

export function metricsKey(entry: Pick<MetricsEntry, "step" | "attempt" | "output" | "path">): string {
  return JSON.stringify([entry.step, String(entry.attempt), entry.output, entry.path]);
}

function fileOf(entry: MetricsEntry, rev: number, items: readonly MetricItem[]): MetricsFile {
  const { step, output, path } = entry;
  return { step, attempt: String(entry.attempt), output, path, rev, items, problem: entry.problem ?? null };
}

/** The files of the newest attempt of a step that wrote any. */
export function metricsOf(view: RunView, step: string): MetricsFile[] {
  const files = Object.values(view.metrics).filter((file) => file.step === step);
  const newest = files.at(-1)?.attempt;
  return files.filter((file) => file.attempt === newest);
}

/** Fold one frame in. A gap changes nothing. */
export function foldFrame(view: RunView, frame: Frame): Fold {
  if (frame.seq !== undefined && FACTS[frame.type] !== undefined) return foldFact(view, frame, frame.seq);
  if (frame.type === "metrics") return foldMetrics(view, frame as unknown as MetricsFrame);
  if (frame.type === "log_grew") return foldLog(view, frame);
  const ahead = frame.type === "ping" && (frame.seq ?? 0) > view.seq;
  return { view, did: frame.type === "resync" || ahead ? "gap" : "ignored" };
}

function foldFact(view: RunView, frame: Frame, seq: number): Fold {
  if (seq <= view.seq) return { view, did: "duplicate" };
  if (seq !== view.seq + 1) return { view, did: "gap" };
  const change = FACTS[frame.type] as Change;
  const data = frame.data ?? {};
  const at = frame.at ?? null;
  const next = { ...view, seq };
  if (frame.step === null || frame.step === undefined) {
    return { view: { ...next, run: { ...view.run, ...change(UNTOUCHED, data, at) } as RunFields }, did: "applied" };
  }
  const before = view.steps[frame.step] ?? UNTOUCHED;
  const steps = { ...view.steps, [frame.step]: { ...before, ...change(before, data, at) } as StepView };
  return { view: { ...next, steps, run: runAfter(view.run, frame, data) }, did: "applied" };
}

function runAfter(run: RunFields, frame: Frame, data: JsonObject): RunFields {
  if (frame.type !== "step_retried" && frame.type !== "step_continued") return run;
  const values = { ...run.values, ...((data.values ?? {}) as JsonObject) };
  if (frame.type === "step_continued") return { ...run, values };
  return { ...run, values, state: "running", stop_requested: false, finished_at: null };
}

type MetricsFrame = MetricsEntry & { readonly delta?: MetricsDelta | null };

function foldMetrics(view: RunView, frame: MetricsFrame): Fold {
  const key = metricsKey(frame);
  const held = view.metrics[key];
  const rev = held?.rev ?? 0;
  if (held !== undefined && frame.rev <= rev) return { view, did: "duplicate" };
  let items = held?.items ?? [];
  if (frame.value !== undefined && frame.value !== null) {
    items = frame.value;
  } else if (frame.rev !== rev + 1) {
    return { view, did: "gap" };
  } else if (frame.delta !== undefined && frame.delta !== null) {
    try {
      items = applyDelta(items, frame.delta);
    } catch (error) {
      if (error instanceof Misfit) return { view, did: "gap" };
      throw error;
    }
  }
  return { view: { ...view, metrics: { ...view.metrics, [key]: fileOf(frame, frame.rev, items) } }, did: "applied" };
}

function foldLog(view: RunView, frame: Frame): Fold {
  const step = frame.step ?? "";
  const attempt = String(frame.attempt);
  const size = Number(frame.size);
  const held = view.logs[step];
  if (held !== undefined && String(held.attempt) === attempt && held.size >= size) return { view, did: "duplicate" };
  return { view: { ...view, logs: { ...view.logs, [step]: { attempt, size } } }, did: "applied" };
}

type Change = (before: StepView, data: JsonObject, at: string | null) => Readonly<Record<string, unknown>>;

const GONE = { token: null, host: null, devices: [], dispatched_at: null, started_at: null };
const or = (value: Json | undefined, otherwise: Json): Json => (value === undefined ? otherwise : value);

/** Facts from before names were kept say nothing of who it was. */
const answeredBy = (data: JsonObject): JsonObject | null => (typeof data.name === "string" ? { by: or(data.by, null), name: data.name } : null);

const FACTS: Readonly<Record<string, Change | undefined>> = {
  run_created: (_, data, at) => ({ state: "init", values: or(data.values, {}), created_at: at }),
  run_started: (_, _data, at) => ({ state: "running", started_at: at }),
  run_stop_requested: () => ({ stop_requested: true }),
  run_finished: (_, data, at) => ({ state: data.state, finished_at: at }),
  step_ready: (_, data, at) => ({ state: "pending", chosen: or(data.chosen, {}), ready_at: at }),
  step_waiting: (_, data, at) => ({ state: "wait_inputs", awaits: data.awaits, reason: data.reason, answered: null, waiting_at: at }),
  step_continued: (_, data) => ({ state: "init", awaits: [], reason: null, answered: answeredBy(data) }),
  step_dispatched: (_, data, at) => ({
    state: "creating",
    attempts: data.attempt,
    dispatched_at: at,
    reason: null,
    token: data.token,
    host: data.host === "" ? null : or(data.host, null),
    devices: data.devices,
  }),
  step_started: (_, _data, at) => ({ state: "running", started_at: at }),
  step_stop_requested: (_, data) => ({ state: "stopping", stop_requested: true, reason: data.reason }),
  attempt_lost: (_, data) => ({ state: "pending", lost: data.lost, reason: data.reason, ...GONE }),
  outputs_promoted: (_, data) => ({ outputs: data.outputs, floats: data.floats }),
  step_finished: (_, data, at) => ({
    state: data.state,
    finished_at: at,
    token: null,
    awaits: [],
    reason: or(data.reason, null),
    branch: or(data.branch, null),
  }),
  step_skipped: (_, data, at) => ({ state: "skipped", reason: data.reason, finished_at: at }),
  step_reused: (_, data, at) => ({
    state: "completed",
    finished_at: at,
    awaits: [],
    reason: data.reason,
    outputs: data.outputs,
    floats: data.floats,
    chosen: or(data.chosen, {}),
    reused: { run: or(data.run, null), number: or(data.number, null), attempt: or(data.attempt, null) },
  }),
  step_retried: (before, data) => ({ ...UNTOUCHED, attempts: before.attempts, edited: or(data.edited, before.edited) }),
  condition_evaluated: () => ({}),
};
export const FACT_TYPES: readonly string[] = Object.keys(FACTS);
