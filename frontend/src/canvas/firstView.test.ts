import { describe, expect, it } from "vitest";
import { firstView } from "./firstView";

const ROOM = { width: 700, height: 600 };

describe("firstView", () => {
  it("shows all of a small graph, never larger than life", () => {
    const { zoom, x } = firstView({ x: 0, y: 0, width: 300, height: 100 }, ROOM);
    expect(zoom).toBe(1);
    expect(x).toBe(200);
  });

  it("shows all of a larger one in smaller letters", () => {
    const { zoom, x } = firstView({ x: 0, y: 0, width: 1_000, height: 100 }, ROOM);
    expect(zoom).toBeCloseTo(0.65, 1);
    expect(x).toBeGreaterThan(0);
    expect(x + 1_000 * zoom).toBeLessThan(ROOM.width);
  });

  it("begins at the left of a long one, large enough to be read", () => {
    const { zoom, x, y } = firstView({ x: -100, y: 50, width: 3_000, height: 100 }, ROOM);
    expect(zoom).toBe(0.8);
    expect(x).toBeCloseTo(28 + 80);
    expect(y).toBeCloseTo((600 - 80) / 2 - 40);
  });

  it("begins at the top of a high one", () => {
    expect(firstView({ x: 0, y: 0, width: 100, height: 9_000 }, ROOM).y).toBe(28);
  });
});
