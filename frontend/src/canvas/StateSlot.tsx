/** What a run says about a step: sign, word or time, and below the node why. Read from a store by the step's name, so
 * that hundreds of changes a second draw nothing else. */

import { formatDuration, useLanguage } from "@/i18n/i18n";
import { Badge } from "@/ui/Badge";
import { useNow } from "@/ui/clock";
import { StateChip } from "@/ui/StateChip";
import { useCanvas, type StepShown } from "./context";
import { useKeyed } from "./keyed";
import { PLAN_LOOKS, shownWord } from "./planned";
import { isPlanned, type PlannedState } from "./slots";
import styles from "./StepNode.module.css";

export function useShown(step: string): StepShown | undefined {
  return useKeyed(useCanvas().states, step);
}

export function StateSlot({ shown }: { readonly shown: StepShown }) {
  useLanguage();
  if (isPlanned(shown.state)) return <Plan state={shown.state} />;
  const { since = null, stale = false } = shown;
  return since !== null && !stale ? <Counting shown={shown} since={since} /> : <Chip shown={shown} seconds={shown.seconds ?? null} />;
}

/** Counts while the step runs; without a connection nobody knows, and the clock stands still. */
function Counting({ shown, since }: { readonly shown: StepShown; readonly since: number }) {
  return <Chip shown={shown} seconds={Math.max(0, Math.floor((useNow(1_000) - since) / 1_000))} />;
}

function Chip({ shown, seconds }: { readonly shown: StepShown; readonly seconds: number | null }) {
  if (isPlanned(shown.state)) return null;
  const timed = seconds !== null && (shown.state === "completed" || shown.state === "running");
  return (
    <span className={styles.state} data-stale={shown.stale || undefined}>
      <StateChip bare step={shown.state} {...(timed && { note: formatDuration(seconds) })} />
    </span>
  );
}

function Plan({ state }: { readonly state: PlannedState }) {
  const { icon: Icon, tone } = PLAN_LOOKS[state];
  return (
    <span className={styles.state}>
      <Badge bare tone={tone} icon={<Icon size={13} aria-hidden="true" />}>
        {shownWord(state)}
      </Badge>
    </span>
  );
}
