/** Nothing is selected: the workflow itself, and everything a run asks for. */

import { Waypoints } from "lucide-react";
import { GroupsPanel } from "@/features/groups/GroupsPanel";
import { PlaceholderPanel } from "@/features/placeholders/PlaceholderPanel";
import { useEditor, useEditorState } from "@/features/editor/context";
import { Fold } from "@/forms/Fold";
import { Foot } from "@/forms/Foot";
import { TextControl } from "@/forms/TextControls";
import { t } from "@/i18n/i18n";
import { WORKFLOW_NAME_PATTERN } from "@/model/document";
import { useState } from "react";
import styles from "./Inspector.module.css";

export function WorkflowPanel() {
  const document = useEditorState((state) => state.document);
  return (
    <>
      <header className={styles.head}>
        <span className={styles.mark} aria-hidden="true">
          <Waypoints size={17} />
        </span>
        <div className={styles.names}>
          <h2 className={styles.title}>{document.name}</h2>
          <p className={styles.second}>
            <span>{t("inspector.steps", { count: document.steps?.length ?? 0 })}</span>
          </p>
        </div>
      </header>
      <div className={styles.scroll}>
        <Properties />
        <PlaceholderPanel />
        <GroupsPanel list="scenes" />
        <GroupsPanel list="subgraphs" />
      </div>
    </>
  );
}

function Properties() {
  const editor = useEditor();
  const { name, description = "" } = useEditorState((state) => state.document);
  const problems = useEditorState((state) => state.problems);
  const readOnly = useEditorState((state) => state.readOnly);
  const [typed, setTyped] = useState<{ readonly text: string; readonly of: string } | null>(null);
  const text = typed !== null && typed.of === name ? typed.text : name;
  const wrong = !WORKFLOW_NAME_PATTERN.test(text);
  const settle = (): void => {
    setTyped(null);
    if (!wrong && text !== name) editor.dispatch({ type: "document.set", field: "name", value: text });
    editor.settle();
  };
  return (
    <Fold id="workflow" title={t("inspector.workflow")} open={false} summary={description}>
      <div className={styles.labelled} data-pointer="/name">
        <span className={styles.label}>{t("inspector.workflowName")}</span>
        <TextControl label={t("inspector.workflowName")} value={text} clearable={false} invalid={wrong} disabled={readOnly} onDone={settle} onChange={(next) => { setTyped({ text: typeof next === "string" ? next : "", of: name }); }} />
        <Foot problems={problems.filter((problem) => problem.path === "/name")} help={wrong ? t("inspector.workflowName.help") : ""} />
      </div>
      <div className={styles.labelled} data-pointer="/description">
        <span className={styles.label}>{t("inspector.description")}</span>
        <TextControl
          label={t("inspector.description")}
          rows={3}
          value={description === "" ? undefined : description}
          clearable={false}
          disabled={readOnly}
          onDone={() => {
            editor.settle();
          }}
          onChange={(next) => {
            editor.dispatch({ type: "document.set", field: "description", value: typeof next === "string" ? next : "" }, { mergeKey: "description" });
          }}
        />
      </div>
    </Fold>
  );
}
