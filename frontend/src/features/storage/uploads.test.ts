import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ApiError } from "@/api/client";
import { problem } from "@/model/problems";
import type { Sending } from "./transport";
import { sumsOf, Uploads, type Upload } from "./uploads";

/** A server that answers when it is told to. */
class Desk {
  readonly open: { readonly sending: Sending; readonly take: () => void; readonly refuse: (code: string) => void }[] = [];
  readonly send = (sending: Sending): Promise<void> =>
    new Promise((resolve, reject) => {
      const entry = {
        sending,
        take: () => {
          this.drop(sending);
          resolve();
        },
        refuse: (code: string) => {
          this.drop(sending);
          reject(new ApiError(409, [problem(code, "no", "")]));
        },
      };
      sending.signal.addEventListener("abort", () => {
        this.drop(sending);
        reject(new DOMException("x", "AbortError"));
      });
      this.open.push(entry);
    });
  private drop(sending: Sending): void {
    this.open.splice(
      this.open.findIndex((each) => each.sending === sending),
      1,
    );
  }
  at(path: string) {
    const found = this.open.find((each) => each.sending.path === path);
    if (found === undefined) throw new Error(`${path} is not on its way`);
    return found;
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const file = (path: string, size = 4) => ({ file: new Blob(["x".repeat(size)]), path, project: null });
const settle = () => vi.advanceTimersByTimeAsync(200);
const states = (uploads: Uploads) => Object.fromEntries(uploads.current().items.map((each) => [each.path, each.state]));

function begun(count: number, atOnce = 2) {
  const desk = new Desk();
  const uploads = new Uploads(desk.send, atOnce);
  uploads.add(Array.from({ length: count }, (_, index) => file(`/d/${String(index)}`)));
  return { desk, uploads };
}

test("a few at once, the next when one is through", async () => {
  const { desk, uploads } = begun(4);
  await settle();
  expect(states(uploads)).toEqual({ "/d/0": "sending", "/d/1": "sending", "/d/2": "waiting", "/d/3": "waiting" });
  desk.at("/d/1").take();
  await settle();
  expect(states(uploads)).toEqual({ "/d/0": "sending", "/d/1": "done", "/d/2": "sending", "/d/3": "waiting" });
  expect(uploads.current().arrived).toBe(1);
});

test("nothing is replaced unasked", async () => {
  const { desk, uploads } = begun(1);
  await settle();
  expect(desk.at("/d/0").sending.overwrite).toBe(false);
  desk.at("/d/0").refuse("storage.exists");
  await settle();
  expect(states(uploads)).toEqual({ "/d/0": "exists" });
  uploads.replaceAll();
  await settle();
  expect(desk.at("/d/0").sending.overwrite).toBe(true);
  desk.at("/d/0").take();
  await settle();
  expect(states(uploads)).toEqual({ "/d/0": "done" });
});

test("cancelling stops what is on its way and lets the next one go", async () => {
  const { desk, uploads } = begun(3, 1);
  await settle();
  const { signal } = desk.at("/d/0").sending;
  uploads.cancel(1);
  await settle();
  expect(signal.aborted).toBe(true);
  expect(states(uploads)).toEqual({ "/d/0": "cancelled", "/d/1": "sending", "/d/2": "waiting" });
  uploads.cancelAll();
  await settle();
  expect(Object.values(states(uploads))).toEqual(["cancelled", "cancelled", "cancelled"]);
  expect(desk.open).toEqual([]);
});

test("what failed can be tried again, what is through cannot be cancelled", async () => {
  const { desk, uploads } = begun(2);
  await settle();
  desk.at("/d/0").refuse("storage.full");
  desk.at("/d/1").take();
  await settle();
  expect(uploads.current().items.map((each) => each.problem?.code)).toEqual(["storage.full", undefined]);
  uploads.again(1);
  uploads.cancel(2);
  await settle();
  expect(states(uploads)).toEqual({ "/d/0": "sending", "/d/1": "done" });
});

test("progress is told, and late news of a cancelled file is not", async () => {
  const { desk, uploads } = begun(1);
  await settle();
  const { onProgress } = desk.at("/d/0").sending;
  onProgress(3);
  await settle();
  expect(uploads.current().items[0]?.sent).toBe(3);
  onProgress(99);
  await settle();
  expect(uploads.current().items[0]?.sent).toBe(4);
  uploads.cancel(1);
  onProgress(2);
  await settle();
  expect(uploads.current().items[0]).toMatchObject({ state: "cancelled", sent: 0 });
});

test("the sums go by bytes, and leave out what was cancelled", () => {
  const item = (state: Upload["state"], size: number, sent = 0): Upload => ({ id: 1, path: "/d/x", size, sent, state, problem: null });
  expect(sumsOf([item("done", 60), item("sending", 40, 20), item("cancelled", 1000), item("exists", 100)])).toEqual({ count: 3, done: 1, open: 1, asking: 1, failed: 0, share: 0.4 });
  expect(sumsOf([item("done", 0)]).share).toBe(1);
  expect(sumsOf([]).share).toBe(0);
});
