/** Follows one person's notifications: a socket, or long poll where sockets do not get through. It keeps nothing but the
 * number it has; what it hears, it tells, and whoever shows a list asks the server for it again. */

import { api, told } from "@/api/client";
import type { Notification } from "./queries";

export interface InboxNews {
  /** What changed, as it is now; empty when only the list as a whole is out of date. */
  readonly changed: readonly Notification[];
  readonly waits: boolean;
}

export interface InboxTransport {
  changes(after: number, waitSeconds: number, signal: AbortSignal): Promise<{ readonly items: readonly Notification[]; readonly seq: number; readonly waits: number }>;
  open(after: number, handlers: { readonly opened: () => void; readonly said: (text: string) => void; readonly closed: (code: number) => void }): () => void;
  later(run: () => void, ms: number): () => void;
  random(): number;
}

export const INBOX_TIMES = { silence: 25_000, firstRetry: 500, longestRetry: 15_000, pollWait: 20, socketAgain: 30_000 };
const SOCKET_FAILURES_BEFORE_POLLING = 2;
const SIGNED_OUT = 4401;

export class InboxFollower {
  private readonly transport: InboxTransport;
  private readonly tell: (news: InboxNews) => void;
  private readonly abort = new AbortController();
  private seq: number;
  private waits: number | null = null;
  private failures = 0;
  private socketFailures = 0;
  private close: (() => void) | null = null;
  private cancelRetry: (() => void) | null = null;
  private cancelSilence: (() => void) | null = null;

  constructor(transport: InboxTransport, seq: number, tell: (news: InboxNews) => void) {
    this.transport = transport;
    this.seq = seq;
    this.tell = tell;
  }

  start(): void {
    if (this.socketFailures >= SOCKET_FAILURES_BEFORE_POLLING) void this.poll();
    else this.connect();
  }

  stop(): void {
    this.abort.abort();
    this.disconnect();
    this.cancelRetry?.();
  }

  /** Somebody looks again: do not wait for the next try. */
  nudge(): void {
    if (this.cancelRetry === null || this.abort.signal.aborted) return;
    this.cancelRetry();
    this.cancelRetry = null;
    this.failures = 0;
    this.start();
  }

  private connect(): void {
    this.disconnect();
    let opened = false;
    this.listen();
    this.close = this.transport.open(this.seq, {
      opened: () => {
        opened = true;
        this.failures = 0;
      },
      said: (text) => {
        this.listen();
        this.received(text);
      },
      closed: (code) => {
        this.disconnect();
        if (code === SIGNED_OUT) return;
        this.socketFailures = opened ? 0 : this.socketFailures + 1;
        this.retry();
      },
    });
  }

  /** The server pings; after this much silence nobody is there. */
  private listen(): void {
    this.cancelSilence?.();
    this.cancelSilence = this.transport.later(() => {
      this.disconnect();
      this.socketFailures += 1;
      this.retry();
    }, INBOX_TIMES.silence);
  }

  private disconnect(): void {
    this.cancelSilence?.();
    this.cancelSilence = null;
    this.close?.();
    this.close = null;
  }

  private received(text: string): void {
    const frame = JSON.parse(text) as { readonly type: string; readonly seq?: number; readonly count?: number; readonly notification?: Notification };
    if (frame.type === "notification" && frame.notification !== undefined) {
      this.seq = Math.max(this.seq, frame.notification.seq);
      this.tell({ changed: [frame.notification], waits: false });
    } else if (frame.type === "resync") {
      this.seq = frame.seq ?? 0;
      this.tell({ changed: [], waits: false });
    } else if (frame.type === "todo") {
      this.tell({ changed: [], waits: true });
    }
  }

  private async poll(): Promise<void> {
    this.cancelRetry = null;
    const until = Date.now() + INBOX_TIMES.socketAgain;
    try {
      while (!this.abort.signal.aborted && Date.now() < until) {
        const found = await this.transport.changes(this.seq, INBOX_TIMES.pollWait, this.abort.signal);
        const waits = this.waits !== null && this.waits !== found.waits;
        this.waits = found.waits;
        this.failures = 0;
        if (found.items.length > 0 || waits) this.tell({ changed: found.items, waits });
        this.seq = Math.max(this.seq, found.seq);
      }
    } catch {
      this.failures += 1;
    }
    if (this.abort.signal.aborted) return;
    // From time to time a socket is tried again; one more failure leads back here.
    this.socketFailures = SOCKET_FAILURES_BEFORE_POLLING - 1;
    this.retry();
  }

  private retry(): void {
    if (this.abort.signal.aborted) return;
    const wait = Math.min(INBOX_TIMES.longestRetry, INBOX_TIMES.firstRetry * 2 ** this.failures) * (0.5 + this.transport.random() / 2);
    this.failures += 1;
    this.cancelRetry?.();
    this.cancelRetry = this.transport.later(() => {
      this.cancelRetry = null;
      this.start();
    }, wait);
  }
}

export const browserInbox: InboxTransport = {
  changes: (after, wait, signal) => told(api.GET("/api/notifications/changes/", { params: { query: { after, wait } }, signal })),
  open(after, handlers) {
    const url = new URL("/ws/me/", location.href.replace(/^http/, "ws"));
    url.searchParams.set("after", String(after));
    const socket = new WebSocket(url);
    socket.onopen = handlers.opened;
    socket.onmessage = (message: MessageEvent<unknown>) => {
      handlers.said(String(message.data));
    };
    socket.onclose = (event) => {
      handlers.closed(event.code);
    };
    return () => {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    };
  },
  later(run, ms) {
    const timer = setTimeout(run, ms);
    return () => {
      clearTimeout(timer);
    };
  },
  random: () => Math.random(),
};
