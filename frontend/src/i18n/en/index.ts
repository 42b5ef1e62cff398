/** What the interface says, in English: ICU message format, one file an area. A new area is a file here and one in zh/. */
import { canvas } from "./canvas";
import { editor } from "./editor";
import { home } from "./home";
import { ports } from "./ports";
import { run } from "./run";
import { shell } from "./shell";

export const en = {
  ...canvas,
  ...editor,
  ...home,
  ...ports,
  ...run,
  ...shell,
} as const;
