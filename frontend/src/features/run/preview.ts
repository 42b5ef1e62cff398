/** What of a file can be shown, and how. By its name: what it really holds is only bytes until somebody looks. */

export type PreviewKind = "image" | "table" | "json" | "text" | "none";

const IMAGES: Readonly<Record<string, string | undefined>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  bmp: "image/bmp",
};
const TEXTS = new Set(["txt", "log", "md", "rst", "py", "sh", "yaml", "yml", "toml", "ini", "cfg", "conf", "xml", "html", "css", "js", "ts", "sql", "jsonl", "ndjson", "env", "lock", "in", "r", "java", "c", "cpp", "h", "go", "rs"]);
const NO_ENDING = new Set(["readme", "license", "makefile", "dockerfile", "notice"]);
export const MOST_TEXT = 256 * 1024;
export const MOST_JSON = 1024 * 1024;
export const MOST_IMAGE = 20 * 1024 * 1024;
const MOST_ROWS = 200;
const MOST_COLUMNS = 60;

export const endingOf = (path: string): string => (/\.([^./]+)$/.exec(path)?.[1] ?? "").toLowerCase();
export const imageType = (path: string): string | null => IMAGES[endingOf(path)] ?? null;

export function previewKind(path: string, size: number): PreviewKind {
  const ending = endingOf(path);
  if (imageType(path) !== null) return size <= MOST_IMAGE ? "image" : "none";
  if (ending === "csv" || ending === "tsv") return "table";
  if (ending === "json" || ending === "ipynb") return size <= MOST_JSON ? "json" : "text";
  const name = (path.split("/").at(-1) ?? "").toLowerCase();
  return TEXTS.has(ending) || NO_ENDING.has(name) ? "text" : "none";
}

export interface Rows {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** There is more than is shown. */
  readonly more: boolean;
}

/** Comma-separated values, with quotes as RFC 4180 has them. `whole` is false when the text is only the beginning. */
export function readTable(text: string, separator: string, whole: boolean): Rows {
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

/** Laid out for reading; the text as it is where it is not JSON after all. */
export function readJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
