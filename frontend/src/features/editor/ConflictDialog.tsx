/** Somebody else saved in between. What does not conflict is put together by itself; of the rest each thing is chosen. Nothing
 * is lost: a merge can be undone, so can taking the other side, and a copy can be kept. */

import { lazy, Suspense, useState } from "react";
import { formatAgo, t, useLanguage } from "@/i18n/i18n";
import type { WorkflowDocument } from "@/model/document";
import { useNow } from "@/ui/clock";
import { Dialog } from "@/ui/Dialog";
import { Loading, Skeleton } from "@/ui/States";
import { useEditorState } from "./context";
import styles from "./dialogs.module.css";
import type { SaveState, ServerDraft } from "./state";

export interface ConflictDeeds {
  readonly onKeepMine: () => void;
  readonly onTakeTheirs: () => void;
  readonly onMerge: (document: WorkflowDocument, theirs: ServerDraft) => Promise<boolean>;
}
export type ConflictState = Extract<SaveState, { kind: "conflict" }>;

/** Seldom needed, so it is not part of what opens the page. */
const MergeView = lazy(async () => ({ default: (await import("./MergeView")).MergeView }));

export function ConflictDialog(props: ConflictDeeds) {
  const save = useEditorState((state) => state.save);
  return save.kind === "conflict" ? <Open {...props} conflict={save} /> : null;
}

function Open({ conflict, ...deeds }: ConflictDeeds & { readonly conflict: ConflictState }) {
  useLanguage();
  const now = useNow(60_000);
  const [later, setLater] = useState(false);
  const { theirs } = conflict;
  const who = theirs.updatedBy ?? t("editor.conflict.somebody");
  return (
    <Dialog
      alert
      wide
      isOpen={!later}
      title={t("editor.conflict.title")}
      onClose={() => {
        setLater(true);
      }}
    >
      <p className={styles.lead}>{theirs.updatedAt === undefined ? t("editor.conflict.text") : t("editor.conflict.who", { who, ago: formatAgo(theirs.updatedAt, now) })}</p>
      <Suspense fallback={<Waiting />}>
        <MergeView {...deeds} conflict={conflict} />
      </Suspense>
    </Dialog>
  );
}

export function Waiting() {
  return (
    <Loading>
      <div className={styles.mergeWaiting}>
        {[0, 1, 2].map((each) => (
          <Skeleton key={each} height={44} />
        ))}
      </div>
    </Loading>
  );
}
