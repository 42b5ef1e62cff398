/** Questions of a run: the values that a step waits for, what to change before a step or a run goes again. */

import { useEffect, useEffectEvent, useState } from "react";
import { ApiError } from "@/api/client";
import { t, useLanguage } from "@/i18n/i18n";
import type { WorkflowDocument } from "@/model/document";
import { jsonEqual, type Json, type JsonObject } from "@/model/json";
import type { Problem } from "@/model/problems";
import { Dialog } from "@/ui/Dialog";
import { navigate } from "@/ui/navigation";
import { Loading, ProblemNote, Skeleton } from "@/ui/States";
import { toast } from "@/ui/Toast";
import { useRunAction, useRunDocument, useStepAction, type Run } from "./queries";
import styles from "./Fields.module.css";
import { askedFor, placeholderNames, ValuesForm, type Asked } from "./ValuesForm";

export const problemsOf = (error: unknown): readonly Problem[] => (error instanceof ApiError ? error.problems : []);

/** Problems that are not about one of the fields. */
export const unplaced = (problems: readonly Problem[], fields: readonly Asked[]): readonly Problem[] => problems.filter((each) => !fields.some((field) => each.path === `/values/${field.name}` || each.path.startsWith(`/values/${field.name}/`)));

interface AnswerProps {
  readonly run: string;
  readonly number: number;
  readonly step: string;
  readonly title: string;
  readonly awaits: readonly string[];
  readonly workflow: string;
  readonly version: number;
  /** False as soon as the step does not wait any more: somebody else was faster. */
  readonly waiting: boolean;
  /** Who that was; null when nobody was, as after a stop. */
  readonly answered: string | null;
  readonly onClose: () => void;
}

/** Opened from the node that waits, and from the list of what there is to do. */
export function AnswerDialog({ run, number, step, title, awaits, workflow, version, waiting, answered, onClose }: AnswerProps) {
  useLanguage();
  const document = useRunDocument(workflow, version);
  const act = useStepAction(run);
  const [values, setValues] = useState<JsonObject>({});
  const fields = awaits.map((name) => askedFor(document.data ?? null, name));
  const given = withDefaults(fields, values);
  const problems = problemsOf(act.error);
  // Not while our own answer is under way: the news of it may be here before the server's word.
  const elsewhere = !waiting && !act.isPending && !act.isSuccess;
  const tell = useEffectEvent(() => {
    toast(answered === null ? t("answer.over", { step: title }) : t("answer.elsewhere", { step: title, name: answered }));
    onClose();
  });
  useEffect(() => {
    if (elsewhere) tell();
  }, [elsewhere]);
  const submit = () => {
    act.mutate(
      { step, action: "continue", values: given },
      {
        onSuccess: () => {
          toast(t("answer.done", { step: title }));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("answer.title", { step: title })} submit={{ label: t("answer.send"), run: submit, busy: act.isPending, disabled: awaits.some((name) => !Object.hasOwn(given, name)) }}>
      <p className={styles.lead}>{t("answer.text", { number })}</p>
      {unplaced(problems, fields).map((problem) => (
        <ProblemNote key={problem.code + problem.path} problem={problem} />
      ))}
      {document.isPending ? <FieldsLoading /> : <ValuesForm fields={fields} values={values} onChange={(name, value) => { setValues(withValue(values, name, value)); }} problems={problems} />}
    </Dialog>
  );
}

export function FieldsLoading() {
  return (
    <Loading>
      <Skeleton height={32} />
    </Loading>
  );
}

export function withValue(values: JsonObject, name: string, value: Json | undefined): JsonObject {
  if (value !== undefined) return { ...values, [name]: value };
  return Object.fromEntries(Object.entries(values).filter(([key]) => key !== name));
}

/** What stands in a field without being typed is part of the answer. */
function withDefaults(fields: readonly Asked[], values: JsonObject): JsonObject {
  const defaults = fields.flatMap((field) => (field.fallback === undefined ? [] : [[field.name, field.fallback] as const]));
  return { ...Object.fromEntries(defaults), ...values };
}

/** Only what differs from what the run has already. */
export function changedOnly(before: JsonObject, after: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(after).filter(([name, value]) => !Object.hasOwn(before, name) || !jsonEqual(before[name], value)));
}

export interface AgainProps {
  readonly run: Run;
  readonly document: WorkflowDocument | null;
  readonly onClose: () => void;
}

/** A new run of the same version. */
export function RerunDialog({ run, document: given, onClose }: AgainProps) {
  useLanguage();
  const loaded = useRunDocument(run.workflow.id, run.version.number);
  const document = given ?? loaded.data ?? null;
  const before = run.values as JsonObject;
  const [values, setValues] = useState<JsonObject>(before);
  const act = useRunAction(run.id);
  const fields = placeholderNames(document).map((name) => askedFor(document, name));
  const problems = problemsOf(act.error);
  const submit = () => {
    act.mutate(
      { action: "rerun", values: changedOnly(before, values) },
      {
        onSuccess: ({ run: made }) => {
          toast(t("rerun.done", { number: made.number }));
          onClose();
          navigate(`/runs/${made.id}`);
        },
      },
    );
  };
  return (
    <Dialog isOpen wide onClose={onClose} title={t("rerun.title", { number: run.number })} submit={{ label: t("rerun.send"), run: submit, busy: act.isPending }}>
      <p className={styles.lead}>{t("rerun.text", { version: run.version.number })}</p>
      {unplaced(problems, fields).map((problem) => (
        <ProblemNote key={problem.code + problem.path} problem={problem} />
      ))}
      {document === null ? <FieldsLoading /> : <ValuesForm clearable={false} fields={fields} values={values} onChange={(name, value) => { setValues(withValue(values, name, value)); }} problems={problems} />}
    </Dialog>
  );
}
