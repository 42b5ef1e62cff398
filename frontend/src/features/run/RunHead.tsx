/** What a run is and how it goes, in a line; and what can be done to it as a whole. */

import { Ellipsis, RotateCcw, Tag, Trash2 } from "lucide-react";
import { useState } from "react";
import { RoleNote } from "@/features/people/RoleNote";
import { useMay } from "@/features/people/roles";
import { formatDate, t, useLanguage } from "@/i18n/i18n";
import { FollowRun } from "@/features/notices/FollowRun";
import type { WorkflowDocument } from "@/model/document";
import { RUN_TERMINAL } from "@/model/runReducer";
import { Badge } from "@/ui/Badge";
import { Button, IconButton } from "@/ui/Button";
import { Menu } from "@/ui/Menu";
import { Link, navigate } from "@/ui/navigation";
import { StateChip } from "@/ui/StateChip";
import { RerunDialog } from "./dialogs";
import { DeleteRunDialog, LabelsDialog } from "./labels";
import { LinkSign } from "./LinkSign";
import { ParentRun } from "./NestedRun";
import type { Run } from "./queries";
import styles from "./Run.module.css";
import { RunCount, StopButton } from "./RunParts";
import type { RunSession } from "./session";

interface Props {
  readonly session: RunSession;
  readonly run: Run;
  readonly document: WorkflowDocument | null;
}

export function RunHead({ session, run, document }: Props) {
  useLanguage();
  const [question, setQuestion] = useState<"rerun" | "labels" | "delete" | null>(null);
  const [labelled, setLabelled] = useState<Run | null>(null);
  const shown = labelled ?? run;
  const over = RUN_TERMINAL.has(run.state);
  const operates = useMay(run.project, "operator");
  const authors = useMay(run.project, "author");
  const close = () => {
    setQuestion(null);
  };
  const more = (
    <Menu
      label={t("action.more")}
      align="end"
      trigger={<IconButton label={t("action.more")} icon={<Ellipsis size={16} />} data-testid="run-more" />}
      groups={[
        { id: "do", actions: [{ id: "labels", label: t("runs.labels.edit"), icon: <Tag size={15} />, run: () => { setQuestion("labels"); } }] },
        ...(!authors ? [] : [{ id: "delete", actions: [{ id: "delete", label: t("action.delete"), icon: <Trash2 size={15} />, danger: true, disabled: !over, run: () => { setQuestion("delete"); } }] }]),
      ]}
    />
  );
  return (
    <header className={styles.head}>
      <div className={styles.headMain}>
        <h1 className={styles.title}>
          {t("run.number", { number: run.number })}
          {shown.name !== "" && <span className={styles.runName}>{shown.name}</span>}
        </h1>
        <StateChip run={run.state} />
        {run.quarantined && <Badge tone="bad">{t("run.quarantined")}</Badge>}
        <RunCount session={session} />
        <LinkSign session={session} />
      </div>
      <p className={styles.headFacts}>
        <span>{t("run.version", { number: run.version.number })}</span>
        {run.created_by !== null && <span>{t("run.by", { name: run.created_by })}</span>}
        <time dateTime={run.created_at}>{formatDate(run.created_at)}</time>
        <ParentRun parent={run.parent} />
        {run.origin_run !== null && <Link href={`/runs/${run.origin_run}`}>{t("run.origin")}</Link>}
        {shown.labels.map((label) => (
          <Badge key={label}>{label}</Badge>
        ))}
      </p>
      <div className={styles.headActions}>
        {!over && <FollowRun run={run.id} />}
        <RoleNote project={run.project} needed="operator" />
        {operates && (
          <Button icon={<RotateCcw size={14} />} data-testid="rerun" onPress={() => { setQuestion("rerun"); }}>
            {t("run.rerun")}
          </Button>
        )}
        {!over && <StopButton session={session} stopping={run.stop_requested} />}
        {operates && more}
      </div>
      {question === "rerun" && <RerunDialog run={run} document={document} onClose={close} />}
      {question === "labels" && <LabelsDialog run={shown} onClose={close} onChanged={setLabelled} />}
      {question === "delete" && <DeleteRunDialog run={shown} onClose={close} onDeleted={() => { navigate("/runs"); }} />}
    </header>
  );
}
