/** What is lost, or reads otherwise, on the way in or out: sorted, with its place. */

import { ArrowRight, CircleAlert, CircleSlash, Shuffle, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { sayProblem, t } from "@/i18n/i18n";
import type { Problem } from "@/model/problems";
import { Button } from "@/ui/Button";
import { byFate, type Fate } from "./notes";
import styles from "./Transfer.module.css";

interface Props {
  readonly notes: readonly Problem[];
  /** What stands at the place of a note. */
  readonly excerptOf?: (note: Problem) => string | null;
  /** The title of the step that a note is about. */
  readonly stepOf?: (note: Problem) => string | null;
  /** Leads there; absent while there is nothing to go to. */
  readonly onGo?: (note: Problem) => void;
}

const SIGNS: Readonly<Record<Fate, ReactNode>> = { wrong: <CircleAlert size={14} />, dropped: <CircleSlash size={14} />, approximated: <Shuffle size={14} />, warning: <TriangleAlert size={14} /> };
/** So many of a kind are read; more would only hide the others. */
const MOST = 100;

export function NoteList({ notes, excerptOf, stepOf, onGo }: Props) {
  return (
    <div className={styles.notes} data-testid="notes">
      {[...byFate(notes)].map(([fate, those]) => (
        <section key={fate} className={styles.fate} data-fate={fate}>
          <h3>
            <span className={styles.fateSign} aria-hidden="true">
              {SIGNS[fate]}
            </span>
            {t(`transfer.fate.${fate}`)} <span className={styles.count}>{those.length}</span>
          </h3>
          <p className={styles.meaning}>{t(`transfer.fate.${fate}.text`)}</p>
          <ul>
            {those.slice(0, MOST).map((note, index) => (
              <Note key={`${note.code} ${note.path} ${String(index)}`} note={note} excerpt={excerptOf?.(note) ?? null} step={stepOf?.(note) ?? null} onGo={onGo} />
            ))}
          </ul>
          {those.length > MOST && <p className={styles.meaning}>{t("editor.conflict.more", { count: those.length - MOST })}</p>}
        </section>
      ))}
    </div>
  );
}

interface NoteProps {
  readonly note: Problem;
  readonly excerpt: string | null;
  readonly step: string | null;
  readonly onGo: Props["onGo"] | undefined;
}

function Note({ note, excerpt, step, onGo }: NoteProps) {
  const { message, hint } = sayProblem(note);
  return (
    <li className={styles.note} data-code={note.code}>
      <p>
        {message} <span className={styles.hint}>{hint}</span>
      </p>
      <p className={styles.where}>
        {step !== null && (onGo === undefined ? <b>{step}</b> : <Button small look="quiet" icon={<ArrowRight size={12} />} onPress={() => { onGo(note); }}>{step}</Button>)}
        {note.path !== "" && <code>{note.path}</code>}
        {excerpt !== null && <code className={styles.excerpt}>{excerpt}</code>}
      </p>
    </li>
  );
}
