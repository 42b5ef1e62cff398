/** Times as people choose them, and the cron expression that the server keeps: second, minute, hour, day, month, weekday. */

export const EVERY = ["hour", "day", "weekday", "week", "month", "own"] as const;
export type Every = (typeof EVERY)[number];
export const WEEKDAYS = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export interface When {
  readonly every: Every;
  /** "09:30"; empty while it is typed. */
  readonly time: string;
  readonly minute: number | null;
  readonly weekday: Weekday;
  readonly day: number | null;
  /** Written by hand. */
  readonly own: string;
}

export const FIRST: When = { every: "day", time: "09:00", minute: 0, weekday: "MON", day: 1, own: "" };

/** null while something is left to fill in. */
export function cronOf({ every, time, minute, weekday, day, own }: When): string | null {
  if (every === "own") return own.trim() === "" ? null : own.trim();
  if (every === "hour") return minute === null ? null : `0 ${String(minute)} * * * ?`;
  const found = /^(\d\d?):(\d\d)/.exec(time);
  if (found === null) return null;
  const at = `0 ${String(Number(found[2]))} ${String(Number(found[1]))}`;
  switch (every) {
    case "day":
      return `${at} * * ?`;
    case "weekday":
      return `${at} ? * MON-FRI`;
    case "week":
      return `${at} ? * ${weekday}`;
    case "month":
      return day === null ? null : `${at} ${String(day)} * ?`;
  }
}

const two = (text: string): string => text.padStart(2, "0");

/** What of our own choices an expression is; everything else is written by hand. */
export function whenOf(cron: string): When {
  const [second, minute = "", hour = "", day = "", month, weekday = "", ...more] = cron.trim().toUpperCase().split(/\s+/);
  const own: When = { ...FIRST, every: "own", own: cron.trim() };
  if (second !== "0" || month !== "*" || more.length > 0 || !below(minute, 60)) return own;
  if (hour === "*") return day === "*" && weekday === "?" ? { ...FIRST, every: "hour", minute: Number(minute) } : own;
  if (!below(hour, 24)) return own;
  const at: When = { ...FIRST, time: `${two(hour)}:${two(minute)}` };
  if (weekday === "?") {
    if (day === "*") return { ...at, every: "day" };
    return below(day, 32) && day !== "0" ? { ...at, every: "month", day: Number(day) } : own;
  }
  if (day !== "?") return own;
  if (weekday === "MON-FRI") return { ...at, every: "weekday" };
  const named = WEEKDAYS.find((each) => each === weekday);
  return named === undefined ? own : { ...at, every: "week", weekday: named };
}

const below = (text: string, end: number): boolean => /^\d\d?$/.test(text) && Number(text) < end;
