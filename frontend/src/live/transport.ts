/** What the follower of a run needs from the world: three questions, a socket, a clock, chance. Tests script it. */

import { api, told } from "@/api/client";
import type { Frame, MetricsEntry, Snapshot } from "@/model/runReducer";

export interface EventsPage {
  readonly events: readonly Frame[];
  readonly seq: number;
  readonly more: boolean;
  readonly metrics: readonly Frame[];
}

export interface SocketHandlers {
  readonly opened: () => void;
  readonly said: (text: string) => void;
  /** The close code: 4401 signed out, 4404 no such run; anything else may be tried again. */
  readonly closed: (code: number) => void;
}

export interface Transport {
  snapshot(signal: AbortSignal): Promise<Snapshot & { readonly at?: string }>;
  events(after: number, waitSeconds: number, signal: AbortSignal): Promise<EventsPage>;
  metrics(step: string, signal: AbortSignal): Promise<readonly MetricsEntry[]>;
  /** Returns what closes it. */
  open(after: number, since: string | null, handlers: SocketHandlers): () => void;
  now(): number;
  /** Returns what cancels it. */
  later(run: () => void, ms: number): () => void;
  random(): number;
}

export function browserTransport(id: string): Transport {
  const path = { id };
  return {
    snapshot: async (signal) =>
      (await told(api.GET("/api/runs/{id}/snapshot/", { params: { path }, signal }))) as unknown as Snapshot & { at?: string },
    events: async (after, wait, signal) =>
      (await told(api.GET("/api/runs/{id}/events/", { params: { path, query: { after, wait } }, signal }))) as unknown as EventsPage,
    metrics: async (name, signal) => {
      const found = await told(api.GET("/api/runs/{id}/steps/{name}/metrics/", { params: { path: { id, name } }, signal }));
      return found.items as unknown as MetricsEntry[];
    },
    open(after, since, handlers) {
      const url = new URL(`/ws/runs/${id}/`, location.href.replace(/^http/, "ws"));
      url.searchParams.set("after", String(after));
      if (since !== null) url.searchParams.set("since", since);
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
    now: () => Date.now(),
    later(run, ms) {
      const timer = setTimeout(run, ms);
      return () => {
        clearTimeout(timer);
      };
    },
    random: () => Math.random(),
  };
}
