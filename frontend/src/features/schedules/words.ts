/** Times in words. */
import { formatDate, language, t } from "@/i18n/i18n";
import { WEEKDAYS, whenOf, type Weekday } from "./cron";

const A_MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;
export const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function weekdayName(weekday: Weekday): string {
  return formatDate(new Date(A_MONDAY + WEEKDAYS.indexOf(weekday) * DAY_MS), { weekday: "long", timeZone: "UTC" });
}

/** "Every day at 09:00"; null for what was written by hand, which stands for itself. */
export function sayWhen(cron: string): string | null {
  const { every, time, minute, weekday, day } = whenOf(cron);
  if (every === "own") return null;
  return t(`schedules.say.${every}`, { time, minute: minute ?? 0, weekday: weekdayName(weekday), day: day ?? 1 });
}

/** With its weekday, as the clocks of that time zone show it. */
export function sayTime(at: string, zone: string): string {
  const far = new Date(at).getUTCFullYear() !== new Date().getUTCFullYear();
  return formatDate(at, { weekday: "short", day: "numeric", month: "short", ...(far && { year: "numeric" }), hour: "2-digit", minute: "2-digit", ...(secondsOf(at) && { second: "2-digit" }), hourCycle: "h23", ...zoned(zone) });
}

/** The same moment here, in short; null where the clocks show the same. */
export function sayHere(at: string, zone: string): string | null {
  const short = { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const here = formatDate(at, short);
  return here === formatDate(at, { ...short, ...zoned(zone) }) ? null : here;
}

/** "in 47 hours": of what lies ahead, "tomorrow" would say too little. */
export function sayIn(at: string, now: number): string {
  const minutes = (Date.parse(at) - now) / 60_000;
  const format = new Intl.RelativeTimeFormat(language(), { numeric: "always" });
  if (minutes < 60) return format.format(Math.round(minutes), "minute");
  return minutes < 2 * 24 * 60 ? format.format(Math.round(minutes / 60), "hour") : format.format(Math.round(minutes / 60 / 24), "day");
}

const secondsOf = (at: string): boolean => new Date(at).getUTCSeconds() !== 0;

/** The server knows more names than some browsers. */
function zoned(zone: string): { readonly timeZone?: string } {
  return isZone(zone) ? { timeZone: zone } : { timeZone: "UTC" };
}

export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat(language(), { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

export const zones = (): readonly string[] => [...new Set([HERE, "UTC", ...Intl.supportedValuesOf("timeZone")])];
