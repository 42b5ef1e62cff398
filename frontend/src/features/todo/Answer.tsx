/** The question of a waiting step, asked with the dialog that the run's own page uses. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, told } from "@/api/client";
import { keys } from "@/api/keys";
import { problemOf } from "@/features/assets/wire";
import { AnswerDialog } from "@/features/run/dialogs";
import { ProjectContext } from "@/forms/project";
import { t } from "@/i18n/i18n";
import { Dialog } from "@/ui/Dialog";
import { Loading, ProblemNote, Skeleton } from "@/ui/States";
import type { Todo } from "./TodoPage";

export function Answer({ todo, waiting, onClose }: { readonly todo: Todo; readonly waiting: boolean; readonly onClose: () => void }) {
  const client = useQueryClient();
  // The list does not say which version of the workflow runs; the question stands in that version.
  const run = useQuery({ queryKey: keys.run(todo.run), queryFn: ({ signal }) => told(api.GET("/api/runs/{id}/", { params: { path: { id: todo.run } }, signal })) });
  // The list says that the step waits no more; who was faster stands in the step.
  const step = useQuery({
    queryKey: [...keys.runStep(todo.run, todo.step), "answered"],
    queryFn: ({ signal }) => told(api.GET("/api/runs/{id}/steps/{name}/", { params: { path: { id: todo.run, name: todo.step } }, signal })),
    enabled: !waiting,
  });
  const close = () => {
    void client.invalidateQueries({ queryKey: keys.todo });
    onClose();
  };
  if (run.data === undefined) {
    return (
      <Dialog isOpen onClose={onClose} title={t("todo.answer.for", { step: todo.title })}>
        {run.isError ? (
          <ProblemNote problem={problemOf(run.error)} />
        ) : (
          <Loading>
            <Skeleton height={32} />
          </Loading>
        )}
      </Dialog>
    );
  }
  return (
    <ProjectContext value={run.data.project}>
    <AnswerDialog
      run={todo.run}
      number={todo.run_number}
      step={todo.step}
      title={todo.title}
      awaits={todo.awaits}
      workflow={todo.workflow.id}
      version={run.data.version.number}
      waiting={waiting || step.isPending}
      answered={step.data?.step.answered?.name ?? null}
      onClose={close}
    />
    </ProjectContext>
  );
}
