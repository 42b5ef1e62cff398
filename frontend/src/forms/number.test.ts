import fc from "fast-check";
import { expect, test } from "vitest";
import { readNumber, stepped, writtenNumber } from "./number";

test.each([
  ["", undefined, null],
  ["0", 0, null],
  ["-0.5", -0.5, null],
  ["1e-4", 0.0001, null],
  ["0,05", 0.05, null],
  ["  12 ", 12, null],
  ["12px", undefined, "not_a_number"],
  ["1e999", undefined, "too_large"],
  ["9007199254740993", undefined, "too_large"],
  ["Infinity", undefined, "not_a_number"],
  ["0x10", undefined, "not_a_number"],
] as const)("%j is read as %j", (typed, value, wrong) => {
  expect(readNumber(typed, false)).toEqual({ value, wrong });
});

test("a whole number is asked for where only one fits", () => {
  expect(readNumber("1.5", true).wrong).toBe("not_whole");
  expect(readNumber("1e3", true).value).toBe(1000);
});

test("what is written is read as the same number", () => {
  fc.assert(
    fc.property(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }), fc.maxSafeInteger()), (value) => {
      expect(readNumber(writtenNumber(value), false).value).toBeCloseTo(value, 15);
    }),
  );
});

test("a press moves by the last digit, and not past a limit", () => {
  expect(stepped(0.05, 1, false, null, null)).toBe(0.06);
  expect(stepped(32, -1, true, 1, null)).toBe(31);
  expect(stepped(1, -1, true, 1, null)).toBe(1);
  expect(stepped(0.3, -1, false, null, null)).toBe(0.2);
});
