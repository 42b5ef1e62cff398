/** How one file gets to the server. The queue knows nothing of it. */
import { api, ApiError, csrfToken, refusal, told } from "@/api/client";
import { problem } from "@/model/problems";

export interface Sending {
  readonly file: Blob;
  readonly path: string;
  readonly project: string | null;
  readonly overwrite: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (sent: number) => void;
}

export type Send = (sending: Sending) => Promise<void>;

export const sendFile: Send = async (sending) => {
  if (!sending.overwrite) await refuseIfThere(sending);
  await put(sending);
};

/** Asked before anything is sent: a large file is not uploaded only to be refused. The server refuses again at the end. */
async function refuseIfThere({ path, project, signal }: Sending): Promise<void> {
  try {
    await told(api.GET("/api/storage/entry/", { params: { query: { path, ...(project !== null && { project }) } }, signal }));
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return;
    throw error;
  }
  throw new ApiError(409, [problem("storage.exists", `“${path}” exists already.`, "Take another name, or delete it first.", "", { place: path })]);
}

/** XMLHttpRequest, because fetch does not tell how much of a body has been sent. */
function put({ file, path, project, overwrite, signal, onProgress }: Sending): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ path, overwrite: String(overwrite), ...(project !== null && { project }) });
    request.open("PUT", `/api/storage/file/?${query.toString()}`);
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
      if (request.status >= 200 && request.status < 300) resolve();
      else reject(refusal(request.status, bodyOf(request.responseText)));
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
    else request.send(file);
  });
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
