/** All steps of the run in a list: the canvas for those who read, and for those who do not see it. */

import { useKeyed } from "@/canvas/keyed";
import { KindIcon } from "@/canvas/KindIcon";
import { t, useLanguage } from "@/i18n/i18n";
import { shownTitle, stepByName } from "@/model/document";
import { StateChip } from "@/ui/StateChip";
import { Clock } from "./Clock";
import { useRun } from "./context";
import styles from "./Step.module.css";
import { useFollowing, type RunSession } from "./session";

interface Props {
  readonly session: RunSession;
  readonly onSelect: (step: string) => void;
}

export function Outline({ session, onSelect }: Props) {
  useLanguage();
  const names = useFollowing(session, ({ view }) => Object.keys(view?.steps ?? {}).join("\n")).split("\n").filter(Boolean);
  return (
    <nav className={styles.outline} aria-label={t("run.chooseStep")} data-testid="outline">
      <h2>{t("run.chooseStep")}</h2>
      <ol>
        {names.map((name) => (
          <Entry key={name} session={session} name={name} onSelect={onSelect} />
        ))}
      </ol>
    </nav>
  );
}

function Entry({ session, name, onSelect }: Props & { readonly name: string }) {
  const document = useRun()?.document ?? null;
  const state = useFollowing(session, ({ view }) => view?.steps[name]?.state ?? "init");
  const shown = useKeyed(session.states, name);
  const definition = document === null ? undefined : stepByName(document, name);
  return (
    <li>
      <button type="button" className={styles.entry} data-state={state} onClick={() => { onSelect(name); }}>
        <KindIcon kind={definition?.kind ?? ""} size={26} />
        <span className={styles.entryText}>
          <span className={styles.entryName}>{definition === undefined ? name : shownTitle(definition)}</span>
          {shown?.reason && <span className={styles.entryReason}>{shown.reason}</span>}
        </span>
        <span className={styles.entryState}>
          <StateChip bare step={state} />
          <Clock session={session} step={name} />
        </span>
      </button>
    </li>
  );
}
