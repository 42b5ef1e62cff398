/** Files by byte ranges. */
import { ApiError, refusal } from "./client";
import { problem } from "@/model/problems";

export interface Range {
  readonly bytes: Uint8Array;
  /** How long the whole is now. */
  readonly size: number;
}

export type ReadRange = (from: number, to: number, signal: AbortSignal) => Promise<Range>;

const RANGE_NOT_SATISFIABLE = 416;

/** Bytes from `from` up to before `to`; fewer at the end of the file, none behind it. */
export function rangeReader(url: string): ReadRange {
  return async (from, to, signal) => {
    let response: Response;
    try {
      response = await fetch(url, { headers: { Range: `bytes=${String(from)}-${String(to - 1)}` }, signal, credentials: "same-origin" });
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new ApiError(0, [problem("client.unreachable", "The server cannot be reached.", "See that it is running; your work stays here meanwhile.")]);
    }
    const total = /\/(\d+)$/.exec(response.headers.get("Content-Range") ?? "")?.[1];
    if (response.status === RANGE_NOT_SATISFIABLE) return { bytes: new Uint8Array(), size: Number(total ?? from) };
    if (!response.ok) throw refusal(response.status, await response.json().catch(() => null));
    const bytes = new Uint8Array(await response.arrayBuffer());
    // A server that does not know ranges sends the whole.
    if (response.status === 200) return { bytes: bytes.subarray(from, to), size: bytes.length };
    return { bytes, size: Number(total ?? from + bytes.length) };
  };
}
