import { expect, test } from "vitest";
import { cardsByType, isolationOf, shareOf, sumsOf, type Host } from "./hosts";

const HOST: Host = {
  name: "a",
  online: true,
  cpu: 4,
  free_cpu: 1,
  memory_mb: 1000,
  free_memory_mb: 750,
  gpus: [
    { uuid: "g0", type: "T4", free: true },
    { uuid: "g1", type: "V100", free: false },
    { uuid: "g2", type: "T4", free: false },
  ],
  pools: [],
  isolation: "landlock",
  fences: null,
  containers: "",
  version: "1",
  heartbeat_at: "2026-01-01T00:00:00Z",
  attempts: 2,
  held: null,
};

test("the sums count only what is there now", () => {
  expect(sumsOf([HOST, { ...HOST, name: "b", online: false }])).toEqual({
    online: 1,
    cpu: { used: 3, total: 4 },
    memory: { used: 250, total: 1000 },
    gpus: { used: 2, total: 3 },
    attempts: 2,
  });
});

test.each([
  [{ used: 1, total: 4 }, 0.25],
  [{ used: 5, total: 4 }, 1],
  [{ used: -1, total: 4 }, 0],
  [{ used: 0, total: 0 }, 0],
])("a share of %j is %d", (amount, share) => {
  expect(shareOf(amount)).toBe(share);
});

test("cards of a type stand together", () => {
  expect(cardsByType(HOST).map(([type, cards]) => [type, cards.map((card) => card.uuid)])).toEqual([
    ["T4", ["g0", "g2"]],
    ["V100", ["g1"]],
  ]);
});

test("a level of isolation that we do not know is said to be unknown", () => {
  expect(["namespaces", "landlock", "none", "", "moat"].map(isolationOf)).toEqual(["namespaces", "landlock", "none", "unknown", "unknown"]);
});
