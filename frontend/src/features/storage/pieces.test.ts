import { expect, test } from "vitest";
import { ApiError } from "@/api/client";
import { problem } from "@/model/problems";
import { sendInPieces, type Arrived, type Desk } from "./pieces";

const PIECE = 4;
const failed = (status: number, code = "request.failed") => new ApiError(status, [problem(code, "no", "")]);

/** A server with a disk, whose connections break as told. */
class Server implements Desk {
  text = "";
  done = false;
  givenUp = 0;
  readonly asked: string[] = [];
  readonly size: number;
  readonly trouble: (ApiError | "lost answer" | undefined)[];
  constructor(size: number, trouble: (ApiError | "lost answer" | undefined)[] = [], there = "") {
    this.size = size;
    this.trouble = trouble;
    this.text = there;
  }
  state = (): Arrived => ({ id: "u", offset: this.text.length, piece: PIECE, done: this.done });
  begin = () => Promise.resolve(this.state());
  look = () => {
    this.asked.push("look");
    return Promise.resolve(this.state());
  };
  take = async (_id: string, offset: number, piece: Blob, _signal: AbortSignal, onProgress: (sent: number) => void) => {
    this.asked.push(`take ${String(offset)}`);
    const trouble = this.trouble.shift();
    if (trouble instanceof ApiError) throw trouble;
    if (offset !== this.text.length) throw failed(409, "storage.upload_offset");
    onProgress(piece.size);
    this.text += await piece.text();
    this.done = this.text.length === this.size;
    if (trouble === "lost answer") throw failed(0, "client.unreachable");
    return this.state();
  };
  giveUp = () => {
    this.givenUp += 1;
    return Promise.resolve();
  };
}

const CONTENT = "abcdefghij";
const large = (stop = new AbortController(), seen: number[] = []) => ({
  file: new Blob([CONTENT]),
  signal: stop.signal,
  onProgress: (sent: number) => {
    seen.push(sent);
  },
});
const QUICK = [0, 0, 0];

test("it sends piece after piece and tells how far it is", async () => {
  const server = new Server(CONTENT.length);
  const seen: number[] = [];
  await sendInPieces(large(undefined, seen), server, QUICK);
  expect(server.text).toBe(CONTENT);
  expect(server.asked).toEqual(["take 0", "take 4", "take 8"]);
  expect(seen).toEqual([0, 4, 4, 8, 8, 10]);
});

test("it goes on where an earlier page stopped", async () => {
  const server = new Server(CONTENT.length, [], "abcdef");
  await sendInPieces(large(), server, QUICK);
  expect(server.asked).toEqual(["take 6"]);
  expect(server.text).toBe(CONTENT);
});

test("it asks how much arrived when a connection broke, and never sends a piece into the wrong place", async () => {
  const server = new Server(CONTENT.length, [undefined, failed(0, "client.unreachable"), "lost answer", failed(503), "lost answer"]);
  await sendInPieces(large(), server, QUICK);
  expect(server.text).toBe(CONTENT);
  expect(server.asked).toEqual(["take 0", "take 4", "look", "take 4", "look", "take 8", "look", "take 8", "look"]);
});

test("it gives up after some tries in a row, and leaves what arrived for another day", async () => {
  const down = Array.from({ length: 9 }, () => failed(0, "client.unreachable"));
  const server = new Server(CONTENT.length, [undefined, ...down]);
  await expect(sendInPieces(large(), server, QUICK)).rejects.toThrow();
  expect(server.asked.filter((each) => each === "take 4")).toHaveLength(QUICK.length + 1);
  expect([server.text, server.givenUp]).toEqual(["abcd", 0]);
});

test.each([
  [403, "auth.role"],
  [507, "storage.full"],
  [409, "storage.exists"],
])("it does not try again what will not go away (%i)", async (status, code) => {
  const server = new Server(CONTENT.length, [failed(status, code)]);
  await expect(sendInPieces(large(), server, QUICK)).rejects.toMatchObject({ status });
  expect(server.asked).toEqual(["take 0"]);
});

test("cancelling throws away what arrived", async () => {
  const stop = new AbortController();
  const server = new Server(CONTENT.length, [undefined, failed(0, "client.unreachable")]);
  const sending = sendInPieces(large(stop), server, [60_000]);
  setTimeout(() => {
    stop.abort();
  }, 10);
  await expect(sending).rejects.toMatchObject({ name: "AbortError" });
  expect(server.givenUp).toBe(1);
});
