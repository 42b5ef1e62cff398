/** A new attempt of one step in this run: with other values, and for those who may draw with other settings. */

import { lazy, Suspense, useState } from "react";
import { useMay } from "@/features/people/roles";
import type { FieldProblem } from "@/forms/stepForm";
import { t, useLanguage } from "@/i18n/i18n";
import { stepByName, type Step, type WorkflowDocument } from "@/model/document";
import type { JsonObject } from "@/model/json";
import { ProblemNote } from "@/ui/States";
import { Dialog } from "@/ui/Dialog";
import { Tabs } from "@/ui/Tabs";
import { toast } from "@/ui/Toast";
import { changedOnly, FieldsLoading, problemsOf, unplaced, withValue, type AgainProps } from "./dialogs";
import { editOf, stepInRun } from "./edits";
import styles from "./Fields.module.css";
import { useStepAction } from "./queries";
import { askedFor, placeholderNames, ValuesForm } from "./ValuesForm";

/** All the forms of steps: only for whoever opens them. */
const StepSettings = lazy(async () => ({ default: (await import("./StepSettings")).StepSettings }));

/** Where the request holds the step. */
const HERE = "/step";

interface Props extends AgainProps {
  readonly step: string;
  readonly title: string;
  /** What was changed before, as the run tells it. */
  readonly edited: JsonObject | null;
}

function asEdited(document: WorkflowDocument | null, name: string, edited: JsonObject | null): WorkflowDocument | null {
  if (document === null || stepByName(document, name) === undefined) return null;
  return { ...document, steps: (document.steps ?? []).map((step) => (step.name === name ? stepInRun(step, edited) : step)) };
}

export function RetryDialog({ run, document, step: name, title, edited, onClose }: Props) {
  useLanguage();
  const before = run.values as JsonObject;
  const [values, setValues] = useState<JsonObject>(before);
  const [original] = useState(() => asEdited(document, name, edited));
  const [drawn, setDrawn] = useState(original);
  const [tab, setTab] = useState("values");
  const act = useStepAction(run.id);
  const draws = useMay(run.project, "author");
  const fields = placeholderNames(document).map((field) => askedFor(document, field));
  const problems = problemsOf(act.error);
  const inside = problems.filter((each) => each.path === HERE || each.path.startsWith(`${HERE}/`)).map((each): FieldProblem => ({ ...each, inside: each.path.slice(HERE.length) }));
  const outside = unplaced(problems, fields).filter((each) => !inside.some((other) => other.path === each.path));
  const changed = changedOnly(before, values);
  const edit = original !== null && drawn !== null ? editOf(stepByName(original, name) as Step, stepByName(drawn, name) as Step) : {};
  const submit = () => {
    act.mutate(
      { step: name, action: "retry", ...(Object.keys(changed).length > 0 && { values: changed }), ...(Object.keys(edit).length > 0 && { edit }) },
      {
        onSuccess: () => {
          toast(t("retry.done", { step: title }));
          onClose();
        },
        onError: (error) => {
          const found = problemsOf(error);
          const here = (place: string) => found.some((each) => each.path.startsWith(place));
          if (here(HERE)) setTab("settings");
          else if (here("/values")) setTab("values");
        },
      },
    );
  };
  const form = <ValuesForm marked clearable={false} fields={fields} values={values} before={before} onChange={(field, value) => { setValues(withValue(values, field, value)); }} problems={problems} />;
  const settings = original !== null && drawn !== null && (
    <Suspense fallback={<FieldsLoading />}>
      <StepSettings document={drawn} original={original} name={name} project={run.project} problems={inside} onChange={setDrawn} onShow={() => { setTab("values"); }} />
    </Suspense>
  );
  return (
    <Dialog isOpen wide onClose={onClose} title={t("retry.title", { step: title })} submit={{ label: t("run.retry"), run: submit, busy: act.isPending }}>
      <p className={styles.lead}>{t(draws ? "retry.text" : "retry.values")}</p>
      {outside.map((problem) => (
        <ProblemNote key={problem.code + problem.path} problem={problem} />
      ))}
      {draws && settings !== false ? (
        <div className={styles.parts} data-testid="retry-parts">
          <Tabs
            label={t("retry.parts")}
            selected={tab}
            onSelect={setTab}
            items={[
              { id: "values", label: t("retry.tab.values"), content: fields.length === 0 ? <p className={styles.none}>{t("retry.noValues")}</p> : form },
              { id: "settings", label: t("retry.tab.settings"), content: settings },
            ]}
          />
        </div>
      ) : (
        form
      )}
    </Dialog>
  );
}
