/** A text file in the storage: read, written, and whether somebody else wrote it meanwhile. */

import { api, ApiError, told, type Schemas } from "@/api/client";
import { inProject } from "@/forms/project";

type Entry = Schemas["EntryOut"];

/** What tells one state of a file from another; the server's own mark of it. */
export interface Stamp {
  readonly modified: string;
  readonly size: number;
  readonly etag: string;
}

export interface LoadedFile {
  readonly text: string;
  readonly stamp: Stamp;
}

export const LARGEST = 1_000_000;

const stampOf = ({ modified, size, etag }: Entry): Stamp => ({ modified, size, etag });
export const sameStamp = (left: Stamp | null, right: Stamp | null): boolean => left?.etag === right?.etag;

/** null where there is no file. */
export async function fileStamp(path: string, project: string | null, signal?: AbortSignal): Promise<Stamp | null> {
  try {
    return stampOf(await told(api.GET("/api/storage/entry/", { params: { query: { path, ...inProject(project) } }, ...(signal && { signal }) })));
  } catch (error) {
    if (error instanceof ApiError && error.problem.code === "storage.missing") return null;
    throw error;
  }
}

/** The stamp is taken before the text: what is written in between is noticed with the next look. */
export async function fileRead(path: string, project: string | null, signal?: AbortSignal): Promise<LoadedFile | null> {
  const stamp = await fileStamp(path, project, signal);
  if (stamp === null) return null;
  if (stamp.size > LARGEST) return { text: "", stamp };
  const text = await told(api.GET("/api/storage/file/", { params: { query: { path, ...inProject(project) } }, parseAs: "text", ...(signal && { signal }) }));
  return { text: text as unknown as string, stamp };
}

/** With `seen`, only over that very state of the file: the server refuses with `storage.changed` what would undo
 * somebody else's work. */
export async function fileWrite(path: string, project: string | null, text: string, seen: Stamp | null = null): Promise<Stamp> {
  const written = await told(
    api.PUT("/api/storage/file/", {
      params: { query: { path, ...inProject(project) }, ...(seen && { header: { "If-Match": seen.etag } }) },
      body: text as never,
      bodySerializer: (body) => new Blob([body as unknown as string]),
      headers: { "Content-Type": "application/octet-stream" },
    }),
  );
  const stamp = await fileStamp(path, project);
  // Written by somebody else in between: what we have is ours, and the next look says so.
  return stamp?.etag === written.etag ? stamp : { modified: "", size: text.length, etag: written.etag };
}
