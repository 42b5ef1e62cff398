import fc from "fast-check";
import { expect, test } from "vitest";
import { sorted, type Entry } from "./entries";
import { addressOf, below, crumbsOf, nameFault, nameOf, parentOf, renamed, storageHref } from "./places";
import { bytesWanted, lineTable, shownAs, textOf } from "./preview";

test("crumbs lead down to a folder", () => {
  expect(crumbsOf("/default/a b/c/")).toEqual([
    { name: "default", path: "/default/" },
    { name: "a b", path: "/default/a b/" },
    { name: "c", path: "/default/a b/c/" },
  ]);
  expect([parentOf("/default/a/c.txt"), parentOf("/default/a/"), parentOf("/default/")]).toEqual(["/default/a/", "/default/", "/"]);
});

test("renaming keeps the place and what it is", () => {
  expect(renamed("/default/a/b.txt", "c.txt")).toBe("/default/a/c.txt");
  expect(renamed("/default/a/", "z")).toBe("/default/z/");
  expect(below("/default/", "x/y.txt")).toBe("/default/x/y.txt");
});

test("an address is read as it was written, whatever the names", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.option(fc.string({ minLength: 1 })), (name, file) => {
      const address = { path: `/default/${name}/`, file, project: null };
      expect(addressOf(new URL(storageHref(address), "http://x").searchParams)).toEqual(address);
    }),
  );
});

test.each([
  ["a.txt", null],
  ["数据", null],
  ["", "empty"],
  ["..", "dots"],
  ["a/b", "slash"],
  ["a\\b", "slash"],
  ["a\u0007", "control"],
  ["é".repeat(128), "long"],
] as const)("the name %j: %s", (name, fault) => {
  expect(nameFault(name)).toBe(fault);
});

const entry = (name: string, kind: Entry["kind"], size = 0, modified = "2026-01-01T00:00:00Z"): Entry => ({ path: `/d/${name}`, name, kind, size, modified, etag: "1" });

test("folders come first in every order, numbers as people count", () => {
  const list = [entry("10.png", "file", 5), entry("2.png", "file", 9), entry("z", "directory"), entry("a", "directory")];
  const names = (column: "name" | "size", direction: "ascending" | "descending") => sorted(list, { column, direction }).map((each) => each.name);
  expect(names("name", "ascending")).toEqual(["a", "z", "2.png", "10.png"]);
  expect(names("name", "descending")).toEqual(["z", "a", "10.png", "2.png"]);
  expect(names("size", "descending")).toEqual(["a", "z", "2.png", "10.png"]);
});

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
  expect(nameOf("/default/a/")).toBe("a");
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
