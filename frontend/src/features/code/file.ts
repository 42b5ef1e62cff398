/** A text file in the storage: read, written, and whether somebody else wrote it meanwhile. */

import { api, ApiError, refusal, told, type Schemas } from "@/api/client";

type Entry = Schemas["EntryOut"];

/** What tells one state of a file from another. */
export interface Stamp {
  readonly modified: string;
  readonly size: number;
}

export interface LoadedFile {
  readonly text: string;
  readonly stamp: Stamp;
}

export const LARGEST = 1_000_000;

const stampOf = ({ modified, size }: Entry): Stamp => ({ modified, size });
export const sameStamp = (left: Stamp | null, right: Stamp | null): boolean => left?.modified === right?.modified && left?.size === right?.size;

/** null where there is no file. */
export async function fileStamp(path: string, signal?: AbortSignal): Promise<Stamp | null> {
  try {
    return stampOf(await told(api.GET("/api/storage/entry/", { params: { query: { path } }, ...(signal && { signal }) })));
  } catch (error) {
    if (error instanceof ApiError && error.problem.code === "storage.missing") return null;
    throw error;
  }
}

/** The stamp is taken before the text: what is written in between is noticed with the next look. */
export async function fileRead(path: string, signal?: AbortSignal): Promise<LoadedFile | null> {
  const stamp = await fileStamp(path, signal);
  if (stamp === null) return null;
  if (stamp.size > LARGEST) return { text: "", stamp };
  const text = await told(api.GET("/api/storage/file/", { params: { query: { path } }, parseAs: "text", ...(signal && { signal }) }));
  return { text: text as unknown as string, stamp };
}

export async function fileWrite(path: string, text: string): Promise<Stamp> {
  await told(
    api.PUT("/api/storage/file/", {
      params: { query: { path } },
      body: text as never,
      bodySerializer: (body) => new Blob([body as unknown as string]),
      headers: { "Content-Type": "application/octet-stream" },
    }),
  );
  const stamp = await fileStamp(path);
  if (stamp === null) throw refusal(404, null);
  return stamp;
}
