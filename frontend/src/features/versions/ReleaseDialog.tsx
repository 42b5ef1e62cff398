/** The draft becomes a version that never changes again, with a name and what is new in it. */

import { useState } from "react";
import { ApiError } from "@/api/client";
import { useEditor, useEditorState, useProblems } from "@/features/editor/context";
import { t, useLanguage } from "@/i18n/i18n";
import { isObject } from "@/model/json";
import { Dialog } from "@/ui/Dialog";
import { Switch, TextField } from "@/ui/Field";
import { ProblemNote } from "@/ui/States";
import { toast } from "@/ui/Toast";
import { useRelease, type Version } from "./queries";
import styles from "./Versions.module.css";

export function ReleaseDialog({ onClose, onReleased }: { readonly onClose: () => void; readonly onReleased: (version: Version) => void }) {
  useLanguage();
  const { workflowId, store, flush } = useEditor();
  const errors = useProblems().filter((problem) => problem.severity === "error").length;
  const saving = useEditorState((state) => state.save.kind === "saving");
  const release = useRelease(workflowId);
  const [name, setName] = useState("");
  const [notes, setNotes] = useState("");
  const [over, setOver] = useState(false);
  const newer = newerIn(release.error);
  const send = (): void => {
    void flush().then((saved) => {
      if (!saved) return;
      release.mutate(
        { name: name.trim(), notes, revision: store.getState().revision, over: over ? newer : null },
        {
          onSuccess: (version) => {
            toast(t("versions.release.done", { name: version.name }));
            onReleased(version);
          },
        },
      );
    });
  };
  return (
    <Dialog
      isOpen
      title={t("versions.release")}
      onClose={onClose}
      submit={{ label: t("versions.release.do"), run: send, busy: release.isPending || saving, disabled: errors > 0 || (newer !== null && !over) }}
    >
      <p className={styles.lead}>{t("versions.release.text")}</p>
      {errors > 0 && <p className={styles.refused} role="alert">{t("versions.release.errors", { count: errors })}</p>}
      {release.error instanceof ApiError && release.error.problems.slice(0, 5).map((problem) => <ProblemNote key={problem.code + problem.path} problem={problem} />)}
      {newer !== null && (
        <Switch isSelected={over} onChange={setOver}>
          {t("versions.release.over", { number: newer })}
        </Switch>
      )}
      <TextField autoFocus label={t("versions.release.name")} help={t("versions.release.name.help")} value={name} onChange={setName} maxLength={100} />
      <TextField rows={4} label={t("versions.release.notes")} value={notes} onChange={setNotes} maxLength={10_000} />
    </Dialog>
  );
}

/** Somebody released meanwhile: its number. */
function newerIn(error: unknown): number | null {
  if (!(error instanceof ApiError) || error.problem.code !== "workflow.version_newer" || !isObject(error.body) || !isObject(error.body.current)) return null;
  const { version } = error.body.current;
  return typeof version === "number" ? version : null;
}
