/** Above the selected step: run to here, run only this, show its script. */

import { Code, Play, StepForward } from "lucide-react";
import { useEditor, useEditorState } from "@/features/editor/context";
import { SubscribeBell } from "@/features/notices/SubscribeBell";
import { showInspectorTab } from "@/features/inspector/memory";
import { t, useLanguage } from "@/i18n/i18n";
import { shownTitle, stepById } from "@/model/document";
import { Button, IconButton } from "@/ui/Button";
import { requestRun, useMayRun } from "./request";
import styles from "./RunPanel.module.css";

export function StepTools({ stepId }: { readonly stepId: string }) {
  useLanguage();
  const { kinds, workflowId } = useEditor();
  const step = useEditorState((state) => stepById(state.document, stepId));
  const mayRun = useMayRun();
  if (step === undefined) return null;
  return (
    <>
      {mayRun && (
        <>
          <Button
            small
            look="quiet"
            icon={<Play size={13} />}
            className={styles.toHere ?? ""}
            data-testid="run-to-here"
            onPress={() => {
              requestRun({ steps: [step.name], mode: "to_here", reuse: true });
            }}
          >
            {t("runform.toHere")}
          </Button>
          <IconButton
            small
            label={t("runform.only")}
            icon={<StepForward size={15} />}
            data-testid="run-only"
            onPress={() => {
              requestRun({ steps: [step.name], mode: "only", reuse: true });
            }}
          />
        </>
      )}
      <SubscribeBell small workflow={workflowId} step={{ id: step.id, name: step.name, title: shownTitle(step) }} titleOf={() => shownTitle(step)} />
      {kinds.get(step.kind)?.executes === "engine" && (
        <IconButton
          small
          label={t("runform.code")}
          icon={<Code size={15} />}
          data-testid="show-code"
          onPress={() => {
            showInspectorTab("code");
          }}
        />
      )}
    </>
  );
}
