import { expect, test } from "vitest";
import { BUDGET_MS, CAP_MS, ChartScheduler, type Clock, type Drawable } from "./scheduler";

/** Time that passes when the test says so; a frame comes every 16 ms. */
class FakeClock implements Clock {
  time = 0;
  private due: { at: number; run: () => void }[] = [];
  now = () => this.time;
  frame = (run: () => void) => this.later(run, 16 - (this.time % 16));
  later = (run: () => void, ms: number) => {
    const entry = { at: this.time + ms, run };
    this.due.push(entry);
    return () => {
      this.due = this.due.filter((each) => each !== entry);
    };
  };
  async pass(ms: number) {
    const until = this.time + ms;
    for (;;) {
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      const [next] = this.due.filter((each) => each.at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.due = this.due.filter((each) => each !== next);
      this.time = Math.max(this.time, next.at);
      next.run();
    }
    this.time = Math.max(this.time, until);
  }
}

function setUp() {
  const clock = new FakeClock();
  const scheduler = new ChartScheduler(clock);
  const log: string[] = [];
  const chart = (name: string, { cost = 1, seen = () => true }: { cost?: number; seen?: () => boolean } = {}) => {
    const drawable: Drawable = {
      draw: () => {
        clock.time += cost;
        log.push(name);
        return undefined;
      },
      isSeen: seen,
    };
    return scheduler.add(drawable);
  };
  return { clock, scheduler, log, chart };
}

test("it draws the first news in the next frame", async () => {
  const { clock, log, chart } = setUp();
  chart("a").ask();
  expect(log).toEqual([]);
  await clock.pass(20);
  expect(log).toEqual(["a"]);
});

test("it draws five times a second, whatever comes, and the last news always", async () => {
  const { clock, scheduler } = setUp();
  const shown: number[] = [];
  let newest = 0;
  const { ask } = scheduler.add({
    draw: () => {
      shown.push(newest);
      return undefined;
    },
    isSeen: () => true,
  });
  for (let at = 0; at < 1_000; at += 10) {
    newest = at;
    ask();
    await clock.pass(10);
  }
  await clock.pass(CAP_MS + 20);
  expect(shown.length).toBeLessThanOrEqual(1 + Math.ceil(1_000 / CAP_MS) + 1);
  expect(shown.length).toBeGreaterThanOrEqual(5);
  expect(shown.at(-1)).toBe(990);
});

test("it gives each frame a few milliseconds and leaves nobody out", async () => {
  const { clock, log, chart } = setUp();
  const charts = Array.from({ length: 20 }, (_, index) => chart(String(index), { cost: 5 }));
  for (const each of charts) each.ask();
  await clock.pass(16);
  expect(log.length).toBe(Math.ceil(BUDGET_MS / 5));
  for (let turn = 0; turn < 40; turn += 1) {
    charts[0]?.ask();
    await clock.pass(16);
  }
  expect(new Set(log).size).toBe(20);
});

test("it draws what is not seen when it comes into sight", async () => {
  const { clock, scheduler, log, chart } = setUp();
  let seen = false;
  chart("below", { seen: () => seen }).ask();
  chart("above").ask();
  await clock.pass(1_000);
  expect(log).toEqual(["above"]);
  seen = true;
  scheduler.look();
  await clock.pass(20);
  expect(log).toEqual(["above", "below"]);
});

test("it draws nothing during a gesture or in a hidden tab, and the newest once afterwards", async () => {
  const { clock, scheduler, log, chart } = setUp();
  const { ask } = chart("a");
  scheduler.pause("drag");
  scheduler.pause("hidden");
  for (let turn = 0; turn < 10; turn += 1) {
    ask();
    await clock.pass(100);
  }
  scheduler.resume("drag");
  await clock.pass(100);
  expect(log).toEqual([]);
  scheduler.resume("hidden");
  await clock.pass(100);
  expect(log).toEqual(["a"]);
});

test("a gesture that begins when a drawing is planned stops it", async () => {
  const { clock, scheduler, log, chart } = setUp();
  chart("a").ask();
  scheduler.pause("wheel");
  await clock.pass(500);
  expect(log).toEqual([]);
  scheduler.resume("wheel");
  await clock.pass(20);
  expect(log).toEqual(["a"]);
});

test("it waits for a drawing that takes its time, and for no drawing that fails", async () => {
  const { clock, scheduler } = setUp();
  let finish: (() => void) | undefined;
  let count = 0;
  const { ask } = scheduler.add({
    draw: () => {
      count += 1;
      return count === 1 ? new Promise<void>((resolve) => { finish = resolve; }) : Promise.reject(new Error("no"));
    },
    isSeen: () => true,
  });
  ask();
  await clock.pass(50);
  ask();
  await clock.pass(1_000);
  expect(count).toBe(1);
  finish?.();
  await clock.pass(50);
  expect(count).toBe(2);
  ask();
  await clock.pass(CAP_MS + 50);
  expect(count).toBe(3);
});

test("a chart that is gone is not drawn", async () => {
  const { clock, log, chart } = setUp();
  const { ask, remove } = chart("a");
  ask();
  remove();
  await clock.pass(100);
  expect(log).toEqual([]);
});

test("a chart that may be drawn at once does not wait for one that may not", async () => {
  const { clock, log, chart } = setUp();
  const { ask } = chart("often");
  ask();
  await clock.pass(20);
  ask();
  await clock.pass(20);
  chart("first time").ask();
  await clock.pass(20);
  expect(log).toEqual(["often", "first time"]);
});
