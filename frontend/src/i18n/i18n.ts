/** Languages. Messages are ICU texts by key; what a key says in English is its type, so a missing key does not compile.
 * No macros: Lingui's runtime reads the texts as they are. */

import { setupI18n } from "@lingui/core";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import { useSyncExternalStore } from "react";
import type { Json } from "@/model/json";
import { worded, type Problem, type Wording } from "@/model/problems";
import { en } from "./en";
import type { MessageKey, Messages } from "./messages";

export const LANGUAGES = { en: "English", "zh-Hans": "简体中文" } as const;
export type Language = keyof typeof LANGUAGES;
export type { MessageKey, Messages };
export type Params = Readonly<Record<string, string | number | Date>>;

const i18n = setupI18n({ locale: "en", messages: { en } });
i18n.setMessagesCompiler(compileMessage);

let problemTemplates: Readonly<Record<string, Wording | undefined>> = {};
const asItIs = (text: string): string => text;
let phrase = asItIs;
const listeners = new Set<() => void>();
let version = 0;

export function t(key: MessageKey, params?: Params): string {
  return i18n._(key, params);
}

/** English comes with the application; other languages are fetched when they are chosen. */
export async function setLanguage(language: Language): Promise<void> {
  if (language === "zh-Hans") {
    const [{ zh }, { problemsZh }, { phraseZh }] = await Promise.all([import("./zh"), import("./problemsZh"), import("./phrasesZh")]);
    i18n.loadAndActivate({ locale: language, messages: zh satisfies Messages });
    problemTemplates = problemsZh;
    phrase = phraseZh;
  } else {
    i18n.loadAndActivate({ locale: "en", messages: en });
    // The server speaks English itself.
    problemTemplates = {};
    phrase = asItIs;
  }
  document.documentElement.lang = language;
  version += 1;
  for (const listener of listeners) listener();
}

export function language(): Language {
  return i18n.locale as Language;
}

/** Subscribes the component to the language; the texts themselves come from `t`. */
export function useLanguage(): Language {
  useSyncExternalStore(subscribe, () => version);
  return language();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export function sayProblem(problem: Problem): Wording {
  const own = OWN[problem.code];
  if (own !== undefined) return { message: t(own.message), hint: t(own.hint) };
  return worded(problem, problemTemplates, t("problem.suggestion", { suggestion: "{suggestion}" }), phrase);
}

/** Problems that only the browser knows. */
const OWN: Readonly<Record<string, { readonly message: MessageKey; readonly hint: MessageKey } | undefined>> = {
  "client.unreachable": { message: "client.unreachable", hint: "client.unreachable.hint" },
  "client.unreadable": { message: "client.unreadable", hint: "client.unreadable.hint" },
};

/** The language to begin with: chosen before, or the browser's first that we have. */
export function preferredLanguage(stored: string | null, wanted: readonly string[]): Language {
  if (stored !== null && Object.hasOwn(LANGUAGES, stored)) return stored as Language;
  for (const tag of wanted) {
    const [primary, ...rest] = tag.toLowerCase().split("-");
    if (primary === "en") return "en";
    // Traditional script is another language; English is nearer to its readers than nothing.
    if (primary === "zh" && !rest.some((part) => ["hant", "tw", "hk", "mo"].includes(part))) return "zh-Hans";
  }
  return "en";
}

export function formatNumber(value: number, options?: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(language(), options).format(value);
}

export function formatDate(value: string | Date, options: Intl.DateTimeFormatOptions = { dateStyle: "medium", timeStyle: "short" }): string {
  return new Intl.DateTimeFormat(language(), options).format(new Date(value));
}

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "3 hours ago". */
export function formatAgo(value: string | Date, now: number): string {
  const seconds = (new Date(value).getTime() - now) / 1_000;
  const format = new Intl.RelativeTimeFormat(language(), { numeric: "auto", style: "long" });
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return t("time.now");
}

/** 84 ms, 1.2 s, 00:42, 1:02:05: the shortest that still tells. */
export function formatDuration(seconds: number): string {
  if (seconds < 1) return t("time.ms", { value: Math.round(seconds * 1_000) });
  if (seconds < 10) return t("time.s", { value: formatNumber(seconds, { maximumFractionDigits: 1 }) });
  const whole = Math.floor(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${String(hours)}:${two(minutes)}:${two(whole % 60)}` : `${two(minutes)}:${two(whole % 60)}`;
}

export function formatBytes(bytes: number): string {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  let unit = 0;
  let value = bytes;
  for (; value >= 1_000 && unit < units.length - 1; unit += 1) value /= 1_000;
  return formatNumber(value, { style: "unit", unit: units[unit] as string, unitDisplay: unit === 0 ? "long" : "short", maximumFractionDigits: unit === 0 ? 0 : 1 });
}

/** A JSON value in a line of text. */
export function formatJson(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
