import fc from "fast-check";
import { expect, test } from "vitest";
import { sorted, type Entry } from "./entries";
import { addressOf, below, crumbsOf, nameFault, nameOf, parentOf, renamed, storageHref } from "./places";

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
  expect(nameOf("/default/a/")).toBe("a");
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
