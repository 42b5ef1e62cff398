import { describe, expect, it } from "vitest";
import { lastSeconds, spansOf } from "./spans";

const at = (second: number): string => new Date(second * 1_000).toISOString();
const NEVER = { waiting_at: null, ready_at: null, started_at: null, finished_at: null };
const parts = (times: Partial<typeof NEVER> | Record<string, string>, known = 100) => spansOf({ ...NEVER, ...times }, known * 1_000).map(({ part, from, to }) => [part, from / 1_000, to / 1_000]);

describe("what a step spent its time on", () => {
  it("has nothing of a step that has not begun to wait", () => {
    expect(parts({})).toEqual([]);
    expect(lastSeconds([])).toBeNull();
  });

  it("shows a step that waits for values until the last moment that is known", () => {
    expect(parts({ waiting_at: at(10) }, 40)).toEqual([["asked", 10, 40]]);
    expect(lastSeconds(spansOf({ ...NEVER, waiting_at: at(10) }, 40_000))).toBe(30);
  });

  it("keeps the waiting for values apart from the waiting for a host", () => {
    expect(parts({ waiting_at: at(10), ready_at: at(30) }, 50)).toEqual([["asked", 10, 30], ["wait", 30, 50]]);
    expect(parts({ waiting_at: at(10), ready_at: at(30), started_at: at(32), finished_at: at(60) })).toEqual([["asked", 10, 30], ["wait", 30, 32], ["run", 32, 60]]);
  });

  it("ends with the step when somebody stopped it while it waited", () => {
    expect(parts({ waiting_at: at(10), finished_at: at(15) })).toEqual([["asked", 10, 15]]);
    expect(parts({ ready_at: at(10), finished_at: at(15) })).toEqual([["wait", 10, 15]]);
  });

  it("never runs backwards where clocks differ", () => {
    expect(parts({ ready_at: at(10) }, 9)).toEqual([["wait", 10, 10]]);
  });
});
