/** The files on their way to the server: a few at once, each with its progress, until the page is closed.
 *
 * Nothing is replaced unasked: a file that is there already waits for an answer. */
import { ApiError } from "@/api/client";
import { problem, type Problem } from "@/model/problems";
import type { Send } from "./transport";

export type UploadState = "waiting" | "sending" | "exists" | "failed" | "done" | "cancelled";

export interface Upload {
  readonly id: number;
  readonly path: string;
  readonly size: number;
  readonly sent: number;
  readonly state: UploadState;
  readonly problem: Problem | null;
}

export interface NewUpload {
  readonly file: Blob;
  readonly path: string;
  readonly project: string | null;
}

interface Held {
  shown: Upload;
  readonly project: string | null;
  /** Let go when it has arrived, so that the browser may forget it. */
  file: Blob | null;
  overwrite: boolean;
  stop: AbortController | null;
}

export interface UploadsView {
  readonly items: readonly Upload[];
  /** Grows with every file that has arrived: whoever shows folders looks again. */
  readonly arrived: number;
}

const AT_ONCE = 3;
const NOTICE_MS = 120;

export class Uploads {
  private readonly held = new Map<number, Held>();
  private readonly listeners = new Set<() => void>();
  private view: UploadsView = { items: [], arrived: 0 };
  private arrived = 0;
  private last = 0;
  private sending = 0;
  private notice: ReturnType<typeof setTimeout> | null = null;

  private readonly send: Send;
  private readonly atOnce: number;

  constructor(send: Send, atOnce = AT_ONCE) {
    this.send = send;
    this.atOnce = atOnce;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  readonly current = (): UploadsView => this.view;

  add(files: readonly NewUpload[]): void {
    for (const { file, path, project } of files) {
      this.last += 1;
      const shown: Upload = { id: this.last, path, size: file.size, sent: 0, state: "waiting", problem: null };
      this.held.set(this.last, { shown, project, file, overwrite: false, stop: null });
    }
    this.go();
  }

  cancel(id: number): void {
    const held = this.held.get(id);
    if (held === undefined || held.shown.state === "done") return;
    held.file = null;
    held.shown = { ...held.shown, state: "cancelled", sent: 0, problem: null };
    held.stop?.abort();
    this.changed();
  }

  cancelAll(): void {
    for (const upload of this.unfinished()) this.cancel(upload.id);
  }

  /** Once more; with `overwrite` over what is there. */
  again(id: number, overwrite = false): void {
    const held = this.held.get(id);
    if (held === undefined || held.file === null || !["exists", "failed"].includes(held.shown.state)) return;
    held.overwrite ||= overwrite;
    held.shown = { ...held.shown, state: "waiting", sent: 0, problem: null };
    this.go();
  }

  replaceAll(): void {
    for (const upload of this.all()) if (upload.state === "exists") this.again(upload.id, true);
  }

  /** Takes what is over out of the list. */
  clear(): void {
    for (const [id, { shown }] of this.held) if (["done", "cancelled", "failed", "exists"].includes(shown.state)) this.held.delete(id);
    this.changed();
  }

  unfinished(): Upload[] {
    return this.all().filter((upload) => upload.state === "waiting" || upload.state === "sending");
  }

  private all(): Upload[] {
    return [...this.held.values()].map((held) => held.shown);
  }

  private go(): void {
    for (const held of this.held.values()) {
      if (this.sending >= this.atOnce) break;
      if (held.shown.state === "waiting" && held.file !== null) void this.start(held, held.file);
    }
    this.changed();
  }

  private async start(held: Held, file: Blob): Promise<void> {
    this.sending += 1;
    const stop = new AbortController();
    held.stop = stop;
    held.shown = { ...held.shown, state: "sending" };
    const live = () => held.stop === stop && held.shown.state === "sending";
    try {
      await this.send({
        file,
        path: held.shown.path,
        project: held.project,
        overwrite: held.overwrite,
        signal: stop.signal,
        onProgress: (sent) => {
          if (!live()) return;
          held.shown = { ...held.shown, sent: Math.min(sent, held.shown.size) };
          this.changed();
        },
      });
      this.finish(held, live());
    } catch (error) {
      if (live()) held.shown = { ...held.shown, ...failure(error), sent: 0 };
    } finally {
      this.sending -= 1;
      this.go();
    }
  }

  /** It arrived, even when somebody cancelled too late: the folder has it. */
  private finish(held: Held, live: boolean): void {
    this.arrived += 1;
    if (!live) return;
    held.file = null;
    held.shown = { ...held.shown, state: "done", sent: held.shown.size };
  }

  /** Many small files, and many reports of each: the page hears of them a few times a second. */
  private changed(): void {
    this.notice ??= setTimeout(() => {
      this.notice = null;
      this.view = { items: this.all(), arrived: this.arrived };
      for (const listener of this.listeners) listener();
    }, NOTICE_MS);
  }
}

function failure(error: unknown): Pick<Upload, "state" | "problem"> {
  const found = error instanceof ApiError ? error.problem : problem("client.unreadable", "The server answered in a form that cannot be read.", "Try again in a moment.");
  return { state: found.code === "storage.exists" ? "exists" : "failed", problem: found };
}

export interface UploadSums {
  readonly count: number;
  readonly done: number;
  readonly open: number;
  readonly asking: number;
  readonly failed: number;
  /** Between 0 and 1, by bytes; files without any count as one byte. */
  readonly share: number;
}

export function sumsOf(items: readonly Upload[]): UploadSums {
  const wanted = items.filter((each) => each.state !== "cancelled");
  const count = (...states: readonly UploadState[]) => wanted.filter((each) => states.includes(each.state)).length;
  const bytes = wanted.reduce((sum, each) => sum + Math.max(1, each.size), 0);
  const sent = wanted.reduce((sum, each) => sum + (each.state === "done" ? Math.max(1, each.size) : each.sent), 0);
  return { count: wanted.length, done: count("done"), open: count("waiting", "sending"), asking: count("exists"), failed: count("failed"), share: bytes === 0 ? 0 : sent / bytes };
}
