/** A large file, sent in pieces: what is interrupted goes on where it stopped, also after the page was closed. */
import { ApiError } from "@/api/client";

/** What the server says of an upload. */
export interface Arrived {
  readonly id: string;
  readonly offset: number;
  readonly piece: number;
  readonly done: boolean;
}

/** The four things that can be asked of the server about one upload. */
export interface Desk {
  readonly begin: (signal: AbortSignal) => Promise<Arrived>;
  readonly look: (id: string, signal: AbortSignal) => Promise<Arrived>;
  readonly take: (id: string, offset: number, piece: Blob, signal: AbortSignal, onProgress: (sent: number) => void) => Promise<Arrived>;
  readonly giveUp: (id: string) => Promise<void>;
}

export interface Large {
  readonly file: Blob;
  readonly signal: AbortSignal;
  readonly onProgress: (sent: number) => void;
}

/** Between the tries: long enough for a server to start again. */
const PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];
const AGAIN = new Set(["storage.upload_offset", "storage.upload_busy"]);

export async function sendInPieces({ file, signal, onProgress }: Large, desk: Desk, pauses: readonly number[] = PAUSES_MS): Promise<void> {
  let upload = await desk.begin(signal);
  try {
    let failures = 0;
    while (!upload.done) {
      onProgress(upload.offset);
      const { id, offset } = upload;
      try {
        upload = await desk.take(id, offset, file.slice(offset, offset + upload.piece), signal, (sent) => {
          onProgress(offset + sent);
        });
        failures = 0;
      } catch (error) {
        const pause = pauses[failures];
        if (signal.aborted || !passing(error) || pause === undefined) throw error;
        failures += 1;
        await waited(pause, signal);
        upload = await seen(desk, upload, signal);
        if (upload.offset > offset) failures = 0;
      }
    }
  } catch (error) {
    // Cancelled for good. What only failed stays, and goes on when it is tried again.
    if (signal.aborted) void desk.giveUp(upload.id).catch(() => undefined);
    throw error;
  }
}

/** The server may still be away: then the next try tells. */
async function seen(desk: Desk, upload: Arrived, signal: AbortSignal): Promise<Arrived> {
  try {
    return await desk.look(upload.id, signal);
  } catch (error) {
    if (signal.aborted || !passing(error)) throw error;
    return upload;
  }
}

/** What may go away by itself: no connection, a server that starts again, a piece that is still being written. */
function passing(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.status === 0 || error.status === 429 || (error.status >= 500 && error.status !== 507) || AGAIN.has(error.problem.code);
}

function waited(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new DOMException("cancelled", "AbortError"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}
