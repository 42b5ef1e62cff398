/** What a run says about a step: sign, word or time, and below the node why. Read from a store by the step's name, so
 * that hundreds of changes a second draw nothing else. */

import { Recycle, ShieldX } from "lucide-react";
import type { ReactNode } from "react";
import { formatDuration, t, useLanguage } from "@/i18n/i18n";
import { Badge } from "@/ui/Badge";
import { useNow } from "@/ui/clock";
import { StateChip } from "@/ui/StateChip";
import { useCanvas, type StepShown } from "./context";
import { useKeyed } from "./keyed";
import styles from "./StepNode.module.css";

export function useShown(step: string): StepShown | undefined {
  return useKeyed(useCanvas().states, step);
}

export function StateSlot({ shown }: { readonly shown: StepShown }) {
  useLanguage();
  if (shown.state === "reuse") return <Plan tone="reuse" icon={<Recycle size={13} />} text={t("canvas.state.reuse")} />;
  if (shown.state === "blocked") return <Plan tone="bad" icon={<ShieldX size={13} />} text={t("canvas.state.blocked")} />;
  const { since = null, stale = false } = shown;
  return since !== null && !stale ? <Counting shown={shown} since={since} /> : <Chip shown={shown} seconds={shown.seconds ?? null} />;
}

/** Counts while the step runs; without a connection nobody knows, and the clock stands still. */
function Counting({ shown, since }: { readonly shown: StepShown; readonly since: number }) {
  return <Chip shown={shown} seconds={Math.max(0, Math.floor((useNow(1_000) - since) / 1_000))} />;
}

function Chip({ shown, seconds }: { readonly shown: StepShown; readonly seconds: number | null }) {
  if (shown.state === "reuse" || shown.state === "blocked") return null;
  const timed = seconds !== null && (shown.state === "completed" || shown.state === "running");
  return (
    <span className={styles.state} data-stale={shown.stale || undefined}>
      <StateChip bare step={shown.state} {...(timed && { note: formatDuration(seconds) })} />
    </span>
  );
}

function Plan({ tone, icon, text }: { readonly tone: "reuse" | "bad"; readonly icon: ReactNode; readonly text: string }) {
  return (
    <span className={styles.state}>
      <Badge bare tone={tone} icon={icon}>
        {text}
      </Badge>
    </span>
  );
}
