import { expect, test } from "vitest";
import { golden, goldenNames } from "@testing/golden";
import { emptyView, foldFrame, metricsOf, putMetrics, UNTOUCHED, viewOf, type Frame, type RunView, type Snapshot } from "./runReducer";

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, "0")}Z`;
const fact = (seq: number, type: string, step: string | null, data: Frame["data"] = {}): Frame => ({ type, run: "r", seq, at: at(seq), step, data });
const LOG: Frame[] = [
  fact(1, "run_created", null, { run: "r", values: { epochs: 3 } }),
  fact(2, "run_started", null),
  fact(3, "step_waiting", "train", { awaits: ["rate"], reason: { code: "run.awaits_values" } }),
  fact(4, "step_continued", "train", { values: { rate: 0.1 } }),
  fact(5, "step_ready", "train", { chosen: {} }),
  fact(6, "step_dispatched", "train", { token: "t1", attempt: 1, host: "h", devices: ["g0"] }),
  fact(7, "step_started", "train", { token: "t1", host: "h" }),
  fact(8, "attempt_lost", "train", { token: "t1", reason: { code: "run.attempt_lost" }, lost: 1 }),
  fact(9, "step_dispatched", "train", { token: "t2", attempt: 2, host: "h", devices: [] }),
  fact(10, "step_started", "train", { token: "t2", host: "h" }),
  fact(11, "outputs_promoted", "train", { token: "t2", outputs: { model: {} }, floats: { metrics: { loss: 1 } }, files: 1 }),
  fact(12, "step_finished", "train", { state: "failed", reason: { code: "step.exit_code" }, token: "t2", attempt: "failed" }),
  fact(13, "step_skipped", "after", { reason: { code: "run.parents_skipped" } }),
  fact(14, "run_finished", null, { state: "abnormal" }),
  fact(15, "step_retried", "train", { values: { rate: 0.2 } }),
];
const folded = (view: RunView, frames: readonly Frame[]): RunView => frames.reduce((current, frame) => foldFrame(current, frame).view, view);

test("it comes to the same state from any snapshot on, whatever is sent twice", () => {
  const end = folded(emptyView("r"), LOG);
  expect(end.run).toMatchObject({ state: "running", values: { epochs: 3, rate: 0.2 }, finished_at: null });
  expect(end.steps.train).toMatchObject({ state: "init", attempts: 2, reason: null, outputs: {} });
  LOG.forEach((_, cut) => {
    const middle = folded(emptyView("r"), LOG.slice(0, cut));
    const snapshot = JSON.parse(JSON.stringify({ ...middle, metrics: [] })) as Parameters<typeof viewOf>[0];
    expect(folded(viewOf(snapshot), LOG.slice(Math.max(0, cut - 3)))).toEqual(end);
  });
});

test("it never changes what it got, and changes nothing at a gap or a repetition", () => {
  const view = folded(emptyView("r"), LOG.slice(0, 5));
  expect(foldFrame(view, LOG[6] as Frame)).toEqual({ view, did: "gap" });
  expect(foldFrame(view, LOG[4] as Frame)).toEqual({ view, did: "duplicate" });
  expect(foldFrame(view, { type: "resync", seq: 9 }).did).toBe("gap");
  expect(foldFrame(view, { type: "ping", seq: 5 }).did).toBe("ignored");
  expect(foldFrame(view, { type: "ping", seq: 6 }).did).toBe("gap");
  expect(foldFrame(view, { type: "tomorrow's" }).did).toBe("ignored");
  const before = structuredClone(view);
  foldFrame(view, LOG[5] as Frame);
  expect(view).toEqual(before);
});

const file = { step: "train", attempt: 1, output: "metrics", path: "m.json" };
const item = (value: number) => ({ key: "loss", title: "", type: "float" as const, data: { value } });
const change = (value: number) => ({ ops: [{ op: "set", item: item(value) }] });

test("it counts the revisions of each metrics file by itself", () => {
  let view = folded(emptyView("r"), [{ type: "metrics", ...file, rev: 1, value: [item(3)] }, { type: "metrics", ...file, rev: 2, delta: change(2) }]);
  expect(metricsOf(view, "train")[0]?.items).toEqual([item(2)]);
  expect(foldFrame(view, { type: "metrics", ...file, rev: 4, delta: change(0) }).did).toBe("gap");
  expect(foldFrame(view, { type: "metrics", ...file, rev: 2, delta: change(9) }).did).toBe("duplicate");
  expect(foldFrame(view, { type: "metrics", ...file, rev: 3, delta: { ops: [{ op: "remove", key: "no" }] } }).did).toBe("gap");
  view = putMetrics(view, { ...file, rev: 4, value: [item(0)], problem: null });
  expect(putMetrics(view, { ...file, rev: 3, value: [], problem: null })).toBe(view);
  view = folded(view, [{ type: "metrics", ...file, attempt: 2, rev: 1, value: [item(7)] }]);
  expect(metricsOf(view, "train").map((each) => each.items)).toEqual([[item(7)]]);
});

test("it keeps the last good value when the file cannot be read, with the reason", () => {
  const view = folded(emptyView("r"), [{ type: "metrics", ...file, rev: 1, value: [item(3)] }, { type: "metrics", ...file, rev: 2, problem: { code: "json.torn" } }]);
  expect(metricsOf(view, "train")[0]).toMatchObject({ rev: 2, items: [item(3)], problem: { code: "json.torn" } });
});

test("it lets logs only grow, and start anew with another attempt", () => {
  const grew = (attempt: number, size: number) => ({ type: "log_grew", step: "train", attempt, size });
  const view = folded(emptyView("r"), [grew(1, 10), grew(1, 5)]);
  expect(view.logs.train).toEqual({ attempt: "1", size: 10 });
  expect(foldFrame(view, grew(2, 1)).view.logs.train).toEqual({ attempt: "2", size: 1 });
});

interface GoldenRun {
  readonly events: readonly Frame[];
  readonly snapshot: { readonly seq: number; readonly fields: Record<string, unknown>; readonly steps: Record<string, object> };
}

test.each(goldenNames("runs"))("it folds the golden run %s to the state that Python folds it to, from every cut", (name) => {
  const { events, snapshot } = golden<GoldenRun>(`runs/${name}`);
  const frames = events.map((event, index) => ({ ...event, run: "r", seq: index + 1 }));
  const end = folded(emptyView("r"), frames);
  expect(end.seq).toBe(snapshot.seq);
  expect({ ...emptyView("r").run, ...end.run }).toEqual({ id: "r", ...snapshot.fields });
  const wanted = Object.fromEntries(Object.entries(snapshot.steps).map(([step, fields]) => [step, { ...UNTOUCHED, ...fields }]));
  const untouched = Object.fromEntries(Object.keys(wanted).map((step) => [step, UNTOUCHED]));
  expect({ ...untouched, ...end.steps }).toEqual(wanted);
  for (let cut = 0; cut <= frames.length; cut += 1) {
    const snapshotAtCut = JSON.parse(JSON.stringify({ ...folded(emptyView("r"), frames.slice(0, cut)), metrics: [] })) as Snapshot;
    expect(folded(viewOf(snapshotAtCut), frames.slice(Math.max(0, cut - 2)))).toEqual(end);
  }
});
