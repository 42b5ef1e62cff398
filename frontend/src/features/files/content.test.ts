import { expect, test } from "vitest";
import { bytesWanted, lineTable, readTable, shownAs, textOf } from "./content";

test("what a file is shown as goes by its ending", () => {
  expect(["a.PNG", "a.svg", "a.csv", "a.jsonl", "a.json", "a.py", "weights.bin", "README"].map(shownAs)).toEqual(["image", "svg", "table", "lines", "json", "text", "text", "text"]);
  expect(bytesWanted("image", 10 ** 9)).toBeNull();
  expect(bytesWanted("text", 10 ** 9)).toBe(256 * 1024);
  expect(bytesWanted("json", 500_000)).toBe(500_000);
});

test("bytes that are no text are told from text that was cut off", () => {
  const bytes = new TextEncoder().encode("数据");
  expect(textOf(bytes.subarray(0, 5))).toBe("数");
  expect(textOf(new Uint8Array([0x89, 0x50, 0xff]))).toBeNull();
  expect(textOf(new Uint8Array([65, 0, 66]))).toBeNull();
});

test("Chinese files of older programs are read, pictures are not", () => {
  expect(textOf(new Uint8Array([0xca, 0xfd, 0xbe, 0xdd, 0x0a]))).toBe("数据\n");
  expect(textOf(new Uint8Array([0xff, 0xfe, 0x70, 0x65, 0x6e, 0x63]))).toBe("数据");
  expect(textOf(new Uint8Array([0xfe, 0xff, 0x65, 0x70, 0x63, 0x6e]))).toBe("数据");
  expect(textOf(new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0x20, 0x10]))).toBeNull();
});

test("JSON lines become a table of all their keys; anything else stays text", () => {
  expect(lineTable('{"a":1}\n{"b":[2],"a":"x"}\n', true)).toEqual({
    head: ["a", "b"],
    rows: [
      ["1", ""],
      ["x", "[2]"],
    ],
    more: false,
  });
  expect(lineTable('{"a":1}\n{"a":', false)?.rows).toEqual([["1"]]);
  expect(lineTable("1\n2\n", true)).toBeNull();
  expect(lineTable("", true)).toBeNull();
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
