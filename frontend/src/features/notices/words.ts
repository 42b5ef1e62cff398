/** What a notification says, from its data, in the reader's language. */

import { sayProblem, t, type MessageKey } from "@/i18n/i18n";
import { asProblem } from "@/model/problems";
import { isList, isObject } from "@/model/json";
import type { Notification } from "./queries";

type Content = Notification["content"];

const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");
const named = (value: unknown, key: string): string => (isObject(value) ? text(value[key]) : "");

export interface Said {
  readonly title: string;
  /** Workflow and run; empty for a test. */
  readonly place: string;
  readonly detail: string;
  readonly href: string;
}

export function say(content: Content, occasion: Notification["occasion"]): Said {
  const href = text(content.path) || "/notifications";
  if (occasion === "test") return { title: t("notices.said.test", { topic: text(content.topic) }), place: "", detail: t("notices.said.test.by", { by: text(content.by) }), href };
  const what = content.whole === true && occasion !== "waiting" ? "run" : "step";
  const key = `notices.said.${occasion}.${what}` as MessageKey;
  const title = t(key, { title: text(content.title) || text(content.step), number: named(content.run, "number") });
  return { title, place: `${named(content.workflow, "name")} · ${t("run.number", { number: named(content.run, "number") })}`, detail: detailOf(content), href };
}

function detailOf(content: Content): string {
  if (isList(content.awaits) && content.awaits.length > 0) return t("notices.asks", { names: content.awaits.map(text).join(", ") });
  if (isObject(content.reason)) return sayProblem(asProblem(content.reason)).message;
  return "";
}
