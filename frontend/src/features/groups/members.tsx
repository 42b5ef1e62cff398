/** Which steps belong to a group: every step, with a tick. */

import { KindIcon } from "@/canvas/KindIcon";
import { useEditor, useEditorState } from "@/features/editor/context";
import { t } from "@/i18n/i18n";
import { shownTitle, type Group } from "@/model/document";
import { membersOf, missingIn, subgraphOf, withMembers, type GroupList } from "@/model/groups";
import { Button } from "@/ui/Button";
import styles from "./Groups.module.css";

interface Props {
  readonly list: GroupList;
  readonly group: Group;
  readonly readOnly: boolean;
}

export function Members({ list, group, readOnly }: Props) {
  const editor = useEditor();
  const document = useEditorState((state) => state.document);
  const steps = document.steps ?? [];
  const members = new Set(group.steps);
  const missing = list === "scenes" ? missingIn(document, group) : new Map<string, readonly string[]>();
  const change = (name: string, on: boolean): void => {
    // The document's order, so that the same choice is the same text.
    const names = steps.map((step) => step.name).filter((each) => (each === name ? on : members.has(each)));
    editor.dispatch(withMembers(document, list, group.id, names));
  };
  return (
    <fieldset className={styles.members} data-testid="members">
      <legend>{t("groups.steps", { count: membersOf(document, group).length, all: steps.length })}</legend>
      {steps.length === 0 && <p className={styles.help}>{t("groups.noSteps")}</p>}
      {steps.map((step) => {
        const other = list === "subgraphs" ? subgraphOf(document, step.name) : undefined;
        const needs = missing.get(step.name);
        return (
          <label key={step.id} className={styles.member} data-step={step.name}>
            <input type="checkbox" checked={members.has(step.name)} disabled={readOnly} onChange={(event) => { change(step.name, event.target.checked); }} />
            <KindIcon kind={step.kind} size={20} />
            <span className={styles.memberText}>
              <span className={styles.memberName}>{shownTitle(step)}</span>
              {other !== undefined && other.id !== group.id && <span className={styles.memberNote}>{t("groups.inOther", { name: other.name })}</span>}
              {needs !== undefined && <span className={styles.memberNeeds}>{t("groups.needs", { steps: needs.join(", ") })}</span>}
            </span>
          </label>
        );
      })}
      {steps.length > 0 && (
        <Button
          small
          look="quiet"
          onPress={() => {
            editor.select(membersOf(document, group).map((step) => step.id));
          }}
        >
          {t("groups.showOnCanvas")}
        </Button>
      )}
    </fieldset>
  );
}
