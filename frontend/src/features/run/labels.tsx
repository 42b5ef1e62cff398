/** Name and labels of a run, and its end. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ApiError, told } from "@/api/client";
import { keys } from "@/api/keys";
import { t, useLanguage } from "@/i18n/i18n";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/Field";
import { ProblemNote } from "@/ui/States";
import { toast } from "@/ui/Toast";
import type { Run } from "./queries";

interface Props {
  readonly run: Run;
  readonly onClose: () => void;
}

/** Labels as one types them: words between commas, each once. */
export const labelsOf = (text: string): string[] => [...new Set(text.split(/[,，、]/).map((each) => each.trim()).filter(Boolean))];

export function LabelsDialog({ run, onClose, onChanged }: Props & { readonly onChanged?: (run: Run) => void }) {
  useLanguage();
  const client = useQueryClient();
  const [name, setName] = useState(run.name);
  const [labels, setLabels] = useState(run.labels.join(", "));
  const change = useMutation({
    mutationFn: () => told(api.PATCH("/api/runs/{id}/", { params: { path: { id: run.id } }, body: { name: name.trim(), labels: labelsOf(labels) } })),
    onSuccess: (changed) => {
      void client.invalidateQueries({ queryKey: keys.runs });
      onChanged?.(changed);
      onClose();
    },
  });
  return (
    <Dialog isOpen onClose={onClose} title={t("runs.labels.title", { number: run.number })} submit={{ label: t("action.save"), run: () => { change.mutate(); }, busy: change.isPending }}>
      {change.error instanceof ApiError && change.error.problems.map((problem) => <ProblemNote key={problem.path} problem={problem} />)}
      <TextField autoFocus label={t("runs.name")} help={t("runs.name.help")} value={name} onChange={setName} maxLength={200} />
      <TextField label={t("runs.labels")} help={t("runs.labels.help")} value={labels} onChange={setLabels} data-testid="labels" />
    </Dialog>
  );
}

export function DeleteRunDialog({ run, onClose, onDeleted }: Props & { readonly onDeleted?: () => void }) {
  useLanguage();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => told(api.DELETE("/api/runs/{id}/", { params: { path: { id: run.id } } })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.runs });
      toast(t("runs.deleted", { number: run.number }));
      onClose();
      onDeleted?.();
    },
  });
  return (
    <Dialog alert isOpen onClose={onClose} title={t("runs.delete.title", { number: run.number, workflow: run.workflow.name })} submit={{ label: t("action.delete"), look: "danger", run: () => { remove.mutate(); }, busy: remove.isPending }}>
      {remove.error instanceof ApiError && <ProblemNote problem={remove.error.problem} />}
      <p>{t("runs.delete.text")}</p>
    </Dialog>
  );
}
