/** A workflow file was let go over the canvas, or chosen: what would become of it, and where it should go. Whatever is chosen
 * can be undone, and what is lost is said before. */

import { useProjectOfWorkflow } from "@/features/people/roles";
import { notesOf, type Incoming } from "@/features/transfer/file";
import { ImportDialog } from "@/features/transfer/ImportDialog";
import { keepReport } from "@/features/transfer/lastImport";
import { t } from "@/i18n/i18n";
import type { WorkflowDocument } from "@/model/document";
import { Button } from "@/ui/Button";
import { navigate } from "@/ui/navigation";
import { asDocument } from "./actions";
import { useDocument, useEditor } from "./context";

interface Props {
  readonly incoming: Incoming;
  readonly onReplace: (document: WorkflowDocument) => void;
  readonly onAdd: (document: WorkflowDocument) => void;
  readonly onClose: () => void;
}

export function DropDialog({ incoming, onReplace, onAdd, onClose }: Props) {
  const { workflowId } = useEditor();
  const project = useProjectOfWorkflow(workflowId);
  const here = useDocument().steps?.length ?? 0;
  const taking = (take: (document: WorkflowDocument) => void, document: WorkflowDocument) => (): void => {
    keepReport(workflowId, notesOf(incoming).length > 0 ? incoming : null);
    take(document);
  };
  return (
    <ImportDialog
      incoming={incoming}
      project={project}
      lead={t("editor.drop.text", { count: incoming.document.steps?.length ?? 0, here })}
      onClose={onClose}
      onMade={(workflow) => {
        onClose();
        navigate(`/workflows/${workflow.id}`);
      }}
    >
      {(document) =>
        // Of another version of the format: the server reads it.
        asDocument(document) !== null && (
          <>
            <Button data-testid="drop-replace" onPress={taking(onReplace, document)}>
              {t("editor.drop.replace")}
            </Button>
            <Button look="primary" data-testid="drop-add" onPress={taking(onAdd, document)}>
              {t("editor.drop.add")}
            </Button>
          </>
        )
      }
    </ImportDialog>
  );
}
