/** Where the files of runs are. */

export const logUrl = (run: string, step: string, attempt: string | null): string => `/api/runs/${run}/steps/${encodeURIComponent(step)}/logs/${attempt === null ? "" : `?attempt=${attempt}`}`;

export const outputUrl = (run: string, step: string, output: string, path: string): string =>
  `/api/runs/${run}/steps/${encodeURIComponent(step)}/outputs/${encodeURIComponent(output)}/?path=${encodeURIComponent(path)}`;
