/** What the head of a run and the bar of the editor both show of it: how far it is, and its Stop. */

import { Square } from "lucide-react";
import { useEffect, useEffectEvent } from "react";
import { useMay } from "@/features/people/roles";
import { t, useLanguage } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import { Clock } from "./Clock";
import { complain, runOf, useRunAction } from "./queries";
import styles from "./Run.module.css";
import { useFollowing, type RunSession } from "./session";
import { counted } from "./words";

export function StopButton({ session, stopping, flat = false }: { readonly session: RunSession; readonly stopping: boolean; readonly flat?: boolean }) {
  useLanguage();
  const act = useRunAction(session.id);
  const stop = (): void => {
    act.mutate({ action: "stop" }, { onError: complain });
  };
  const byKey = useEffectEvent((): void => {
    if (!act.isPending && !stopping) stop();
  });
  // In the editor, where Ctrl+Enter starts a run.
  useEffect(() => {
    const key = (event: KeyboardEvent): void => {
      if (!flat || event.key !== "Enter" || !event.altKey || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      event.stopPropagation();
      byKey();
    };
    document.addEventListener("keydown", key, true);
    return () => {
      document.removeEventListener("keydown", key, true);
    };
  }, [flat]);
  const project = useFollowing(session, ({ view }) => (view === null ? undefined : runOf(view.run).project));
  if (!useMay(project, "operator")) return null;
  return (
    <Button
      look="strong"
      className={flat ? (styles.flat ?? "") : ""}
      icon={<Square size={11} fill="currentColor" />}
      isPending={act.isPending}
      isDisabled={stopping}
      data-testid="stop-run"
      onPress={stop}
    >
      {stopping ? t("run.stopping") : t("run.stop")}
    </Button>
  );
}

/** "2 of 4 steps, 00:42" */
export function RunCount({ session }: { readonly session: RunSession }) {
  useLanguage();
  const view = useFollowing(session, (following) => following.view);
  if (view === null) return null;
  const { done, all } = counted(view);
  return (
    <span className={styles.count}>
      <span className={styles.countSteps}>{t("run.steps", { done, all })}, </span>
      <Clock session={session} />
    </span>
  );
}
