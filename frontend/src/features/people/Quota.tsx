/** How much of the machines a project may use at once, and uses now. */
import { SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import { Card } from "@/features/assets/page";
import { t } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { NumberField } from "@/ui/Field";
import { ErrorState, Loading, ProblemNote, Skeleton } from "@/ui/States";
import { toast } from "@/ui/Toast";
import styles from "./People.module.css";
import { problemOf, problemsOf, useQuota, useSetQuota, type Project, type Quota } from "./queries";

export function QuotaCard({ project }: { readonly project: Project }) {
  const quota = useQuota(project.id);
  const [changing, setChanging] = useState(false);
  const known = quota.data;
  return (
    <Card
      title={t("quota.title")}
      note={t("quota.note")}
      aside={
        project.role === "manager" && known !== undefined ? (
          <Button small icon={<SlidersHorizontal size={13} />} data-testid="quota-change" onPress={() => { setChanging(true); }}>
            {t("quota.change")}
          </Button>
        ) : undefined
      }
    >
      {known === undefined && !quota.isError && (
        <Loading>
          <Skeleton height={44} />
        </Loading>
      )}
      {known === undefined && quota.isError && <ErrorState problem={problemOf(quota.error)} onRetry={() => void quota.refetch()} />}
      {known !== undefined && (
        <div className={styles.quota} data-testid="quota">
          <Usage label={t("quota.jobs")} used={known.jobs} most={known.max_jobs} />
          <Usage label={t("quota.gpus")} used={known.gpus} most={known.max_gpus} />
        </div>
      )}
      {known !== undefined && changing && <QuotaDialog project={project} quota={known} onClose={() => { setChanging(false); }} />}
    </Card>
  );
}

/** Lowering a quota stops nothing, so more may be in use than is allowed now. */
function Usage({ label, used, most }: { readonly label: string; readonly used: number; readonly most: number | null }) {
  const said = most === null ? t("quota.unlimited", { used }) : t("quota.used", { used, most });
  const full = most !== null && used >= most;
  return (
    <div className={styles.usage} data-full={full || undefined}>
      <span className={styles.usageHead}>
        <b>{label}</b>
        <span className={styles.soft}>{said}</span>
      </span>
      {most !== null && (
        <div role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={most} aria-valuenow={Math.min(used, most)} aria-valuetext={said} className={styles.track}>
          <div className={styles.filled} style={{ width: `${String(most === 0 ? 100 : Math.min(100, (100 * used) / most))}%` }} />
        </div>
      )}
      {full && <small className={styles.soft}>{t(most === 0 ? "quota.nothing" : "quota.full")}</small>}
    </div>
  );
}

function QuotaDialog({ project, quota, onClose }: { readonly project: Project; readonly quota: Quota; readonly onClose: () => void }) {
  const set = useSetQuota(project.id);
  const [jobs, setJobs] = useState<number | null>(quota.max_jobs);
  const [gpus, setGpus] = useState<number | null>(quota.max_gpus);
  const save = () => {
    set.mutate(
      { max_jobs: jobs, max_gpus: gpus },
      {
        onSuccess: () => {
          toast(t("quota.saved"));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("quota.change.title", { name: project.name })} submit={{ label: t("action.save"), run: save, busy: set.isPending }}>
      <p>{t("quota.change.text")}</p>
      {problemsOf(set.error).map((problem) => (
        <ProblemNote key={problem.code + problem.path} problem={problem} />
      ))}
      <NumberField label={t("quota.jobs")} help={t("quota.help")} value={jobs} onChange={setJobs} integer minValue={0} maxValue={100_000} data-testid="quota-jobs" />
      <NumberField label={t("quota.gpus")} help={t("quota.help")} value={gpus} onChange={setGpus} integer minValue={0} maxValue={100_000} data-testid="quota-gpus" />
    </Dialog>
  );
}
