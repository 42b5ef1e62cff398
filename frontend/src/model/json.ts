/** JSON values, and equality between them as JSON means it: the order of an object's keys says nothing. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** `undefined` stands for "absent", which is not the same as null. */
export function jsonEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (isList(left) && isList(right)) {
    return left.length === right.length && left.every((entry, index) => jsonEqual(entry, right[index]));
  }
  if (isObject(left) && isObject(right)) {
    const keys = Object.keys(left);
    return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && jsonEqual(left[key], right[key]));
  }
  return false;
}

export type Part = string | number;

/** A JSON Pointer (RFC 6901). */
export function pointer(...parts: readonly Part[]): string {
  return parts.map((part) => "/" + String(part).replaceAll("~", "~0").replaceAll("/", "~1")).join("");
}

export function partsOf(text: string): string[] {
  if (text === "") return [];
  return text
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** What stands at a place, or undefined. Own members only: "constructor" is a name like any other. */
export function valueAt(value: Json | undefined, parts: readonly Part[]): Json | undefined {
  let found: Json | undefined = value;
  for (const part of parts) {
    if (isList(found)) found = found[Number(part)];
    else if (isObject(found) && Object.hasOwn(found, String(part))) found = found[String(part)];
    else return undefined;
  }
  return found;
}
