/** 界面文字（简体中文）。 */
import { editor } from "./editor";
import { home } from "./home";
import { ports } from "./ports";
import { run } from "./run";
import { shell } from "./shell";

export const zh = {
  ...editor,
  ...home,
  ...ports,
  ...run,
  ...shell,
};
