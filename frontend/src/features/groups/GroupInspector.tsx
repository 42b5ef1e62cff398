/** The subgraph that is selected on the canvas. */

import { Group as GroupIcon } from "lucide-react";
import { groupOfNode } from "@/canvas/folding";
import { useEditorState } from "@/features/editor/context";
import { t } from "@/i18n/i18n";
import type { Group } from "@/model/document";
import { groupById, membersOf } from "@/model/groups";
import { GroupFields } from "./GroupFields";
import styles from "./Groups.module.css";
import { Folding, Remove } from "./GroupsPanel";
import { Members } from "./members";

/** null unless exactly one is selected, and nothing else. */
export function useSelectedGroup(): Group | null {
  return useEditorState((state) => {
    const [only, ...more] = state.others;
    const id = state.selection.length > 0 || only === undefined || more.length > 0 ? null : groupOfNode(only);
    return id === null ? null : (groupById(state.document, "subgraphs", id) ?? null);
  });
}

export function GroupInspector({ group }: { readonly group: Group }) {
  const document = useEditorState((state) => state.document);
  const problems = useEditorState((state) => state.problems);
  const readOnly = useEditorState((state) => state.readOnly);
  return (
    <div className={styles.inspector} data-testid="group-inspector">
      <header className={styles.head}>
        <span className={styles.mark} aria-hidden="true">
          <GroupIcon size={17} />
        </span>
        <div className={styles.names}>
          <h2>{group.name}</h2>
          <p>{t("canvas.group.steps", { count: membersOf(document, group).length })}</p>
        </div>
      </header>
      <div className={styles.body}>
        <Folding id={group.id} />
        <GroupFields list="subgraphs" group={group} problems={problems.filter((problem) => problem.list === "subgraphs" && problem.entry === group.id)} readOnly={readOnly} />
        <Members list="subgraphs" group={group} readOnly={readOnly} />
        {!readOnly && <Remove list="subgraphs" group={group} />}
      </div>
    </div>
  );
}
