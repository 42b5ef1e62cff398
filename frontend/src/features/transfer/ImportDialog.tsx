/** What a file would become, before it does: how much of it was understood, what was not, and where it should go. */

import { FileInput } from "lucide-react";
import { useMemo, useState, type ReactNode } from "react";
import { api, ApiError, told } from "@/api/client";
import { useKinds } from "@/features/run/queries";
import { t, useLanguage } from "@/i18n/i18n";
import { shownTitle, stepById, type WorkflowDocument } from "@/model/document";
import type { Problem } from "@/model/problems";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { EmptyState } from "@/ui/States";
import { toastProblem } from "@/ui/Toast";
import { arranged } from "./arrange";
import { notesOf, type Incoming } from "./file";
import { keepReport } from "./lastImport";
import { NoteList } from "./NoteList";
import { excerpt, fateOf, stepAbout, stepAt } from "./notes";
import styles from "./Transfer.module.css";

interface Props {
  readonly incoming: Incoming;
  /** In which project a new workflow is made; by itself in one's own. */
  readonly project?: string | undefined;
  /** What else can be done with the document, before "as a new workflow". */
  readonly children?: (document: WorkflowDocument) => ReactNode;
  readonly lead: string;
  readonly onMade: (workflow: { readonly id: string; readonly name: string }) => void;
  readonly onClose: () => void;
}

export function ImportDialog({ incoming, project, children, lead, onMade, onClose }: Props) {
  useLanguage();
  const [busy, setBusy] = useState(false);
  const kinds = useKinds();
  const document = useMemo(() => (kinds === undefined ? incoming.document : arranged(kinds, incoming.document)), [kinds, incoming]);
  const asNew = async (): Promise<void> => {
    setBusy(true);
    try {
      const { workflow } = await told(api.POST("/api/workflows/import/", { params: { query: project === undefined ? {} : { project } }, body: document as never }));
      keepReport(workflow.id, notesOf(incoming).length > 0 ? incoming : null);
      onMade(workflow);
    } catch (error) {
      setBusy(false);
      if (error instanceof ApiError) toastProblem(error.problem);
    }
  };
  return (
    <Dialog isOpen wide title={t("editor.drop.title", { file: incoming.file })} onClose={onClose}>
      <p className={styles.lead}>{lead}</p>
      <Facts incoming={incoming} />
      {notesOf(incoming).length > 0 && <NotesOf incoming={incoming} />}
      {(incoming.document.steps?.length ?? 0) === 0 && (
        <EmptyState icon={<FileInput size={20} />} title={t("transfer.noSteps")}>
          {t("transfer.noSteps.text")}
        </EmptyState>
      )}
      <div className={styles.choices} data-testid="drop-choices">
        {children?.(document)}
        <Button isPending={busy} data-testid="drop-new" {...(children === undefined && { look: "primary" as const })} onPress={() => void asNew()}>
          {t("editor.drop.new")}
        </Button>
      </div>
    </Dialog>
  );
}

/** Whose file it is, and in figures what became of it. */
function Facts({ incoming }: { readonly incoming: Incoming }) {
  const { source, mapped, report } = incoming;
  const of = (fate: ReturnType<typeof fateOf>): number => report.filter((note) => fateOf(note) === fate).length;
  const [dropped, approximated] = [of("dropped"), of("approximated")];
  const wrong = incoming.problems.filter((each) => each.severity === "error").length;
  return (
    <p className={styles.facts} data-testid="import-facts" data-source={source}>
      <Badge tone="busy">{t(`transfer.source.${source}`)}</Badge>
      {source !== "pipeloom" && <Badge tone="good">{t("transfer.mapped", { count: mapped })}</Badge>}
      {approximated > 0 && <Badge tone="warn">{t("transfer.approximated", { count: approximated })}</Badge>}
      {dropped > 0 && <Badge tone="bad">{t("transfer.dropped", { count: dropped })}</Badge>}
      {wrong > 0 && <Badge tone="bad">{t("transfer.wrong", { count: wrong })}</Badge>}
    </p>
  );
}

/** The notes with what stands at their places in the file. */
export function NotesOf({ incoming, document = incoming.document, onGo }: { readonly incoming: Incoming; readonly document?: WorkflowDocument; readonly onGo?: (step: string, path: string) => void }) {
  const ofFile = new Set(incoming.report);
  const stepId = (note: Problem): string | null => {
    const found = ofFile.has(note) ? stepAbout(incoming.raw, note.path, incoming.document) : stepAt(note.path, incoming.document);
    return found !== null && stepById(document, found) !== undefined ? found : null;
  };
  return (
    <NoteList
      notes={notesOf(incoming)}
      excerptOf={(note) => (ofFile.has(note) ? excerpt(incoming.raw, note.path) : null)}
      stepOf={(note) => {
        const id = stepId(note);
        const step = id === null ? undefined : stepById(document, id);
        return step === undefined ? null : shownTitle(step);
      }}
      {...(onGo !== undefined && {
        onGo: (note: Problem) => {
          const id = stepId(note);
          if (id !== null) onGo(id, ofFile.has(note) ? "" : note.path);
        },
      })}
    />
  );
}
