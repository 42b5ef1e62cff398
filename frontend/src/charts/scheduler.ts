/** When charts are drawn: one place for all of them, so that many charts at once never cost the page its frames.
 *
 * A chart that has news asks to be drawn. It is drawn in one of the next frames, but at most five times a second; those
 * that are seen come first, and those that are not wait until they are; a frame gives charts a few milliseconds, then
 * the others wait for the next one. While the canvas is moved, and while the tab is hidden, nothing is drawn at all.
 * However often news comes, the newest is what is drawn. */

export interface Drawable {
  /** Draws what is newest; over when it is on the screen. */
  readonly draw: () => Promise<unknown> | undefined;
  readonly isSeen: () => boolean;
}

export interface Clock {
  readonly now: () => number;
  /** Calls back before the next frame. Returns what cancels it. */
  readonly frame: (run: () => void) => () => void;
  /** Returns what cancels it. */
  readonly later: (run: () => void, ms: number) => () => void;
}

export const CAP_MS = 200;
export const BUDGET_MS = 8;

interface Held {
  readonly chart: Drawable;
  dirty: boolean;
  drawing: boolean;
  last: number;
}

export class ChartScheduler {
  private readonly charts = new Set<Held>();
  private readonly pauses = new Set<string>();
  private readonly clock: Clock;
  private planned: { readonly at: number; readonly cancel: () => void } | null = null;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Returns what asks for a drawing, and what takes the chart out. */
  add(chart: Drawable): { readonly ask: () => void; readonly remove: () => void } {
    const held: Held = { chart, dirty: false, drawing: false, last: -Infinity };
    this.charts.add(held);
    return {
      ask: () => {
        held.dirty = true;
        this.plan();
      },
      remove: () => {
        this.charts.delete(held);
      },
    };
  }

  /** Nothing is drawn while any reason holds. */
  pause(reason: string): void {
    this.pauses.add(reason);
  }

  resume(reason: string): void {
    if (this.pauses.delete(reason) && this.pauses.size === 0) this.plan();
  }

  /** Something came into sight: what waited for that may be drawn. */
  look(): void {
    this.plan();
  }

  private plan(): void {
    const due = this.pauses.size > 0 ? null : this.due();
    if (due === null || (this.planned !== null && this.planned.at <= due)) return;
    this.planned?.cancel();
    const wait = due - this.clock.now();
    const run = (): void => {
      this.planned = null;
      if (wait <= 0) this.drawSome();
      else this.plan();
    };
    this.planned = { at: due, cancel: wait <= 0 ? this.clock.frame(run) : this.clock.later(run, wait) };
  }

  /** When the next chart may be drawn; null when none waits. */
  private due(): number | null {
    let first: number | null = null;
    for (const held of this.charts) {
      if (!held.dirty || held.drawing || !held.chart.isSeen()) continue;
      const at = held.last + CAP_MS;
      if (first === null || at < first) first = at;
    }
    return first;
  }

  private drawSome(): void {
    if (this.pauses.size > 0) return;
    const start = this.clock.now();
    const waiting = [...this.charts].filter((held) => held.dirty && !held.drawing && held.last + CAP_MS <= start && held.chart.isSeen());
    // Who has waited longest comes first, so that a busy chart never keeps the others from being drawn.
    waiting.sort((left, right) => left.last - right.last);
    for (const held of waiting) {
      this.drawOne(held);
      if (this.clock.now() - start >= BUDGET_MS) break;
    }
    this.plan();
  }

  private drawOne(held: Held): void {
    held.dirty = false;
    held.last = this.clock.now();
    const done = (): void => {
      held.drawing = false;
      this.plan();
    };
    const drawn = held.chart.draw();
    if (drawn === undefined) return;
    held.drawing = true;
    drawn.then(done, done);
  }
}

const browserClock: Clock = {
  now: () => performance.now(),
  frame(run) {
    const id = requestAnimationFrame(run);
    return () => {
      cancelAnimationFrame(id);
    };
  },
  later(run, ms) {
    const id = setTimeout(run, ms);
    return () => {
      clearTimeout(id);
    };
  },
};

export const scheduler = new ChartScheduler(browserClock);

const WHEEL_REST_MS = 140;
const CANVAS = ".react-flow";

/** Holds the charts while the canvas is panned, zoomed or dragged, and while nobody sees the tab. */
export function watchGestures(held: ChartScheduler, page: Document): void {
  let resting: ReturnType<typeof setTimeout> | undefined;
  let pressed = false;
  const onCanvas = (event: Event): boolean => event.target instanceof Element && event.target.closest(CANVAS) !== null;
  const visibility = (): void => {
    if (page.hidden) held.pause("hidden");
    else held.resume("hidden");
  };
  const listen = { passive: true, capture: true } as const;
  page.addEventListener("visibilitychange", visibility);
  page.addEventListener("wheel", (event) => {
    if (!onCanvas(event)) return;
    held.pause("wheel");
    clearTimeout(resting);
    resting = setTimeout(() => {
      held.resume("wheel");
    }, WHEEL_REST_MS);
  }, listen);
  page.addEventListener("pointerdown", (event) => {
    pressed = onCanvas(event);
  }, listen);
  page.addEventListener("pointermove", (event) => {
    if (pressed && event.buttons !== 0) held.pause("drag");
  }, listen);
  for (const name of ["pointerup", "pointercancel"] as const) {
    page.addEventListener(name, () => {
      pressed = false;
      held.resume("drag");
    }, listen);
  }
  visibility();
}

if (typeof document !== "undefined") watchGestures(scheduler, document);
