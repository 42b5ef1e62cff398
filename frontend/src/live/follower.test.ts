import { beforeEach, expect, test, vi } from "vitest";
import { ApiError } from "@/api/client";
import type { Frame, MetricsEntry, Snapshot } from "@/model/runReducer";
import { RunFollower, TIMES } from "./follower";
import type { EventsPage, SocketHandlers, Transport } from "./transport";

const AT = "2026-01-01T00:00:00+00:00";
const fact = (seq: number): Frame =>
  seq === 1
    ? { type: "run_created", seq, at: AT, step: null, data: { values: {} } }
    : seq === 2
      ? { type: "run_started", seq, at: AT, step: null, data: {} }
      : { type: "step_continued", seq, at: AT, step: "a", data: { values: { [`v${String(seq)}`]: seq } } };

/** A server with a log, whose sockets and answers a test scripts. */
class FakeServer implements Transport {
  log: Frame[] = [fact(1), fact(2)];
  sockets: { after: number; handlers: SocketHandlers; closed: boolean }[] = [];
  asked: string[] = [];
  down: ApiError | null = null;
  refuseSockets = false;
  /** They open, and are cut before anything was said. */
  cutSockets = false;
  files: MetricsEntry[] = [];
  private timers: { at: number; run: () => void }[] = [];
  private time = 0;

  snapshot(): Promise<Snapshot & { at?: string }> {
    this.asked.push("snapshot");
    if (this.down) return Promise.reject(this.down);
    const run = { id: "r", state: "running" as const, stop_requested: false, values: {} };
    const values = Object.assign({}, ...this.log.map((frame) => (frame.data as { values?: object }).values ?? {})) as Record<string, number>;
    return Promise.resolve({ run: { ...run, values }, seq: this.log.length, steps: {}, metrics: this.files, at: AT });
  }
  events(after: number, wait: number): Promise<EventsPage> {
    this.asked.push(`events ${String(after)} ${String(wait)}`);
    if (this.down) return Promise.reject(this.down);
    if (wait > 0 && after >= this.log.length) return new Promise(() => undefined);
    const events = this.log.slice(after, after + 2);
    return Promise.resolve({ events, seq: after + events.length, more: after + 2 < this.log.length, metrics: [] });
  }
  metrics(): Promise<readonly MetricsEntry[]> {
    this.asked.push("metrics");
    return Promise.resolve(this.files);
  }
  open(after: number, _since: string | null, handlers: SocketHandlers): () => void {
    const socket = { after, handlers, closed: false };
    this.sockets.push(socket);
    if (this.cutSockets) this.later(() => { handlers.opened(); this.later(() => { handlers.closed(1006); }, 1); }, 1);
    if (this.refuseSockets) this.later(() => { handlers.closed(1006); }, 1);
    return () => { socket.closed = true; };
  }
  now = () => this.time;
  later(run: () => void, ms: number): () => void {
    const timer = { at: this.time + ms, run };
    this.timers.push(timer);
    return () => { this.timers = this.timers.filter((each) => each !== timer); };
  }
  random = () => 1;

  get socket() { return this.sockets.at(-1) as (typeof this.sockets)[number]; }
  send(...frames: Frame[]) { for (const frame of frames) this.socket.handlers.said(JSON.stringify(frame)); }
  async pass(ms: number) {
    const until = this.time + ms;
    for (;;) {
      await vi.waitFor(() => Promise.resolve());
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      const next = this.timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.timers = this.timers.filter((timer) => timer !== next);
      this.time = next.at;
      next.run();
    }
    this.time = until;
  }
}

let server: FakeServer;
let follower: RunFollower;
const state = () => follower.getState();
async function live() {
  follower.start();
  await server.pass(0);
  server.socket.handlers.opened();
}

beforeEach(() => {
  server = new FakeServer();
  follower = new RunFollower(server);
});

test("it takes a snapshot and follows from its number on", async () => {
  await live();
  expect(server.socket.after).toBe(2);
  expect(state()).toMatchObject({ link: "live", via: "socket" });
  server.send(fact(3));
  expect(state().view).toMatchObject({ seq: 3, run: { values: { v3: 3 } } });
});

test("it says why nothing can be shown, and shows it when the server is there again", async () => {
  server.down = new ApiError(500, []);
  follower.start();
  await server.pass(TIMES.grace);
  expect(state()).toMatchObject({ view: null, link: "stale", error: { status: 500 } });
  server.down = null;
  await server.pass(TIMES.longestRetry);
  expect(state()).toMatchObject({ view: { seq: 2 }, error: null });
});

test("it heals a gap before it goes on, keeps what came meanwhile, and asks once", async () => {
  await live();
  server.log = [1, 2, 3, 4, 5, 6, 7].map(fact);
  server.send(fact(6), fact(7));
  expect(state().link).toBe("catching_up");
  expect(state().view?.seq).toBe(2);
  await server.pass(0);
  expect(state()).toMatchObject({ link: "live", view: { seq: 7, run: { values: { v3: 3, v4: 4, v5: 5, v6: 6, v7: 7 } } } });
  expect(server.asked.filter((each) => each.startsWith("events"))).toEqual(["events 2 0", "events 4 0", "events 6 0"]);
});

test("it notices by a ping that it missed something", async () => {
  await live();
  server.log.push(fact(3));
  server.send({ type: "ping", seq: 3, at: AT });
  await server.pass(0);
  expect(state()).toMatchObject({ link: "live", view: { seq: 3 } });
});

test("it begins anew when told to, and when its number is beyond the server's", async () => {
  await live();
  server.log.push(fact(3), fact(4));
  server.send({ type: "resync", seq: 4 });
  await server.pass(0);
  expect(state().view?.seq).toBe(4);
  expect(server.asked.filter((each) => each === "snapshot")).toHaveLength(2);
});

test("it heals one metrics file by itself and does not stop for it", async () => {
  await live();
  const file = { step: "a", attempt: "1", output: "m", path: "p" };
  const item = { key: "k", title: "", type: "float" as const, data: { value: 5 } };
  server.files = [{ ...file, rev: 5, value: [item] }];
  server.send({ type: "metrics", ...file, rev: 5, delta: { ops: [] } }, fact(3));
  expect(state().view?.seq).toBe(3);
  await server.pass(0);
  expect(Object.values(state().view?.metrics ?? {})).toMatchObject([{ rev: 5, items: [item] }]);
});

test("it comes back after a loss, from where it was, and a short break is no news", async () => {
  await live();
  server.log.push(fact(3));
  server.send(fact(3));
  server.socket.handlers.closed(1006);
  expect(state().link).toBe("catching_up");
  await server.pass(TIMES.firstRetry);
  server.socket.handlers.opened();
  expect(server.socket.after).toBe(3);
  expect(state().link).toBe("live");
  await server.pass(TIMES.grace);
  expect(state().link).toBe("live");
});

test("it says that it is stale, since when, and waits longer each time", async () => {
  await live();
  server.refuseSockets = true;
  server.down = new ApiError(0, []);
  server.socket.handlers.closed(1006);
  await server.pass(TIMES.grace);
  expect(state()).toMatchObject({ link: "stale", heardAt: 0 });
  await server.pass(60_000);
  const tries = server.asked.length + server.sockets.length;
  await server.pass(60_000);
  expect(server.asked.length + server.sockets.length - tries).toBeLessThanOrEqual(5);
  expect(state().link).toBe("stale");
});

test("it takes silence for a loss", async () => {
  await live();
  const { socket } = server;
  await server.pass(TIMES.silence);
  expect(socket.closed).toBe(true);
  expect(state().link).toBe("stale");
});

test("it falls back to long polls where sockets do not get through, and tries a socket again", async () => {
  server.refuseSockets = true;
  follower.start();
  await server.pass(5_000);
  expect(state()).toMatchObject({ via: "poll", link: "live" });
  expect(server.asked).toContain(`events 2 ${String(TIMES.pollWait)}`);
  const before = server.sockets.length;
  expect(before).toBe(2);
});

test("it falls back to long polls where sockets open and are cut before a word", async () => {
  server.cutSockets = true;
  follower.start();
  await server.pass(5_000);
  expect(state()).toMatchObject({ via: "poll", link: "live" });
  expect(server.sockets).toHaveLength(2);
});

test("it ends where there is nothing to follow", async () => {
  server.down = new ApiError(404, []);
  follower.start();
  await server.pass(60_000);
  expect(state()).toMatchObject({ link: "gone", error: { status: 404 } });
  expect(server.asked).toEqual(["snapshot"]);
});

test("it ends when the person is signed out while it listens", async () => {
  await live();
  server.socket.handlers.closed(4401);
  await server.pass(60_000);
  expect(state()).toMatchObject({ link: "gone", error: { status: 401 } });
  expect(server.sockets).toHaveLength(1);
});

test("it says nothing more once stopped", async () => {
  await live();
  const listener = vi.fn();
  follower.subscribe(listener);
  follower.stop();
  server.send(fact(3));
  await server.pass(120_000);
  expect(listener).not.toHaveBeenCalled();
  expect(server.socket.closed).toBe(true);
});
