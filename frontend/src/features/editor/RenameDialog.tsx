/** F2: what a step is called, and the name under which others refer to it. Renaming rewrites every reference. */

import { useState } from "react";
import { t, useLanguage } from "@/i18n/i18n";
import type { Command } from "@/model/commands";
import { NAME_PATTERN, stepById } from "@/model/document";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/Field";
import { useEditor } from "./context";

export function RenameDialog({ stepId, onClose }: { readonly stepId: string; readonly onClose: () => void }) {
  useLanguage();
  const { store, dispatch } = useEditor();
  const { document } = store.getState();
  const step = stepById(document, stepId);
  const [title, setTitle] = useState(step?.title ?? "");
  const [name, setName] = useState(step?.name ?? "");
  const taken = (document.steps ?? []).some((each) => each.id !== stepId && each.name === name);
  const error = taken ? t("editor.rename.taken", { name }) : NAME_PATTERN.test(name) ? null : t("editor.rename.help");
  const save = () => {
    const commands: Command[] = [];
    if (title !== (step?.title ?? "")) commands.push({ type: "step.set", id: stepId, pointer: "/title", value: title });
    if (name !== step?.name) commands.push({ type: "step.rename", id: stepId, name });
    if (commands.length > 0) dispatch({ type: "batch", commands, label: "step.rename" });
    onClose();
  };
  return (
    <Dialog isOpen title={t("editor.rename.title")} onClose={onClose} submit={{ label: t("action.rename"), run: save, disabled: error !== null }}>
      <TextField label={t("editor.rename.shown")} value={title} onChange={setTitle} autoFocus maxLength={64} />
      <TextField label={t("editor.rename.name")} help={t("editor.rename.help")} value={name} onChange={setName} error={error} mono maxLength={64} />
    </Dialog>
  );
}
