/** What became of the times of a schedule. */
import { sayProblem, t, useLanguage } from "@/i18n/i18n";
import { problemOf, runHref } from "@/features/assets/wire";
import { RowsLoading } from "@/features/assets/AssetList";
import { isObject } from "@/model/json";
import { asProblem } from "@/model/problems";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Link } from "@/ui/navigation";
import { ErrorState } from "@/ui/States";
import { useFires } from "./queries";
import styles from "./Schedules.module.css";
import type { Fire, Schedule } from "./wire";
import { sayTime } from "./words";

const TONES = { started: "good", skipped: "idle", refused: "bad" } as const;

/** Which run it started, or why none. */
export function Outcome({ fire, onFollow }: { readonly fire: Fire; readonly onFollow?: () => void }) {
  const why = isObject(fire.problem) ? sayProblem(asProblem(fire.problem)) : null;
  return (
    <div className={styles.outcome} data-testid="fire" data-outcome={fire.outcome}>
      <span className={styles.outcomeHead}>
        <Badge tone={TONES[fire.outcome]}>{t(`schedules.${fire.outcome}`)}</Badge>
        {fire.run !== null && (
          <Link href={runHref(fire.run)} {...(onFollow && { onClick: onFollow })}>
            {t("assets.origin.run", { number: String(fire.run_number ?? "") })}
          </Link>
        )}
        {fire.retried && <span className={styles.soft}>{t("schedules.retried")}</span>}
      </span>
      {why !== null && (
        <span className={styles.why} data-bad={fire.outcome === "refused" || undefined}>
          {why.message} {fire.outcome === "refused" && why.hint}
        </span>
      )}
    </div>
  );
}

export function FiresDialog({ schedule, onClose }: { readonly schedule: Schedule; readonly onClose: () => void }) {
  useLanguage();
  const list = useFires(schedule.id);
  const fires = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Dialog isOpen wide onClose={onClose} title={t("schedules.fires.of", { name: schedule.name })}>
      {list.isPending && <RowsLoading />}
      {list.isError && list.data === undefined && <ErrorState problem={problemOf(list.error)} onRetry={() => void list.refetch()} />}
      {list.isSuccess && fires.length === 0 && <p>{t("schedules.fires.none")}</p>}
      {fires.length > 0 && (
        <ul className={styles.fires} aria-label={t("schedules.fires")}>
          {fires.map((fire) => (
            <li key={fire.at}>
              <time dateTime={fire.at}>{sayTime(fire.at, schedule.timezone)}</time>
              <Outcome fire={fire} onFollow={onClose} />
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          {t("assets.more")}
        </Button>
      )}
    </Dialog>
  );
}
