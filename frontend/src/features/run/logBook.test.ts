import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { CHUNK, LogBook, searchLog, WINDOW, type Match } from "./logBook";
import type { ReadRange } from "@/api/ranges";

const encoder = new TextEncoder();
const never = new AbortController().signal;

function fileOf(text: string): { bytes: Uint8Array; asked: (readonly [number, number])[]; read: ReadRange } {
  const file = { bytes: encoder.encode(text), asked: [] as (readonly [number, number])[], read: (() => Promise.reject(new Error())) as ReadRange };
  file.read = (from, to) => {
    file.asked.push([from, to]);
    return Promise.resolve({ bytes: file.bytes.slice(from, to), size: file.bytes.length });
  };
  return file;
}
const texts = (book: LogBook) => book.getState().lines.map((line) => line.text);

test("it shows each line once, however the bytes come, and never half a letter", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom("a", "é", "漢", "🚀", "\n"), { maxLength: 60 }), fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), async (letters, cuts) => {
      const file = fileOf(letters.join(""));
      const whole = file.bytes;
      const book = new LogBook(file.read);
      for (let at = 0, turn = 0; at < whole.length; turn += 1) {
        at = Math.min(whole.length, at + (cuts[turn % cuts.length] as number));
        file.bytes = whole.slice(0, at);
        await book.grew(at);
      }
      const expected = letters.join("").split("\n");
      if (expected.at(-1) === "") expected.pop();
      expect(texts(book)).toEqual(expected);
      expect(book.getState().lines.every((line, index, all) => line.open === (index === all.length - 1 && !letters.join("").endsWith("\n")))).toBe(true);
    }),
  );
});

test("it reads only what is new", async () => {
  const file = fileOf("one\ntwo\n");
  const book = new LogBook(file.read);
  await book.grew(8);
  file.bytes = encoder.encode("one\ntwo\nthree\n");
  await book.grew(14);
  expect(texts(book)).toEqual(["one", "two", "three"]);
  expect(file.asked).toEqual([[0, CHUNK], [8, 8 + CHUNK]]);
});

const long = (count: number) => Array.from({ length: count }, (_, index) => `line ${String(index).padStart(9, "0")} ${"x".repeat(80)}`).join("\n") + "\n";

test("it goes to the end of a long log without reading all of it, and holds a bounded part", async () => {
  const file = fileOf(long(200_000));
  const book = new LogBook(file.read);
  await book.grew(file.bytes.length);
  expect(texts(book).at(-1)).toContain("line 000199999");
  expect(file.asked.length).toBeLessThan(6);
  for (let turn = 0; turn < 20; turn += 1) await book.before();
  const { start, end, lines, firstNumber } = book.getState();
  expect(end - start).toBeLessThanOrEqual(WINDOW);
  expect(firstNumber).toBeNull();
  const numbers = lines.map((line) => Number(line.text.slice(5, 14)));
  expect(numbers.every((number, index) => index === 0 || number === (numbers[index - 1] as number) + 1)).toBe(true);
  for (let turn = 0; turn < 20; turn += 1) await book.after();
  expect(Number(texts(book).at(-1)?.slice(5, 14))).toBeGreaterThan(numbers.at(-1) as number);
});

test("it leaves alone who looks elsewhere, and counts what came meanwhile", async () => {
  const file = fileOf(long(100));
  const book = new LogBook(file.read);
  await book.grew(file.bytes.length);
  book.setFollowing(false);
  file.bytes = encoder.encode(long(200));
  await book.grew(file.bytes.length);
  expect(book.getState().lines).toHaveLength(100);
  expect(book.getState().size).toBe(file.bytes.length);
  await book.follow();
  expect(book.getState().lines).toHaveLength(200);
  expect(book.getState().firstNumber).toBe(1);
});

test("it shows the place that was asked for", async () => {
  const file = fileOf(long(50_000));
  const at = long(25_000).length;
  const book = new LogBook(file.read);
  book.setFollowing(false);
  await book.jump(at);
  expect(book.getState().lines.find((line) => line.at === at)?.text).toContain("line 000025000");
});

test("it keeps what it has when the server is away, and goes on afterwards", async () => {
  const file = fileOf(long(10));
  const book = new LogBook(file.read);
  await book.grew(file.bytes.length);
  const { read } = file;
  let away = true;
  const moody = new LogBook((from, to, signal) => (away ? Promise.reject(new Error("away")) : read(from, to, signal)));
  await moody.grew(100);
  expect(moody.getState().error).toBeInstanceOf(Error);
  away = false;
  await moody.again();
  expect(texts(moody)).toEqual(texts(book));
});

test("it finds text anywhere in a long log, also across the parts that are read", async () => {
  const file = fileOf(long(60_000));
  let found: readonly Match[] = [];
  await searchLog(file.read, "LINE 00001048", (matches) => { found = matches; }, never);
  expect(found.map((match) => match.at)).toEqual([10480, 10481, 10482, 10483, 10484, 10485, 10486, 10487, 10488, 10489].map((number) => long(1).length * number));
});

test.each(["grows", "is over"])("it goes to the end of a long log that %s when it is told of it while it reads the beginning", async (how) => {
  const file = fileOf(long(200_000));
  const book = new LogBook(file.read);
  const end = book.start(null);
  void (how === "grows" ? book.grew(file.bytes.length) : book.follow());
  await vi.waitFor(() => {
    expect(texts(book).at(-1)).toContain("line 000199999");
  });
  // The beginning, and the end.
  expect(file.asked.length).toBe(2);
  end();
});
