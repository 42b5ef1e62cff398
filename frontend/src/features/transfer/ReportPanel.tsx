/** What became of the file that was brought in here: each note leads to its step, until somebody puts the report away. */

import { useEditor, useEditorState } from "@/features/editor/context";
import { t } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import type { Incoming } from "./file";
import { NotesOf } from "./ImportDialog";
import { keepReport } from "./lastImport";
import styles from "./Transfer.module.css";

export function ReportPanel({ incoming, onClose }: { readonly incoming: Incoming; readonly onClose: () => void }) {
  const editor = useEditor();
  const document = useEditorState((state) => state.document);
  return (
    <section className={styles.panel} aria-label={t("transfer.report")} data-testid="import-report">
      <header className={styles.panelHead}>
        <h2>{t("transfer.report.of", { file: incoming.file })}</h2>
        <Button
          small
          look="quiet"
          onPress={() => {
            keepReport(editor.workflowId, null);
            onClose();
          }}
        >
          {t("transfer.report.away")}
        </Button>
      </header>
      <NotesOf
        incoming={incoming}
        document={document}
        onGo={(stepId, path) => {
          editor.select([stepId]);
          editor.reveal({ stepId, path, focus: true });
        }}
      />
    </section>
  );
}
