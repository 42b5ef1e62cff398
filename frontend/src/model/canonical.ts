/** The canonical text of a JSON value (RFC 8785): the same bytes as the server's, and the hash of a document. */

import { isList, isObject, type Json, type JsonObject } from "./json";

export const LARGEST_INTEGER = 2 ** 53;
const LISTS_WITH_IDS = ["parameters", "data", "steps", "scenes", "subgraphs", "notes"];
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** Throws RangeError for what has no canonical form: numbers that are not finite, integers beyond ±2^53 that were
 * written as such, lone surrogates. */
export function canonicalText(value: Json): string {
  const parts: string[] = [];
  write(value, parts);
  return parts.join("");
}

export function canonicalBytes(value: Json): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(canonicalText(value));
}

/** SHA-256 (hexadecimal) of what the document means: without ids and layout. */
export async function documentHash(document: JsonObject): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", canonicalBytes(meaningOf(document)));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function meaningOf(document: JsonObject): JsonObject {
  const { layout: _layout, ...rest } = document;
  const meaning: Record<string, Json> = rest;
  for (const name of LISTS_WITH_IDS) {
    const list = meaning[name];
    if (isList(list)) meaning[name] = list.map(withoutId);
  }
  return meaning;
}

function withoutId(entry: Json): Json {
  if (!isObject(entry)) return entry;
  const { id: _id, ...rest } = entry;
  return rest;
}

function write(value: Json, parts: string[]): void {
  if (isList(value)) {
    parts.push("[");
    value.forEach((entry, index) => {
      if (index > 0) parts.push(",");
      write(entry, parts);
    });
    parts.push("]");
  } else if (isObject(value)) {
    parts.push("{");
    // The default order compares UTF-16 code units, which is what the RFC demands.
    Object.keys(value)
      .sort()
      .forEach((key, index) => {
        if (index > 0) parts.push(",");
        parts.push(text(key), ":");
        write(value[key] as Json, parts);
      });
    parts.push("}");
  } else if (typeof value === "string") {
    parts.push(text(value));
  } else if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new RangeError("a number that is not finite");
    parts.push(JSON.stringify(value));
  } else {
    parts.push(String(value));
  }
}

function text(value: string): string {
  if (LONE_SURROGATE.test(value)) throw new RangeError("a lone surrogate");
  return JSON.stringify(value);
}
