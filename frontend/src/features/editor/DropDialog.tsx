/** A workflow file was let go over the canvas: what should become of it. Whatever is chosen can be undone, and nothing of
 * the file is left out; what is wrong with it shows as problems. */

import { useState } from "react";
import { api, ApiError, told } from "@/api/client";
import { t, useLanguage } from "@/i18n/i18n";
import type { WorkflowDocument } from "@/model/document";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { navigate } from "@/ui/navigation";
import { toastProblem } from "@/ui/Toast";
import { useDocument } from "./context";
import styles from "./dialogs.module.css";

interface Props {
  readonly file: string;
  /** null: of another version of the format; the server reads it. */
  readonly document: WorkflowDocument | null;
  readonly raw: unknown;
  readonly onReplace: (document: WorkflowDocument) => void;
  readonly onAdd: (document: WorkflowDocument) => void;
  readonly onClose: () => void;
}

export function DropDialog({ file, document, raw, onReplace, onAdd, onClose }: Props) {
  useLanguage();
  const here = useDocument().steps?.length ?? 0;
  const [busy, setBusy] = useState(false);
  const asNew = async (): Promise<void> => {
    setBusy(true);
    try {
      const { workflow } = await told(api.POST("/api/workflows/import/", { body: raw as never }));
      onClose();
      navigate(`/workflows/${workflow.id}`);
    } catch (error) {
      setBusy(false);
      if (error instanceof ApiError) toastProblem(error.problem);
    }
  };
  return (
    <Dialog isOpen title={t("editor.drop.title", { file })} onClose={onClose}>
      <p className={styles.lead}>{t("editor.drop.text", { count: document?.steps?.length ?? 0, here })}</p>
      <div className={styles.dropChoices} data-testid="drop-choices">
        {document !== null && (
          <>
            <Button look="primary" data-testid="drop-add" onPress={() => { onAdd(document); }}>
              {t("editor.drop.add")}
            </Button>
            <Button data-testid="drop-replace" onPress={() => { onReplace(document); }}>
              {t("editor.drop.replace")}
            </Button>
          </>
        )}
        <Button isPending={busy} data-testid="drop-new" onPress={() => void asNew()}>
          {t("editor.drop.new")}
        </Button>
      </div>
    </Dialog>
  );
}
