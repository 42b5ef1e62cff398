import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { golden, goldenNames } from "@testing/golden";
import { json } from "@testing/documents";
import { canonicalBytes, canonicalText, documentHash, meaningOf } from "./canonical";
import type { Json, JsonObject } from "./json";

test("it writes the numbers of RFC 8785, appendix B", () => {
  const written: [number, string][] = [
    [0, "0"],
    [-0, "0"],
    [5e-324, "5e-324"],
    [1.7976931348623157e308, "1.7976931348623157e+308"],
    [9007199254740992, "9007199254740992"],
    [2 ** 68, "295147905179352830000"],
    [9.999999999999997e22, "9.999999999999997e+22"],
    [1e23, "1e+23"],
    [0.000001, "0.000001"],
    [1e-7, "1e-7"],
    [Number("333333333.33333329"), "333333333.3333333"],
  ];
  for (const [value, text] of written) expect(canonicalText(value)).toBe(text);
});

test("it orders keys by UTF-16 code units", () => {
  const value = { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7 };
  expect([...canonicalText(value).matchAll(/:(\d)/g)].map((found) => found[1]).join("")).toBe("2467153");
});

test("it refuses what has no canonical form", () => {
  for (const value of [NaN, Infinity, "\ud800", { "\udc00": 1 }]) expect(() => canonicalText(value as Json)).toThrow(RangeError);
});

test("it writes text that reads back as the same value, and nothing in between", () => {
  fc.assert(fc.property(json, (value) => {
    const text = canonicalText(value);
    expect(canonicalText(JSON.parse(text) as Json)).toBe(text);
  }));
});

test("it hashes what a document means, without ids and layout", async () => {
  const one: JsonObject = { schema: 1, name: "x", steps: [{ id: "s1", name: "a", properties: { id: 1 } }], layout: { nodes: {} } };
  const other: JsonObject = { ...one, steps: [{ id: "other", name: "a", properties: { id: 1 } }], layout: {} };
  expect(await documentHash(one)).toBe(await documentHash(other));
  expect(await documentHash(one)).toBe(createHash("sha256").update(canonicalBytes(meaningOf(one))).digest("hex"));
  expect(await documentHash({ ...one, name: "y" })).not.toBe(await documentHash(one));
});

test.each(goldenNames("documents/valid"))("it reads back the golden document %s", (name) => {
  const document = golden<JsonObject>(`documents/valid/${name}`);
  expect(JSON.parse(canonicalText(document))).toEqual(document);
});

interface Canonical {
  readonly values: readonly { readonly json: string; readonly canonical: string; readonly sha256: string }[];
}

test.each(golden<Canonical>("documents/canonical.json").values)("it writes the golden value $json in the server's bytes", (each) => {
  const value = JSON.parse(each.json) as Json;
  expect(canonicalText(value)).toBe(each.canonical);
  expect(createHash("sha256").update(canonicalBytes(value)).digest("hex")).toBe(each.sha256);
});

test.each(Object.entries(golden<{ documents: Record<string, string> }>("documents/canonical.json").documents))(
  "it hashes the golden document %s as the server does",
  async (name, hash) => {
    expect(await documentHash(golden<JsonObject>(`documents/valid/${name}.json`))).toBe(hash);
  },
);
