/** Follows one run: a snapshot, then frames by number over a socket, or by long poll where sockets do not get through.
 *
 * What it promises: every fact once and in order; a gap is healed before anything after it is folded in; and it always
 * knows how old its picture is. What is shown never runs ahead of the server and is never quietly out of date. */

import { ApiError } from "@/api/client";
import { foldFrame, putMetrics, viewOf, type Frame, type MetricsEntry, type RunView } from "@/model/runReducer";
import type { EventsPage, Transport } from "./transport";

/** `gone`: there is nothing to follow (any more); `error` says why, and why nothing could be shown yet. */
export type Link = "connecting" | "live" | "catching_up" | "stale" | "gone";

export interface Following {
  readonly view: RunView | null;
  readonly link: Link;
  /** When the server was last heard, by our clock. */
  readonly heardAt: number | null;
  readonly via: "socket" | "poll";
  /** Server's clock minus ours, in milliseconds. */
  readonly clockOffset: number;
  readonly error: ApiError | null;
}

export const TIMES = {
  /** The server pings every 15 s; after this much silence nobody is there. */
  silence: 25_000,
  /** A short break is no news. */
  grace: 2_000,
  firstRetry: 500,
  longestRetry: 15_000,
  pollWait: 20,
  /** While polling, how often a socket is tried again. */
  socketAgain: 30_000,
  socketOpening: 8_000,
};
const SOCKET_FAILURES_BEFORE_POLLING = 2;
const SIGNED_OUT = 4401;
const NOT_FOUND = 4404;

export class RunFollower {
  private state: Following = { view: null, link: "connecting", heardAt: null, via: "socket", clockOffset: 0, error: null };
  private readonly listeners = new Set<() => void>();
  private readonly transport: Transport;
  private readonly abort = new AbortController();
  /** Frames that came while a gap was being healed. */
  private waiting: Frame[] = [];
  private healing = false;
  private failures = 0;
  private socketFailures = 0;
  private newestMetrics: string | null = null;
  private readonly healingMetrics = new Set<string>();
  private closeSocket: (() => void) | null = null;
  private readonly timers = new Map<"silence" | "grace" | "retry" | "socket" | "opening", () => void>();
  private polling = false;

  constructor(transport: Transport) {
    this.transport = transport;
  }

  getState = (): Following => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  start(): void {
    void this.begin();
  }

  stop(): void {
    this.abort.abort();
    this.disconnect();
    for (const cancel of this.timers.values()) cancel();
    this.timers.clear();
    this.listeners.clear();
  }

  /** Somebody looks again (a tab comes to the front, the network is back): do not wait for the next try. */
  nudge(): void {
    if (this.state.link === "gone" || this.abort.signal.aborted || !this.timers.has("retry")) return;
    this.clear("retry");
    this.failures = 0;
    void this.begin();
  }

  private async begin(): Promise<void> {
    if (this.state.view === null && !(await this.takeSnapshot())) return;
    if (this.socketFailures >= SOCKET_FAILURES_BEFORE_POLLING) void this.poll();
    else this.connect();
  }

  private async takeSnapshot(): Promise<boolean> {
    try {
      const snapshot = await this.transport.snapshot(this.abort.signal);
      if (this.abort.signal.aborted) return false;
      for (const entry of snapshot.metrics ?? []) this.noteMetrics(entry);
      this.heard(snapshot.at);
      this.set({ view: viewOf(snapshot), error: null });
      return true;
    } catch (error) {
      this.failed(error);
      return false;
    }
  }

  private connect(): void {
    this.disconnect();
    let said = false;
    this.set({ link: this.state.link === "stale" ? "stale" : "catching_up", via: "socket" });
    const lost = (code: number) => {
      this.clear("opening");
      this.closeSocket = null;
      if (code === SIGNED_OUT || code === NOT_FOUND) {
        this.end(new ApiError(code === SIGNED_OUT ? 401 : 404, []));
        return;
      }
      // One that opens and is cut before a word is no better than one that does not open: some proxies are like that.
      this.socketFailures = said ? 0 : this.socketFailures + 1;
      this.retry();
    };
    this.closeSocket = this.transport.open(this.state.view?.seq ?? 0, this.newestMetrics, {
      opened: () => {
        this.clear("opening");
        this.heard();
        this.set({ link: this.healing ? "catching_up" : "live" });
      },
      said: (text) => {
        said = true;
        this.received(text);
      },
      closed: lost,
    });
    this.after("opening", TIMES.socketOpening, () => {
      this.disconnect();
      lost(1006);
    });
  }

  private disconnect(): void {
    this.closeSocket?.();
    this.closeSocket = null;
  }

  private received(text: string): void {
    let frame: Frame;
    try {
      frame = JSON.parse(text) as Frame;
    } catch {
      return;
    }
    this.socketFailures = 0;
    this.failures = 0;
    this.heard(frame.type === "ping" ? frame.at : undefined);
    this.take([frame]);
  }

  /** Fold frames in; at the first gap, heal it and go on with the rest afterwards. */
  private take(frames: readonly Frame[]): void {
    if (this.healing) {
      this.waiting.push(...frames);
      return;
    }
    let view = this.state.view;
    if (view === null) return;
    for (const [index, frame] of frames.entries()) {
      const { view: next, did } = foldFrame(view, frame);
      view = next;
      if (frame.type === "metrics") {
        if (did === "gap") void this.healMetrics(String(frame.step));
        else this.noteMetrics(frame as unknown as MetricsEntry);
      } else if (did === "gap") {
        this.waiting = frames.slice(index + (frame.type === "resync" || frame.type === "ping" ? 1 : 0));
        this.set({ view });
        void this.heal(frame.type === "resync");
        return;
      }
    }
    this.set({ view });
  }

  private noteMetrics({ at }: MetricsEntry): void {
    if (at !== undefined && (this.newestMetrics === null || at > this.newestMetrics)) this.newestMetrics = at;
  }

  private async heal(whole: boolean): Promise<void> {
    this.healing = true;
    this.set({ link: "catching_up" });
    try {
      if (whole) await this.heldAgain();
      else await this.fetchMissing();
      this.healing = false;
      const frames = this.waiting;
      this.waiting = [];
      // What the missing facts led up to may still be ahead of us; the frames decide.
      this.set({ link: "live" });
      this.take(frames);
    } catch (error) {
      this.healing = false;
      this.waiting = [];
      this.disconnect();
      this.failed(error);
    }
  }

  private async heldAgain(): Promise<void> {
    const snapshot = await this.transport.snapshot(this.abort.signal);
    this.heard(snapshot.at);
    this.set({ view: viewOf(snapshot) });
  }

  private async fetchMissing(): Promise<void> {
    for (let page: EventsPage | null = null; page === null || page.more; ) {
      const view = this.state.view;
      if (view === null) return;
      try {
        page = await this.transport.events(view.seq, 0, this.abort.signal);
      } catch (error) {
        // Our number is of no use to the server (it was restored from a copy): begin again.
        if (!(error instanceof ApiError && error.status === 409)) throw error;
        await this.heldAgain();
        return;
      }
      this.fold(page);
    }
  }

  private fold(page: EventsPage): void {
    let view = this.state.view;
    if (view === null) return;
    for (const frame of [...page.events, ...page.metrics]) view = foldFrame(view, frame).view;
    for (const frame of page.metrics) this.noteMetrics(frame as unknown as MetricsEntry);
    this.set({ view });
  }

  private async healMetrics(step: string): Promise<void> {
    if (this.healingMetrics.has(step)) return;
    this.healingMetrics.add(step);
    try {
      const files = await this.transport.metrics(step, this.abort.signal);
      const view = this.state.view;
      if (view !== null) this.set({ view: files.reduce(putMetrics, view) });
    } catch {
      // The next change of the file meets the same gap and asks again.
    } finally {
      this.healingMetrics.delete(step);
    }
  }

  private async poll(): Promise<void> {
    if (this.polling) return;
    this.polling = true;
    this.set({ via: "poll", link: this.state.link === "stale" ? "stale" : "catching_up" });
    this.after("socket", TIMES.socketAgain, () => {
      this.socketFailures = SOCKET_FAILURES_BEFORE_POLLING - 1;
    });
    try {
      for (let wait = 0; this.state.link !== "gone" && this.socketFailures >= SOCKET_FAILURES_BEFORE_POLLING; wait = TIMES.pollWait) {
        const asked = this.transport.now();
        const page = await this.transport.events(this.state.view?.seq ?? 0, wait, this.abort.signal);
        this.failures = 0;
        this.heard();
        this.fold(page);
        this.set({ link: page.more ? "catching_up" : "live" });
        if (page.more) wait = 0;
        // A run that is over answers at once: ask now and then, somebody may retry a step.
        else if (page.events.length === 0) await this.pause(this.transport.now() - asked < 1_000 ? 1_000 : 100);
      }
      this.polling = false;
      if (this.state.link !== "gone") this.connect();
    } catch (error) {
      this.polling = false;
      if (error instanceof ApiError && error.status === 409) this.state = { ...this.state, view: null };
      this.failed(error);
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.transport.later(resolve, ms);
    });
  }

  private failed(error: unknown): void {
    if (this.abort.signal.aborted) return;
    if (error instanceof ApiError && [401, 403, 404].includes(error.status)) {
      this.end(error);
      return;
    }
    if (error instanceof ApiError && this.state.view === null) this.set({ error });
    this.retry();
  }

  private end(error: ApiError): void {
    this.disconnect();
    for (const name of [...this.timers.keys()]) this.clear(name);
    this.set({ link: "gone", error });
  }

  /** Again after a while: longer each time, and never for all browsers at the same moment. */
  private retry(): void {
    if (this.abort.signal.aborted) return;
    this.clear("silence");
    if (!this.timers.has("grace") && this.state.link !== "stale") {
      if (this.state.link === "live") this.set({ link: "catching_up" });
      this.after("grace", TIMES.grace, () => {
        this.set({ link: "stale" });
      });
    }
    const longest = Math.min(TIMES.longestRetry, TIMES.firstRetry * 2 ** this.failures);
    this.failures += 1;
    this.after("retry", longest * (0.5 + this.transport.random() / 2), () => {
      void this.begin();
    });
  }

  private heard(serverTime?: string): void {
    const now = this.transport.now();
    this.clear("grace");
    this.after("silence", TIMES.silence, () => {
      this.disconnect();
      this.set({ link: "stale" });
      this.retry();
    });
    const offset = serverTime === undefined ? this.state.clockOffset : Date.parse(serverTime) - now;
    this.set({ heardAt: now, clockOffset: Number.isFinite(offset) ? offset : this.state.clockOffset });
    if (this.state.link === "stale" && !this.healing && this.closeSocket !== null) this.set({ link: "live" });
  }

  private after(name: "silence" | "grace" | "retry" | "socket" | "opening", ms: number, run: () => void): void {
    this.clear(name);
    this.timers.set(
      name,
      this.transport.later(() => {
        this.timers.delete(name);
        run();
      }, ms),
    );
  }

  private clear(name: "silence" | "grace" | "retry" | "socket" | "opening"): void {
    this.timers.get(name)?.();
    this.timers.delete(name);
  }

  private set(changes: Partial<Following>): void {
    if (this.abort.signal.aborted) return;
    const before = this.state;
    this.state = { ...before, ...changes };
    if ((Object.keys(changes) as (keyof Following)[]).every((key) => before[key] === this.state[key])) return;
    for (const listener of this.listeners) listener();
  }
}
