/** The questions of the home page: a new workflow, another name, really delete, which sample. */
import { FlaskConical } from "lucide-react";
import { useState } from "react";
import { ApiError } from "@/api/client";
import { sayProblem, t } from "@/i18n/i18n";
import { WORKFLOW_NAME_PATTERN } from "@/model/document";
import type { JsonObject } from "@/model/json";
import { problemsAt, type Problem } from "@/model/problems";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/Field";
import { Skeleton, EmptyState, ErrorState, ProblemNote } from "@/ui/States";
import { toast } from "@/ui/Toast";
import styles from "./HomePage.module.css";
import { useCreate, useDelete, useRename, useSamples, type Sample, type Workflow } from "./queries";

interface Props {
  readonly onClose: () => void;
}

interface InProject {
  /** Where the new one is to be; by itself in one's own project. */
  readonly project: string | undefined;
}

function problemsOf(error: unknown): readonly Problem[] {
  return error instanceof ApiError ? error.problems : [];
}

/** What is wrong with one field, in a sentence; the rest is shown above the buttons. */
function said(problems: readonly Problem[], path: string): string | null {
  const [first] = problemsAt(problems, path);
  if (first === undefined) return null;
  const { message, hint } = sayProblem(first);
  return `${message} ${hint}`;
}

interface NameFormProps {
  readonly name: string;
  readonly description: string;
  readonly onName: (name: string) => void;
  readonly onDescription: (description: string) => void;
  readonly problems: readonly Problem[];
}

function NameForm({ name, description, onName, onDescription, problems }: NameFormProps) {
  const elsewhere = problems.filter((each) => !["/name", "/description"].includes(each.path));
  return (
    <>
      {elsewhere.map((each) => (
        <ProblemNote key={each.code + each.path} problem={each} />
      ))}
      <TextField autoFocus isRequired label={t("new.name")} help={t("new.name.help")} value={name} onChange={onName} error={said(problems, "/name")} maxLength={64} data-testid="name" />
      <TextField rows={3} label={t("new.description")} help={t("new.description.help")} value={description} onChange={onDescription} error={said(problems, "/description")} maxLength={4096} />
    </>
  );
}

export function NewDialog({ onClose, onMade, project }: Props & InProject & { readonly onMade: (workflow: Workflow) => void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const create = useCreate();
  const submit = () => {
    create.mutate({ name: name.trim(), description, ...(project !== undefined && { project }) }, { onSuccess: onMade });
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("new.title")} submit={{ label: t("action.create"), run: submit, busy: create.isPending, disabled: !WORKFLOW_NAME_PATTERN.test(name.trim()) }}>
      <NameForm name={name} description={description} onName={setName} onDescription={setDescription} problems={problemsOf(create.error)} />
    </Dialog>
  );
}

export function RenameDialog({ workflow, onClose }: Props & { readonly workflow: Workflow }) {
  const [name, setName] = useState(workflow.name);
  const [description, setDescription] = useState(workflow.description);
  const rename = useRename();
  const submit = () => {
    rename.mutate(
      { id: workflow.id, name: name.trim(), description },
      {
        onSuccess: (renamed) => {
          toast(t("home.renamed", { name: renamed.name }));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("rename.title")} submit={{ label: t("action.save"), run: submit, busy: rename.isPending, disabled: !WORKFLOW_NAME_PATTERN.test(name.trim()) }}>
      <NameForm name={name} description={description} onName={setName} onDescription={setDescription} problems={problemsOf(rename.error)} />
    </Dialog>
  );
}

export function DeleteDialog({ workflow, onClose }: Props & { readonly workflow: Workflow }) {
  const remove = useDelete();
  const submit = () => {
    remove.mutate(workflow.id, {
      onSuccess: () => {
        toast(t("home.deleted", { name: workflow.name }));
        onClose();
      },
    });
  };
  return (
    <Dialog alert isOpen onClose={onClose} title={t("delete.title", { name: workflow.name })} submit={{ label: t("action.delete"), look: "danger", run: submit, busy: remove.isPending }}>
      <p>{t("delete.text")}</p>
      {problemsOf(remove.error).map((each) => (
        <ProblemNote key={each.code} problem={each} />
      ))}
    </Dialog>
  );
}

export function SampleDialog({ onClose, onMade, taken, project }: Props & InProject & { readonly onMade: (workflow: Workflow) => void; readonly taken: (name: string) => string }) {
  const samples = useSamples();
  const create = useCreate();
  const use = (sample: Sample) => {
    const name = taken(sample.name);
    create.mutate({ name, description: sample.description, document: { ...(sample.document as JsonObject), name }, ...(project !== undefined && { project }) }, { onSuccess: onMade });
  };
  return (
    <Dialog isOpen wide onClose={onClose} title={t("home.sample")}>
      <p>{t("home.sample.text")}</p>
      {problemsOf(create.error).map((each) => (
        <ProblemNote key={each.code} problem={each} />
      ))}
      {samples.isPending && <Skeleton height={72} />}
      {samples.isError && <ErrorState problem={(samples.error as ApiError).problem} onRetry={() => void samples.refetch()} />}
      {samples.data?.items.length === 0 && <EmptyState title={t("home.sample.none")}>{t("home.sample.none.text")}</EmptyState>}
      <ul className={styles.samples}>
        {samples.data?.items.map((sample) => (
          <li key={sample.id} className={styles.sample} data-testid="sample">
            <span className={styles.sampleIcon}>
              <FlaskConical size={18} />
            </span>
            <div className={styles.sampleText}>
              <strong>{sample.name}</strong>
              <span>{sample.description}</span>
              <span className={styles.sampleSize}>{t("home.sample.steps", { count: sample.steps })}</span>
            </div>
            <Button
              isPending={create.isPending}
              onPress={() => {
                use(sample);
              }}
            >
              {t("home.sample.use")}
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
