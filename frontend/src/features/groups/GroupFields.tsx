/** Name and description of a scene or a subgraph. */

import { useState } from "react";
import { useEditor, useEditorState } from "@/features/editor/context";
import type { LocatedProblem } from "@/features/editor/problems";
import { Foot } from "@/forms/Foot";
import { TextControl } from "@/forms/TextControls";
import { t } from "@/i18n/i18n";
import type { Group } from "@/model/document";
import type { GroupList } from "@/model/groups";
import styles from "./Groups.module.css";

const LONGEST = 64;

interface Props {
  readonly list: GroupList;
  readonly group: Group;
  readonly problems: readonly LocatedProblem[];
  readonly readOnly: boolean;
}

export function GroupFields({ list, group, problems, readOnly }: Props) {
  const editor = useEditor();
  const others = useEditorState((state) => state.document[list]) ?? [];
  const [typed, setTyped] = useState<{ readonly text: string; readonly of: string } | null>(null);
  const text = typed !== null && typed.of === group.name ? typed.text : group.name;
  const taken = others.some((each) => each.id !== group.id && each.name === text.trim());
  const wrong = text.trim() === "" || text.length > LONGEST ? t("groups.name.bad") : taken ? t("groups.name.taken", { name: text.trim() }) : null;
  const finish = (): void => {
    setTyped(null);
    if (wrong === null && text.trim() !== group.name) editor.dispatch({ type: "entry.update", list, key: group.id, changes: { set: { name: text.trim() } } });
    editor.settle();
  };
  return (
    <>
      <div className={styles.field} data-pointer="/group/name" data-testid="group-name">
        <span className={styles.label}>{t("placeholders.name")}</span>
        <TextControl
          label={t("placeholders.name")}
          value={text}
          clearable={false}
          invalid={wrong !== null}
          disabled={readOnly}
          onDone={finish}
          onChange={(next) => {
            setTyped({ text: typeof next === "string" ? next : "", of: group.name });
          }}
        />
        {wrong === null ? <Foot problems={problems.filter((each) => each.inside === "/name")} /> : <p role="alert" className={styles.wrong}>{wrong}</p>}
      </div>
      <div className={styles.field}>
        <span className={styles.label}>{t("placeholders.description")}</span>
        <TextControl
          label={t("placeholders.description")}
          rows={2}
          value={group.description === undefined || group.description === "" ? undefined : group.description}
          clearable={false}
          disabled={readOnly}
          onDone={() => {
            editor.settle();
          }}
          onChange={(next) => {
            editor.dispatch({ type: "entry.update", list, key: group.id, changes: { set: { description: typeof next === "string" ? next : "" } } }, { mergeKey: `${list}/${group.id}/description` });
          }}
        />
      </div>
      <Foot problems={problems.filter((each) => each.inside !== "/name")} />
    </>
  );
}
