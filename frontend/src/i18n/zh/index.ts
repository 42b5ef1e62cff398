/** 界面文字（简体中文）。 */
import { canvas } from "./canvas";
import { editor } from "./editor";
import { home } from "./home";
import { ports } from "./ports";
import { run } from "./run";
import { shell } from "./shell";

export const zh = {
  ...canvas,
  ...editor,
  ...home,
  ...ports,
  ...run,
  ...shell,
};
