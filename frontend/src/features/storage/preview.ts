/** What of a file can be shown, and how: by its name where that says enough, else by its first bytes. */
import { endingOf, imageType, MOST_IMAGE, MOST_JSON, MOST_TEXT } from "@/features/run/preview";
import { isObject, type Json } from "@/model/json";

export type Shown = "image" | "svg" | "table" | "lines" | "json" | "text";
const MOST_SVG = 2 * 1024 * 1024;
const MOST_LINES = 200;
const MOST_COLUMNS = 40;

export function shownAs(name: string): Shown {
  const ending = endingOf(name);
  if (imageType(name) !== null) return "image";
  if (ending === "svg") return "svg";
  if (ending === "csv" || ending === "tsv") return "table";
  if (ending === "jsonl" || ending === "ndjson") return "lines";
  return ending === "json" ? "json" : "text";
}

/** How much is fetched; null: too large to be of use in parts. */
export function bytesWanted(shown: Shown, size: number): number | null {
  if (shown === "image") return size <= MOST_IMAGE ? size : null;
  if (shown === "svg") return size <= MOST_SVG ? size : null;
  if (shown === "json" && size <= MOST_JSON) return size;
  return Math.min(size, MOST_TEXT);
}

/** The text, or null when the bytes are none. A letter that the end of the range cuts through is left out.
 *
 * UTF-16 says so itself by a mark at its beginning; what is not UTF-8 is taken for the Chinese encodings (GBK, GB18030),
 * which refuse most of what is no text. */
export function textOf(bytes: Uint8Array): string | null {
  const marked = MARKS.find(([first, second]) => bytes[0] === first && bytes[1] === second);
  if (marked !== undefined) return decoded(bytes, marked[2]);
  if (bytes.includes(0)) return null;
  return decoded(bytes, "utf-8") ?? decoded(bytes, "gb18030");
}

const MARKS = [
  [0xff, 0xfe, "utf-16le"],
  [0xfe, 0xff, "utf-16be"],
] as const;

function decoded(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}

export interface LineTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly more: boolean;
}

/** JSON Lines as a table, when every line is an object; null otherwise. */
export function lineTable(text: string, whole: boolean): LineTable | null {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  // The last line of a beginning is likely to be torn.
  const complete = whole ? lines : lines.slice(0, -1);
  const objects = complete.slice(0, MOST_LINES).map(parsed);
  if (objects.length === 0 || !objects.every(isObject)) return null;
  const head = [...new Set(objects.flatMap((each) => Object.keys(each)))].slice(0, MOST_COLUMNS);
  const rows = objects.map((each) => head.map((key) => (Object.hasOwn(each, key) ? cell(each[key] as Json) : "")));
  return { head, rows, more: !whole || complete.length > MOST_LINES };
}

function parsed(line: string): Json | undefined {
  try {
    return JSON.parse(line) as Json;
  } catch {
    return undefined;
  }
}

const cell = (value: Json): string => (typeof value === "string" ? value : JSON.stringify(value));

export function parsedJson(text: string): Json | undefined {
  return parsed(text);
}
