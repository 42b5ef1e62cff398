import { afterEach, expect, test, vi } from "vitest";
import { ApiError } from "@/api/client";
import type { EventsPage, SocketHandlers, Transport } from "@/live/transport";
import type { WorkflowDocument } from "@/model/document";
import type { MetricItem } from "@/model/metricsDelta";
import { viewOf, type Frame, type MetricsEntry, type Snapshot } from "@/model/runReducer";
import { asPrevious } from "./overlay";
import { RunSession } from "./session";

const AT = "2026-01-01T00:00:00Z";
const AT_MS = Date.parse(AT);
const later = (seconds: number) => new Date(AT_MS + seconds * 1_000).toISOString();

/** A server whose one run a test writes. The server's clock is an hour ahead of this page's. */
class FakeServer implements Transport {
  steps: Snapshot["steps"] = { train: {}, after: {} };
  files: MetricsEntry[] = [];
  log: Frame[] = [];
  down = false;
  handlers: SocketHandlers | null = null;
  time = AT_MS - 3_600_000;
  private timers: { at: number; run: () => void }[] = [];

  snapshot(): Promise<Snapshot & { at?: string }> {
    if (this.down) return Promise.reject(new ApiError(0, []));
    const run = { id: "r", state: "running" as const, stop_requested: false, values: { epochs: 4 }, started_at: AT };
    return Promise.resolve({ run, seq: this.log.length, steps: this.steps, metrics: this.files, logs: {}, at: new Date(this.time + 3_600_000).toISOString() });
  }
  events(after: number): Promise<EventsPage> {
    if (this.down) return Promise.reject(new ApiError(0, []));
    return Promise.resolve({ events: this.log.slice(after), seq: this.log.length, more: false, metrics: [] });
  }
  metrics = () => Promise.resolve(this.files);
  open(_after: number, _since: string | null, handlers: SocketHandlers) {
    this.handlers = handlers;
    return () => undefined;
  }
  now = () => this.time;
  later(run: () => void, ms: number) {
    const timer = { at: this.time + ms, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((each) => each !== timer);
    };
  }
  random = () => 1;

  fact(type: string, step: string | null, data: Frame["data"] = {}, at = AT): void {
    this.log.push({ type, seq: this.log.length + 1, step, data, at });
    this.send(this.log.at(-1) as Frame);
  }
  send(frame: object): void {
    this.handlers?.said(JSON.stringify(frame));
  }
  async pass(ms: number): Promise<void> {
    const until = this.time + ms;
    for (;;) {
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      const [next] = this.timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.time = Math.max(this.time, next.at);
      next.run();
    }
    this.time = until;
  }
}

const curve = (...epochs: number[]): MetricItem => ({ key: "loss", title: "loss", type: "line chart", data: { x_axis: [{ title: "epoch", value: epochs }], y_axis: [{ title: "loss", value: epochs.map((epoch) => 1 / epoch) }] } });
const about = { type: "metrics", step: "train", attempt: "t1", output: "metrics", path: "/m.json" };
const document: WorkflowDocument = {
  schema: 1,
  name: "x",
  steps: [
    { id: "s1", name: "train", kind: "job", properties: { algorithm: { parameters: [{ name: "epochs", value: { $parameter: "epochs" } }] } }, outputs: [{ name: "metrics", type: "metrics" }] },
    { id: "s2", name: "after", kind: "job" },
  ],
};

async function opened(server = new FakeServer()) {
  vi.spyOn(Date, "now").mockImplementation(() => server.time);
  const session = new RunSession("r", server);
  session.setDocument(document);
  await server.pass(0);
  server.handlers?.opened();
  return { server, session };
}

afterEach(() => {
  vi.restoreAllMocks();
});

test("a step's entry changes with the step, and no other entry with it", async () => {
  const { server, session } = await opened();
  const told = { train: vi.fn(), after: vi.fn() };
  session.states.subscribe("train", told.train);
  session.states.subscribe("after", told.after);
  server.fact("step_dispatched", "train", { token: "t1", attempt: 1, host: "h", devices: [] });
  server.fact("step_started", "train", { token: "t1" }, later(1));
  expect(session.states.get("train")).toMatchObject({ state: "running", reason: null, stale: false });
  expect(told.train).toHaveBeenCalledTimes(2);
  expect(told.after).not.toHaveBeenCalled();
  // Started on the server's clock, counted on ours.
  expect(session.states.get("train")?.since).toBe(AT_MS - 3_600_000 + 1_000);
});

test("points come to the chart one change at a time, and the bar follows the epochs", async () => {
  const { server, session } = await opened();
  server.fact("step_dispatched", "train", { token: "t1", attempt: 1, host: "h", devices: [] });
  server.fact("step_started", "train", { token: "t1" });
  server.send({ ...about, rev: 1, value: [curve(1)] });
  expect(session.states.get("train")?.progress).toBe(0.25);
  const first = session.charts.get("train/metrics");
  server.send({ ...about, rev: 2, delta: { ops: [{ op: "splice", key: "loss", x: [{ at: 1, value: [2] }], y: [{ at: 1, value: [0.5] }] }] } });
  expect(session.charts.get("train/metrics")).toMatchObject({ items: [curve(1, 2)], rev: 2, problem: null, source: { kind: "now" } });
  expect(session.states.get("train")?.progress).toBe(0.5);
  expect(first?.items).toEqual([curve(1)]);
  const drawn = session.charts.get("train/metrics");
  server.fact("step_waiting", "after", { awaits: ["x"], reason: { code: "run.awaits_values", message: "Waits for x." } });
  expect(session.charts.get("train/metrics")).toBe(drawn);
  expect(session.states.get("after")).toMatchObject({ state: "wait_inputs", reason: "Waits for x." });
});

test("a broken file says so and keeps the last good values", async () => {
  const { server, session } = await opened();
  server.send({ ...about, rev: 1, value: [curve(1)] });
  server.send({ ...about, rev: 2, delta: null, problem: { code: "json.torn", path: "", params: {}, message: "Torn.", hint: "" } });
  expect(session.charts.get("train/metrics")).toMatchObject({ items: [curve(1)], rev: 2, problem: { code: "json.torn" } });
  server.send({ ...about, rev: 3, delta: { ops: [] }, problem: null });
  expect(session.charts.get("train/metrics")?.problem).toBeNull();
});

test("an earlier run's charts stand there until this one has its own, and say whose they are", async () => {
  const { server, session } = await opened();
  const before = asPrevious(viewOf({ run: { id: "q", state: "completed", stop_requested: false, values: {} }, seq: 1, steps: { train: {} }, metrics: [{ ...about, attempt: "t0", rev: 3, value: [curve(1, 2, 3)] }] }), 7);
  session.setPrevious(before);
  expect(session.charts.get("train/metrics")).toMatchObject({ items: [curve(1, 2, 3)], source: { kind: "run", number: 7 } });
  server.send({ ...about, rev: 1, value: [curve(1)] });
  expect(session.charts.get("train/metrics")).toMatchObject({ items: [curve(1)], source: { kind: "now" } });
});

test("a retried step shows the attempt before until it writes itself", async () => {
  const { server, session } = await opened();
  server.fact("step_dispatched", "train", { token: "t1", attempt: 1, host: "h", devices: [] });
  server.send({ ...about, rev: 1, value: [curve(1, 2)] });
  server.fact("step_finished", "train", { state: "failed", reason: { code: "step.exit_code", message: "It broke." } });
  expect(session.states.get("train")).toMatchObject({ state: "failed", reason: "It broke." });
  server.fact("step_retried", "train", {});
  server.fact("step_dispatched", "train", { token: "t2", attempt: 2, host: "h", devices: [] });
  expect(session.charts.get("train/metrics")).toMatchObject({ items: [curve(1, 2)], source: { kind: "attempt" } });
  server.send({ ...about, attempt: "t2", rev: 1, value: [curve(1)] });
  expect(session.charts.get("train/metrics")).toMatchObject({ items: [curve(1)], source: { kind: "now" } });
});

test("without a connection the clocks stand and everything says that it is old; what was missed comes afterwards", async () => {
  const { server, session } = await opened();
  server.fact("step_dispatched", "train", { token: "t1", attempt: 1, host: "h", devices: [] });
  server.fact("step_started", "train", { token: "t1" });
  await server.pass(5_000);
  server.send({ type: "ping", seq: server.log.length, at: later(5) });
  server.down = true;
  const { handlers } = server;
  server.handlers = null;
  handlers?.closed(1006);
  await server.pass(10_000);
  expect(session.follower.getState().link).toBe("stale");
  expect(session.states.get("train")).toMatchObject({ stale: true, seconds: 5 });
  server.log.push({ type: "step_finished", seq: server.log.length + 1, step: "train", data: { state: "completed" }, at: later(9) });
  server.down = false;
  await server.pass(60_000);
  (server.handlers as SocketHandlers | null)?.opened();
  server.send({ type: "ping", seq: server.log.length, at: later(75) });
  await server.pass(0);
  expect(session.states.get("train")).toMatchObject({ state: "completed", stale: false, seconds: 9 });
  expect(session.states.get("after")?.stale).toBe(false);
});
