/** A step of a run in the same forms as in the editor. What is not as it was is marked; the graph is as it is. */

import { useMemo } from "react";
import inspector from "@/features/inspector/Inspector.module.css";
import { SettingsTab } from "@/features/inspector/SettingsTab";
import { ProjectContext } from "@/forms/project";
import { StepFormContext, type FieldProblem, type StepForm } from "@/forms/stepForm";
import { useLanguage } from "@/i18n/i18n";
import { stepByName, type WorkflowDocument } from "@/model/document";
import { toast } from "@/ui/Toast";
import { FieldsLoading } from "./dialogs";
import { afterEdit } from "./edits";
import { useKinds } from "./queries";

interface Props {
  readonly document: WorkflowDocument;
  readonly original: WorkflowDocument;
  readonly name: string;
  readonly project: string;
  readonly problems: readonly FieldProblem[];
  readonly onChange: (document: WorkflowDocument) => void;
  /** Somebody wants to see the placeholder that a field stands for. */
  readonly onShow: (placeholder: string) => void;
}

export function StepSettings({ document, original, name, project, problems, onChange, onShow }: Props) {
  useLanguage();
  const kinds = useKinds();
  const step = stepByName(document, name);
  const then = stepByName(original, name);
  const form = useMemo(
    (): StepForm | null =>
      kinds === undefined || step === undefined || then === undefined
        ? null
        : {
            document,
            step,
            original: then,
            kinds,
            readOnly: false,
            problems,
            newId: () => crypto.randomUUID(),
            dispatch: (command) => {
              const after = afterEdit(document, command);
              if (after !== null) onChange(after);
              return after !== null;
            },
            settle: () => undefined,
            show: onShow,
            tell: (text) => {
              toast(text);
            },
          },
    [document, kinds, onChange, onShow, problems, step, then],
  );
  if (form === null) return <FieldsLoading />;
  return (
    <ProjectContext value={project}>
      <StepFormContext value={form}>
        <div className={inspector.inDialog} data-testid="step-settings">
          <SettingsTab step={form.step} />
        </div>
      </StepFormContext>
    </ProjectContext>
  );
}
