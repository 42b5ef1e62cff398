import { expect, test } from "vitest";
import { cronOf, FIRST, whenOf, type When } from "./cron";

const CASES: readonly (readonly [Partial<When>, string])[] = [
  [{ every: "hour", minute: 5 }, "0 5 * * * ?"],
  [{ every: "day", time: "12:00" }, "0 0 12 * * ?"],
  [{ every: "weekday", time: "06:30" }, "0 30 6 ? * MON-FRI"],
  [{ every: "week", time: "23:59", weekday: "SUN" }, "0 59 23 ? * SUN"],
  [{ every: "month", time: "00:00", day: 31 }, "0 0 0 31 * ?"],
  [{ every: "own", own: "0 0/15 8-18 ? * 2-6" }, "0 0/15 8-18 ? * 2-6"],
];

test.each(CASES)("what is chosen becomes an expression, and is found again in it (%o)", (given, cron) => {
  const when = { ...FIRST, ...given };
  expect(cronOf(when)).toBe(cron);
  expect(whenOf(cron)).toEqual(when);
});

test.each(["0 12 * * *", "5 0 12 * * ?", "0 0 12 1 1 ?", "0 0 12 * * MON", "0 0 12 0 * ?", "0 60 * * * ?", "0 0 24 * * ?", "0 0 12 ? * 2", "", "0 0 12 * * ? 2030"])(
  "everything else stays as it was written (%s)",
  (cron) => {
    expect(whenOf(cron)).toMatchObject({ every: "own", own: cron });
  },
);

test("nothing is sent while something is left to fill in", () => {
  for (const given of [{ time: "" }, { every: "hour", minute: null }, { every: "month", day: null }, { every: "own", own: "  " }] as const) expect(cronOf({ ...FIRST, ...given })).toBeNull();
});
