import type { Translated } from "@/i18n/messages";
import type { editor as en } from "@/i18n/en/editor";

export const editor: Translated<typeof en> = {
  "editor.title": "画布",
  "editor.text": "编辑器将在此打开。",
};
