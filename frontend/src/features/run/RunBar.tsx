/** The run that the canvas shows, in the top bar: number, steps, clock, link, Stop; a press opens its page. */

import { X } from "lucide-react";
import { t, useLanguage } from "@/i18n/i18n";
import { RUN_TERMINAL } from "@/model/runReducer";
import { IconButton } from "@/ui/Button";
import { Link } from "@/ui/navigation";
import { StateChip } from "@/ui/StateChip";
import { LinkSign } from "./LinkSign";
import { runOf } from "./queries";
import styles from "./Run.module.css";
import { RunCount, StopButton } from "./RunParts";
import { useFollowing, type RunSession } from "./session";

interface Props {
  readonly session: RunSession;
  readonly onClose: () => void;
}

export function RunBar({ session, onClose }: Props) {
  useLanguage();
  const fields = useFollowing(session, ({ view }) => view?.run ?? null);
  if (fields === null) return null;
  const run = runOf(fields);
  const over = RUN_TERMINAL.has(run.state);
  return (
    <div className={styles.bar} data-testid="run-bar" data-state={run.state}>
      <Link href={`/runs/${session.id}`} className={styles.barRun}>
        <StateChip bare run={run.state} note={t("run.number", { number: run.number })} />
        <RunCount session={session} />
      </Link>
      {!over && <LinkSign session={session} />}
      {over ? <IconButton small label={t("run.hide")} icon={<X size={14} />} data-testid="run-hide" onPress={onClose} /> : <StopButton flat session={session} stopping={run.stop_requested} />}
    </div>
  );
}
