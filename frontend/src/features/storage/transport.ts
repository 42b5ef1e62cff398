/** How one file gets to the server. The queue knows nothing of it. */
import { api, ApiError, csrfToken, refusal, told } from "@/api/client";
import { problem } from "@/model/problems";
import { sendInPieces, type Arrived, type Desk } from "./pieces";

export interface Sending {
  readonly file: Blob;
  readonly path: string;
  readonly project: string | null;
  readonly overwrite: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (sent: number) => void;
}

export type Send = (sending: Sending) => Promise<void>;

/** A file of one piece is one request; what is larger is sent in pieces. */
const ONE_PIECE = 8 * 1024 * 1024;

export const sendFile: Send = async (sending) => {
  if (sending.file.size > ONE_PIECE) return sendInPieces(sending, deskFor(sending));
  if (!sending.overwrite) await refuseIfThere(sending);
  await put(sending);
};

/** Asked before anything is sent: a file is not uploaded only to be refused. The server refuses again at the end. */
async function refuseIfThere({ path, project, signal }: Sending): Promise<void> {
  try {
    await told(api.GET("/api/storage/entry/", { params: { query: { path, ...(project !== null && { project }) } }, signal }));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return;
    throw error;
  }
  throw new ApiError(409, [problem("storage.exists", `“${path}” exists already.`, "Take another name, or delete it first.", "", { place: path })]);
}

async function put({ file, path, project, overwrite, signal, onProgress }: Sending): Promise<void> {
  const query = new URLSearchParams({ path, overwrite: String(overwrite), ...(project !== null && { project }) });
  await send("PUT", `/api/storage/file/?${query.toString()}`, file, signal, onProgress);
}

function deskFor({ file, path, project, overwrite }: Sending): Desk {
  const at = (id: string) => ({ params: { path: { id } } });
  const name = file instanceof File ? `${file.name} ${String(file.lastModified)}` : "";
  return {
    begin: (signal) => told(api.POST("/api/storage/uploads/", { params: { query: project === null ? {} : { project } }, body: { path, size: file.size, overwrite, mark: name.slice(-200) }, signal })),
    look: (id, signal) => told(api.GET("/api/storage/uploads/{id}/", { ...at(id), signal })),
    take: async (id, offset, piece, signal, onProgress) => (await send("PATCH", `/api/storage/uploads/${id}/?offset=${String(offset)}`, piece, signal, onProgress)) as Arrived,
    giveUp: async (id) => {
      await told(api.DELETE("/api/storage/uploads/{id}/", at(id)));
    },
  };
}

/** XMLHttpRequest, because fetch does not tell how much of a body has been sent. */
function send(method: "PUT" | "PATCH", url: string, body: Blob, signal: AbortSignal, onProgress: (sent: number) => void): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-CSRFToken", csrfToken(document.cookie, location));
    const stop = () => {
      request.abort();
    };
    signal.addEventListener("abort", stop);
    request.upload.onprogress = (event) => {
      onProgress(event.loaded);
    };
    request.onload = () => {
      const answer = bodyOf(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(answer);
      else reject(refusal(request.status, answer));
    };
    request.onerror = () => {
      reject(new ApiError(0, [problem("client.unreachable", "The server cannot be reached.", "See that it is running; your work stays here meanwhile.")]));
    };
    request.onabort = () => {
      reject(new DOMException("cancelled", "AbortError"));
    };
    request.onloadend = () => {
      signal.removeEventListener("abort", stop);
    };
    if (signal.aborted) request.onabort(new ProgressEvent("abort"));
    else request.send(body);
  });
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
