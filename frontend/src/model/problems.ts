/** What is wrong, as the server says it: a code from its closed catalogue, a place, parameters, English text. */

import { isObject, partsOf, type Json, type JsonObject } from "./json";

export type Severity = "error" | "warning";

export interface Problem {
  readonly code: string;
  /** JSON Pointer to the place. */
  readonly path: string;
  readonly params: JsonObject;
  readonly message: string;
  readonly hint: string;
  readonly severity: Severity;
}

export interface Wording {
  readonly message: string;
  readonly hint: string;
}

/** A problem of our own, for what the server cannot tell (it was not reached, it sent something unreadable). */
export function problem(code: string, message: string, hint: string, path = "", params: JsonObject = {}): Problem {
  return { code, path, params, message, hint, severity: "error" };
}

/** Read whatever came: a field that is missing or of another type gets a harmless value. */
export function asProblem(value: unknown): Problem {
  const raw: JsonObject = isObject(value) ? value : {};
  const text = (key: string): string => (typeof raw[key] === "string" ? raw[key] : "");
  return {
    code: text("code") || "request.failed",
    path: text("path"),
    params: isObject(raw.params) ? raw.params : {},
    message: text("message"),
    hint: text("hint"),
    severity: raw.severity === "warning" ? "warning" : "error",
  };
}

/** The server's templates are Python's format strings: {name}, and doubled braces for braces. */
export function filled(template: string, params: JsonObject): string {
  return template.replace(/\{\{|\}\}|\{(\w+)\}/g, (found, name: string | undefined) => {
    if (name === undefined) return found.slice(0, 1);
    return Object.hasOwn(params, name) ? shown(params[name] as Json) : found;
  });
}

function shown(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The problem in another language; the server's English where a code has no translation. */
export function worded(
  found: Problem,
  templates: Readonly<Record<string, Wording | undefined>>,
  suggest: string,
  phrase: (text: string) => string = (text) => text,
): Wording {
  const template = templates[found.code];
  if (template === undefined) return { message: found.message, hint: found.hint };
  const { suggestion } = found.params;
  const lead = typeof suggestion === "string" && suggestion !== "" ? filled(suggest, { suggestion }) : "";
  const params = phrased(found.params, phrase);
  return { message: filled(template.message, params), hint: lead + filled(template.hint, params) };
}

/** What the server fills in with words of its own; everything else is a name or a value that somebody wrote. */
const WORDS = ["expected", "found", "form", "rule", "what", "left", "right"];

function phrased(params: JsonObject, phrase: (text: string) => string): JsonObject {
  const said = WORDS.flatMap((name) => (typeof params[name] === "string" ? [[name, phrase(params[name])] as const] : []));
  return { ...params, ...Object.fromEntries(said) };
}

export interface Place {
  readonly list: string;
  readonly index: number;
  /** The rest of the pointer, from the entry on. */
  readonly rest: readonly string[];
}

/** Which entry of the document a problem is about; null for the document as a whole. */
export function placeOf(found: Problem): Place | null {
  const [list, index, ...rest] = partsOf(found.path);
  if (list === undefined || index === undefined || !/^\d+$/.test(index)) return null;
  return { list, index: Number(index), rest };
}

export function errorsOf(problems: readonly Problem[]): Problem[] {
  return problems.filter((each) => each.severity === "error");
}

/** The problems at or under a place: what a field shows. */
export function problemsAt(problems: readonly Problem[], path: string): Problem[] {
  return problems.filter((each) => each.path === path || each.path.startsWith(`${path}/`));
}
