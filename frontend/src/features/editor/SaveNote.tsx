/** Whether the server has everything: always to be seen, never in the way. */

import { Check, CircleAlert, CloudOff, LoaderCircle, PencilLine, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { atLeast, useMembership, useProjectOfWorkflow } from "@/features/people/roles";
import { formatAgo, sayProblem, t, useLanguage } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import { useNow } from "@/ui/clock";
import { Tooltip } from "@/ui/Tooltip";
import { useEditor, useEditorState } from "./context";
import type { SaveState } from "./state";
import styles from "./TopBar.module.css";

const ICONS: Readonly<Record<SaveState["kind"], ReactNode>> = {
  saved: <Check size={14} />,
  unsaved: <PencilLine size={14} />,
  saving: <LoaderCircle size={14} />,
  offline: <CloudOff size={14} />,
  failed: <CircleAlert size={14} />,
  conflict: <TriangleAlert size={14} />,
};

export function SaveNote() {
  useLanguage();
  const { flush } = useEditor();
  const save = useEditorState((state) => state.save);
  const readOnly = useEditorState((state) => state.readOnly);
  const now = useNow(60_000);
  if (readOnly) return <ReadOnly />;
  const retry = save.kind === "offline" || save.kind === "failed";
  return (
    <span className={styles.save} data-testid="save-state" data-state={save.kind} role="status">
      <Tooltip text={detail(save, now)}>
        <Button small look="quiet" className={styles.saveButton ?? ""} icon={ICONS[save.kind]} onPress={() => void flush()}>
          {t(`editor.save.${save.kind}`)}
        </Button>
      </Tooltip>
      {retry && (
        <Button small onPress={() => void flush()}>
          {t("action.retry")}
        </Button>
      )}
    </span>
  );
}

function detail(save: SaveState, now: number): string {
  if (save.kind === "saved") return save.at === null ? t("editor.save.saved.text") : t("editor.save.at", { ago: formatAgo(new Date(save.at), now) });
  if (save.kind !== "failed") return t(`editor.save.${save.kind}.text`);
  const { message, hint } = sayProblem(save.problem);
  return `${message} ${hint}`;
}

/** Why nothing can be changed: the person's role, or a document of a newer Pipeloom. */
function ReadOnly() {
  const { workflowId } = useEditor();
  const membership = useMembership(useProjectOfWorkflow(workflowId));
  const byRole = membership !== undefined && !atLeast(membership.role, "author");
  return (
    <span className={styles.save} data-testid="read-only">
      {byRole ? t("role.readOnly", { role: t(`role.${membership.role}`), project: membership.name }) : t("editor.readOnly")}
    </span>
  );
}
