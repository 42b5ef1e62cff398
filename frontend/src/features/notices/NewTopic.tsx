/** A topic, made on the spot: in the project of the workflow whose bell asks for it, or in one's own. */
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { api, ApiError, told } from "@/api/client";
import { keys } from "@/api/keys";
import { sayProblem, t } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import { TextField } from "@/ui/Field";
import styles from "./Subscribe.module.css";
import { useMakeTopic, type Topic } from "./queries";

interface Props {
  readonly workflow?: string;
  readonly onMade: (topic: Topic) => void;
  readonly onCancel?: (() => void) | undefined;
}

export function NewTopic({ workflow, onMade, onCancel }: Props) {
  const [name, setName] = useState("");
  const make = useMakeTopic();
  const found = useQuery({
    queryKey: keys.workflow(workflow ?? ""),
    queryFn: ({ signal }) => told(api.GET("/api/workflows/{id}/", { params: { path: { id: workflow ?? "" } }, signal })),
    enabled: workflow !== undefined,
  });
  const project = found.data?.project;
  const ready = name.trim() !== "" && (workflow === undefined || project !== undefined);
  const send = (event: FormEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    if (ready && !make.isPending) make.mutate({ name: name.trim(), join: true, ...(project !== undefined && { project }) }, { onSuccess: onMade });
  };
  return (
    <form className={styles.newTopic} onSubmit={send} noValidate>
      <TextField
        label={t("topics.name")}
        value={name}
        onChange={setName}
        maxLength={64}
        autoFocus
        help={t("topics.name.help")}
        error={make.error instanceof ApiError ? sayProblem(make.error.problem).message : null}
        data-testid="topic-name"
      />
      <div className={styles.newTopicActions}>
        {onCancel !== undefined && <Button small onPress={onCancel}>{t("action.cancel")}</Button>}
        <Button small type="submit" look="primary" isDisabled={!ready} isPending={make.isPending} data-testid="topic-make">
          {t("topics.make")}
        </Button>
      </div>
    </form>
  );
}
