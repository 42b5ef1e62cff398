/** What of a file can be shown, and how: by its name where that says enough, else by its first bytes. */
import { isObject, type Json } from "@/model/json";

export type Shown = "image" | "svg" | "table" | "lines" | "json" | "text";

const IMAGES: Readonly<Record<string, string | undefined>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  bmp: "image/bmp",
};
const MOST_TEXT = 256 * 1024;
const MOST_JSON = 1024 * 1024;
const MOST_IMAGE = 20 * 1024 * 1024;
const MOST_SVG = 2 * 1024 * 1024;
const MOST_ROWS = 200;
const MOST_COLUMNS = 60;

export const endingOf = (path: string): string => (/\.([^./]+)$/.exec(path)?.[1] ?? "").toLowerCase();
export const imageType = (path: string): string | null => IMAGES[endingOf(path)] ?? null;

export function shownAs(name: string): Shown {
  const ending = endingOf(name);
  if (imageType(name) !== null) return "image";
  if (ending === "svg") return "svg";
  if (ending === "csv" || ending === "tsv") return "table";
  if (ending === "jsonl" || ending === "ndjson") return "lines";
  return ending === "json" || ending === "ipynb" ? "json" : "text";
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

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** There is more than is shown. */
  readonly more: boolean;
}

/** Comma-separated values, with quotes as RFC 4180 has them. `whole` is false when the text is only the beginning. */
export function readTable(text: string, separator: string, whole: boolean): Table {
  const rows: string[][] = [[]];
  let cell = "";
  let quoted = false;
  const last = (): string[] => rows.at(-1) as string[];
  const source = text.replace(/^\ufeff/, "");
  for (let at = 0; at < source.length && rows.length <= MOST_ROWS + 2; at += 1) {
    const letter = source[at] as string;
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (source[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (letter === '"' && cell === "") quoted = true;
    else if (letter === separator) {
      last().push(cell);
      cell = "";
    } else if (letter === "\n" || letter === "\r") {
      if (letter === "\r" && source[at + 1] === "\n") at += 1;
      last().push(cell);
      cell = "";
      rows.push([]);
    } else cell += letter;
  }
  if (whole && (cell !== "" || last().length > 0)) last().push(cell);
  // The last row of a beginning is likely to be torn.
  else if (!whole || last().length === 0) rows.pop();
  const [head = [], ...body] = rows.map((row) => row.slice(0, MOST_COLUMNS));
  return { head, rows: body.slice(0, MOST_ROWS), more: !whole || body.length > MOST_ROWS };
}

/** JSON Lines as a table, when every line is an object; null otherwise. */
export function lineTable(text: string, whole: boolean): Table | null {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  // The last line of a beginning is likely to be torn.
  const complete = whole ? lines : lines.slice(0, -1);
  const objects = complete.slice(0, MOST_ROWS).map(parsed);
  if (objects.length === 0 || !objects.every(isObject)) return null;
  const head = [...new Set(objects.flatMap((each) => Object.keys(each)))].slice(0, MOST_COLUMNS);
  const rows = objects.map((each) => head.map((key) => (Object.hasOwn(each, key) ? cell(each[key] as Json) : "")));
  return { head, rows, more: !whole || complete.length > MOST_ROWS };
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
