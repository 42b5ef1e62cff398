import { describe, expect, it } from "vitest";
import { InboxFollower, type InboxNews, type InboxTransport } from "./follower";
import type { Notification } from "./queries";

interface Opened {
  readonly after: number;
  readonly handlers: Parameters<InboxTransport["open"]>[1];
}

function scripted() {
  const opened: Opened[] = [];
  const timers: (() => void)[] = [];
  const polls: number[] = [];
  const heard: InboxNews[] = [];
  const transport: InboxTransport = {
    changes: async (after) => {
      polls.push(after);
      if (polls.length > 1) throw new Error("away");
      return Promise.resolve({ items: [note(9)], seq: 9, waits: 1 });
    },
    open(after, handlers) {
      opened.push({ after, handlers });
      return () => undefined;
    },
    later(run) {
      timers.push(run);
      return () => {
        timers.splice(timers.indexOf(run), 1);
      };
    },
    random: () => 0.5,
  };
  const follower = new InboxFollower(transport, 3, (news) => heard.push(news));
  return { follower, opened, timers, polls, heard };
}

const note = (seq: number): Notification => ({ id: String(seq), seq }) as unknown as Notification;
const fire = (timers: (() => void)[]): void => timers.pop()?.();
const last = <Item>(list: readonly Item[]): Item => list[list.length - 1] as Item;

describe("the follower of an inbox", () => {
  it("begins after the number that the list had, and goes on after the newest that it heard", () => {
    const { follower, opened, timers, heard } = scripted();
    follower.start();
    expect(last(opened).after).toBe(3);
    last(opened).handlers.opened();
    last(opened).handlers.said(JSON.stringify({ type: "notification", seq: 7, notification: note(7) }));
    expect(heard).toEqual([{ changed: [note(7)], waits: false }]);
    last(opened).handlers.closed(1006);
    fire(timers);
    expect(last(opened).after).toBe(7);
  });

  it("says that the list is out of date when its number was of no use", () => {
    const { follower, opened, heard } = scripted();
    follower.start();
    last(opened).handlers.said(JSON.stringify({ type: "resync", seq: 1 }));
    expect(heard).toEqual([{ changed: [], waits: false }]);
  });

  it("tells that what waits has changed", () => {
    const { follower, opened, heard } = scripted();
    follower.start();
    last(opened).handlers.said(JSON.stringify({ type: "todo", count: 2 }));
    expect(heard).toEqual([{ changed: [], waits: true }]);
  });

  it("polls when sockets do not get through, and tries one again", async () => {
    const { follower, opened, timers, polls, heard } = scripted();
    follower.start();
    last(opened).handlers.closed(1006);
    fire(timers);
    last(opened).handlers.closed(1006);
    fire(timers);
    await expect.poll(() => polls).toEqual([3, 9]);
    expect(heard).toEqual([{ changed: [note(9)], waits: false }]);
    expect(opened).toHaveLength(2);
    await expect.poll(() => timers.length).toBe(1);
    fire(timers);
    expect(opened).toHaveLength(3);
    expect(last(opened).after).toBe(9);
  });

  it("ends when the person is signed out, and is stopped for good", () => {
    const { follower, opened, timers } = scripted();
    follower.start();
    last(opened).handlers.closed(4401);
    expect(timers).toEqual([]);
    follower.stop();
    follower.nudge();
    expect(opened).toHaveLength(1);
  });
});
