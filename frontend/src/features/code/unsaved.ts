/** Scripts with lines that are not saved yet, by path: looking at another step loses nothing. */

import type { LoadedFile } from "./file";

export interface Draft {
  readonly text: string;
  /** What the text was made from. */
  readonly base: LoadedFile;
}

export const drafts = new Map<string, Draft>();
