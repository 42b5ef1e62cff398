/** The bell of the workflow that is open in the editor. */
import { useEditor, useEditorState } from "@/features/editor/context";
import { shownTitle, stepByName } from "@/model/document";
import { SubscribeBell } from "./SubscribeBell";

export function WorkflowBell() {
  const { workflowId } = useEditor();
  const document = useEditorState((state) => state.document);
  const titleOf = (name: string): string => {
    const step = stepByName(document, name);
    return step === undefined ? name : shownTitle(step);
  };
  return <SubscribeBell workflow={workflowId} step={null} titleOf={titleOf} steps={(document.steps ?? []).map((step) => ({ id: step.name, label: shownTitle(step) }))} />;
}
