/** One run that is being looked at: followed once for everything on the page that shows a part of it. */

import { useCallback, useSyncExternalStore } from "react";
import { api, told } from "@/api/client";
import { keyed, type WritableKeyed } from "@/canvas/keyed";
import { stepStates, type StepShown, type WritableStepStates } from "@/canvas/slots";
import type { ShownMetrics } from "@/charts/shownMetrics";
import { RunFollower, type Following } from "@/live/follower";
import { browserTransport, type Transport } from "@/live/transport";
import type { WorkflowDocument } from "@/model/document";
import { asProblem } from "@/model/problems";
import type { RunView } from "@/model/runReducer";
import { sameShown, shownCharts, shownStep, withPrevious, type Seen } from "./overlay";
import { asQueue, type Queue } from "./words";

const QUEUE_EVERY_MS = 5_000;
const KEPT_MS = 4_000;

export class RunSession {
  readonly id: string;
  readonly follower: RunFollower;
  /** By the step's name. */
  readonly states: WritableStepStates = stepStates();
  /** By `step/output`. */
  readonly charts: WritableKeyed<ShownMetrics> = keyed<ShownMetrics>();
  private own = new Map<string, ShownMetrics>();
  private previous: ReadonlyMap<string, ShownMetrics> | null = null;
  private steps: Seen["steps"] = new Map();
  private queues: Readonly<Record<string, Queue | undefined>> = {};
  private asking: ReturnType<typeof setInterval> | null = null;
  private readonly unsubscribe: () => void;

  constructor(id: string, transport: Transport = browserTransport(id)) {
    this.id = id;
    this.follower = new RunFollower(transport);
    this.unsubscribe = this.follower.subscribe(() => {
      this.refresh();
    });
    this.follower.start();
  }

  stop(): void {
    this.unsubscribe();
    this.follower.stop();
    this.askQueue(false);
  }

  /** What the steps are: progress is counted by their arguments. */
  setDocument(document: WorkflowDocument | null): void {
    this.steps = new Map((document?.steps ?? []).map((step) => [step.name, step]));
    this.refresh();
  }

  setPrevious(previous: ReadonlyMap<string, ShownMetrics> | null): void {
    this.previous = previous;
    this.refresh();
  }

  /** Also after another language was chosen. */
  refresh(): void {
    const following = this.follower.getState();
    const { view } = following;
    if (view === null) return;
    const seen: Seen = { view, link: following.link, clockOffset: following.clockOffset, heardAt: following.heardAt, now: Date.now(), queues: this.queuesOf(view), steps: this.steps };
    const states = new Map<string, StepShown>();
    for (const [name, step] of Object.entries(view.steps)) {
      const next = shownStep(name, step, seen);
      const held = this.states.get(name);
      states.set(name, held !== undefined && sameShown(held, next) ? held : next);
    }
    this.states.replace(states);
    this.own = shownCharts(view, this.own);
    this.charts.replace(withPrevious(this.own, this.previous));
    this.askQueue(Object.values(view.steps).some((step) => step.state === "pending"));
  }

  /** Places in line change without a fact of this run: they are asked for while a step waits. */
  private queuesOf(view: RunView): Seen["queues"] {
    const known = Object.entries(view.steps).filter(([, step]) => step.state === "pending");
    return Object.fromEntries(known.map(([name, step]) => [name, this.queues[name] ?? asQueue(step.queue) ?? undefined]));
  }

  private askQueue(needed: boolean): void {
    if (needed && this.asking === null) {
      this.asking = setInterval(() => void this.readQueue(), QUEUE_EVERY_MS);
      void this.readQueue();
    } else if (!needed && this.asking !== null) {
      clearInterval(this.asking);
      this.asking = null;
      this.queues = {};
    }
  }

  private async readQueue(): Promise<void> {
    try {
      const { queue } = await told(api.GET("/api/hosts/", {}));
      const own = queue.filter((each) => each.run?.id === this.id && each.step !== null);
      this.queues = Object.fromEntries(own.map((each) => [each.step as string, { position: each.position, reason: asProblem(each.reason) }]));
      this.refresh();
    } catch {
      // The reason for waiting is a help; without it the step still says that it waits.
    }
  }
}

interface Held {
  readonly session: RunSession;
  users: number;
  ending: ReturnType<typeof setTimeout> | null;
}
const sessions = new Map<string, Held>();

/** Whoever looks at a run holds its session; it is kept for a moment longer, for who goes from one page to the next. */
function hold(id: string): () => void {
  const held = sessions.get(id) ?? { session: new RunSession(id), users: 0, ending: null };
  sessions.set(id, held);
  held.users += 1;
  if (held.ending !== null) clearTimeout(held.ending);
  held.ending = null;
  return () => {
    held.users -= 1;
    if (held.users > 0) return;
    held.ending = setTimeout(() => {
      sessions.delete(id);
      held.session.stop();
    }, KEPT_MS);
  };
}

export function useRunSession(id: string | null): RunSession | null {
  // React asks for the value again right after it has subscribed: then the session is there.
  const subscribe = useCallback(() => (id === null ? NOTHING : hold(id)), [id]);
  return useSyncExternalStore(subscribe, () => (id === null ? null : (sessions.get(id)?.session ?? null)));
}

const NOTHING = (): void => undefined;
const UNSEEN: Following = { view: null, link: "connecting", heardAt: null, via: "socket", clockOffset: 0, error: null };

/** A part of what is followed; the selector gives parts, it makes nothing new. */
export function useFollowing<Part>(session: RunSession | null, select: (following: Following) => Part): Part {
  return useSyncExternalStore(
    (listener) => session?.follower.subscribe(listener) ?? NOTHING,
    () => select(session?.follower.getState() ?? UNSEEN),
  );
}
