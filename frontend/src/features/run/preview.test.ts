import { expect, test } from "vitest";
import { previewKind, readJson, readTable } from "./preview";

test.each([
  ["a/b.PNG", 10, "image"],
  ["a.png", 30_000_000, "none"],
  ["a.csv", 9e9, "table"],
  ["metrics.json", 10, "json"],
  ["metrics.json", 5_000_000, "text"],
  ["train.jsonl", 1, "text"],
  ["page.html", 1, "text"],
  ["picture.svg", 1, "none"],
  ["model.npz", 1, "none"],
  ["folder.d/README", 1, "text"],
] as const)("%s (%d bytes) is shown as %s", (path, size, kind) => {
  expect(previewKind(path, size)).toBe(kind);
});

test("it reads quoted cells, any end of line, and leaves out what is torn", () => {
  expect(readTable('\ufeffa,b\r\n"1,5","say ""hi"""\n"two\nlines",\n', ",", true)).toEqual({ head: ["a", "b"], rows: [["1,5", 'say "hi"'], ["two\nlines", ""]], more: false });
  expect(readTable("a\tb\n1\t2\n3", "\t", false)).toEqual({ head: ["a", "b"], rows: [["1", "2"]], more: true });
  expect(readTable("a,b\n1,2", ",", true).rows).toEqual([["1", "2"]]);
  expect(readTable("", ",", true)).toEqual({ head: [], rows: [], more: false });
  const long = readTable(`a\n${"1\n".repeat(5_000)}`, ",", true);
  expect(long.rows).toHaveLength(200);
  expect(long.more).toBe(true);
});

test("it lays out JSON and leaves alone what is none", () => {
  expect(readJson('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
  expect(readJson("{")).toBe("{");
});
