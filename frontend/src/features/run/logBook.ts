/** A log of any length in a window of bounded length: a run of lines that grows at either end and is cut at the other.
 *
 * Only bytes tell places: a line knows where it begins in the file. Who is at the end follows; who looks elsewhere is
 * left alone, and only told how long the file has become. */

import type { ReadRange } from "@/api/ranges";

export interface LogLine {
  /** Offset of its first byte. */
  readonly at: number;
  readonly text: string;
  /** Its end has not been written yet. */
  readonly open: boolean;
}

export interface LogState {
  readonly lines: readonly LogLine[];
  /** The window, in bytes. */
  readonly start: number;
  readonly end: number;
  /** How long the log is, as far as we know. */
  readonly size: number;
  readonly loading: "before" | "after" | "jump" | null;
  readonly error: unknown;
  /** Number of the first line; null while the window begins in the middle of the file. */
  readonly firstNumber: number | null;
}

export const CHUNK = 256 * 1024;
export const WINDOW = 2 * 1024 * 1024;
const LONGEST_LINE = 16 * 1024;
const NEWLINE = 10;

export class LogBook {
  private state: LogState = { lines: [], start: 0, end: 0, size: 0, loading: null, error: null, firstNumber: 1 };
  private readonly listeners = new Set<() => void>();
  private readonly read: ReadRange;
  private abort = new AbortController();
  /** Bytes of the line that is still open. */
  private tail: Uint8Array = new Uint8Array();
  private atEnd = true;
  /** The end was wanted while something else was being read. */
  private owed = false;

  constructor(read: ReadRange) {
    this.read = read;
  }

  getState = (): LogState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  /** Reads from the beginning, or around a place; returns what ends it. */
  start(offset: number | null): () => void {
    const abort = new AbortController();
    this.abort = abort;
    this.state = { ...this.state, loading: null };
    if (offset === null) void this.after();
    else {
      this.atEnd = false;
      void this.jump(offset);
    }
    return () => {
      abort.abort();
    };
  }

  /** The file has this many bytes now. Who follows gets them. */
  async grew(size: number): Promise<void> {
    if (size > this.state.size) this.set({ size });
    if (this.atEnd) await this.follow();
  }

  /** Whether new lines are wanted as they come. */
  setFollowing(follow: boolean): void {
    this.atEnd = follow;
  }

  /** Everything up to the end; a large part at once is a jump. */
  async follow(): Promise<void> {
    this.atEnd = true;
    if (this.state.loading !== null) {
      this.owed = true;
      return;
    }
    if (this.state.size - this.state.end > WINDOW) await this.jump(Math.max(0, this.state.size - CHUNK / 2));
    while (this.atEnd && this.state.error === null && this.state.end < this.state.size) {
      if (!(await this.after())) return;
    }
  }

  /** The next part. */
  async after(): Promise<boolean> {
    const { end } = this.state;
    return this.part("after", end, end + CHUNK, (bytes, size) => {
      this.append(bytes, size);
      return bytes.length > 0;
    });
  }

  /** The part before. */
  async before(): Promise<boolean> {
    const { start } = this.state;
    if (start === 0) return false;
    const from = Math.max(0, start - CHUNK);
    return this.part("before", from, start, (bytes, size) => {
      this.prepend(bytes, from, size);
      return true;
    });
  }

  /** A window around a place; the line that it lies in is among the lines. */
  async jump(offset: number): Promise<void> {
    const from = Math.max(0, offset - CHUNK / 2);
    await this.part("jump", from, from + CHUNK, (bytes, size) => {
      this.tail = new Uint8Array();
      const skip = from === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
      this.state = { ...this.state, lines: [], start: from + skip, end: from + skip, firstNumber: from === 0 ? 1 : null };
      this.append(bytes.subarray(skip), size);
      return true;
    });
  }

  /** The first lines again after an error. */
  async again(): Promise<void> {
    this.set({ error: null });
    await (this.atEnd ? this.follow() : this.after());
  }

  private async part(kind: LogState["loading"], from: number, to: number, take: (bytes: Uint8Array, size: number) => boolean): Promise<boolean> {
    if (this.state.loading !== null) return false;
    const { signal } = this.abort;
    this.set({ loading: kind });
    try {
      const { bytes, size } = await this.read(from, to, signal);
      if (signal.aborted) return false;
      this.state = { ...this.state, loading: null, error: null };
      const more = take(bytes, Math.max(size, from + bytes.length));
      this.tell();
      if (this.owed) {
        this.owed = false;
        if (this.atEnd) void this.follow();
      }
      return more;
    } catch (error) {
      if (!signal.aborted) this.set({ loading: null, error });
      return false;
    }
  }

  private append(bytes: Uint8Array, size: number): void {
    const { lines, end } = this.state;
    const joined = concat(this.tail, bytes);
    const whole = lines.at(-1)?.open === true ? lines.slice(0, -1) : lines;
    const { found, rest } = split(joined, end - this.tail.length);
    this.tail = rest;
    const open = rest.length === 0 ? [] : [lineOf(rest, end + bytes.length - rest.length, true)];
    this.state = { ...this.state, lines: [...whole, ...found, ...open], end: end + bytes.length, size: Math.max(size, this.state.size) };
    this.cut("front");
  }

  private prepend(bytes: Uint8Array, from: number, size: number): void {
    const skip = from === 0 ? 0 : bytes.indexOf(NEWLINE) + 1;
    // A single line longer than a part: it is shown from here on.
    const { found, rest } = split(bytes.subarray(skip), from + skip);
    const last = rest.length === 0 ? [] : [lineOf(rest, from + bytes.length - rest.length, false)];
    this.state = { ...this.state, lines: [...found, ...last, ...this.state.lines], start: from + skip, size: Math.max(size, this.state.size), firstNumber: from === 0 ? 1 : null };
    this.cut("back");
  }

  /** Forgets what is furthest away once the window is full. */
  private cut(side: "front" | "back"): void {
    const { lines, start, end, firstNumber } = this.state;
    if (end - start <= WINDOW) return;
    if (side === "front") {
      const keep = lines.findIndex((line) => line.at >= end - WINDOW);
      if (keep > 0) this.state = { ...this.state, lines: lines.slice(keep), start: (lines[keep] as LogLine).at, firstNumber: firstNumber === null ? null : firstNumber + keep };
    } else {
      const keep = lines.findLastIndex((line) => line.at <= start + WINDOW);
      if (keep > 0) {
        this.tail = new Uint8Array();
        this.state = { ...this.state, lines: lines.slice(0, keep), end: (lines[keep] as LogLine).at };
      }
    }
  }

  private set(changes: Partial<LogState>): void {
    this.state = { ...this.state, ...changes };
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}

function split(bytes: Uint8Array, offset: number): { readonly found: LogLine[]; readonly rest: Uint8Array } {
  const found: LogLine[] = [];
  let from = 0;
  for (let to = bytes.indexOf(NEWLINE, from); to >= 0; to = bytes.indexOf(NEWLINE, from)) {
    found.push(lineOf(bytes.subarray(from, to), offset + from, false));
    from = to + 1;
  }
  return { found, rest: bytes.slice(from) };
}

const decoder = new TextDecoder();

function lineOf(bytes: Uint8Array, at: number, open: boolean): LogLine {
  const text = decoder.decode(bytes.subarray(0, LONGEST_LINE));
  return { at, text: bytes.length > LONGEST_LINE ? `${text} … (+${String(bytes.length - LONGEST_LINE)})` : text, open };
}

function concat(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length === 0) return right;
  const joined = new Uint8Array(left.length + right.length);
  joined.set(left);
  joined.set(right, left.length);
  return joined;
}

export interface Match {
  readonly at: number;
}

const SEARCH_CHUNK = 1024 * 1024;
export const MOST_MATCHES = 1_000;

/** Reads the whole log for lines with a text in them, however long it is. Upper and lower case are the same. */
export async function searchLog(read: ReadRange, wanted: string, told: (found: readonly Match[], done: number, size: number) => void, signal: AbortSignal): Promise<void> {
  const needle = wanted.toLowerCase();
  const found: Match[] = [];
  let rest: Uint8Array = new Uint8Array();
  for (let at = 0, size = Infinity; at < size && found.length < MOST_MATCHES; ) {
    const part = await read(at, at + SEARCH_CHUNK, signal);
    size = part.size;
    if (part.bytes.length === 0) break;
    const joined = concat(rest, part.bytes);
    const { found: lines, rest: open } = split(joined, at - rest.length);
    at += part.bytes.length;
    const last = at >= size && open.length > 0 ? [lineOf(open, at - open.length, true)] : [];
    for (const line of [...lines, ...last]) if (found.length < MOST_MATCHES && line.text.toLowerCase().includes(needle)) found.push({ at: line.at });
    rest = open.length > SEARCH_CHUNK ? new Uint8Array() : open;
    told([...found], at, size);
  }
}
