/** What differs between two states of a workflow: thing by thing, and apart from it what only lies elsewhere. */

import { ArrowRight, GitCommitHorizontal, Minus, Move, PencilLine, Plus, Scale } from "lucide-react";
import { useState } from "react";
import { wordOr } from "@/forms/words";
import { t } from "@/i18n/i18n";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { EmptyState } from "@/ui/States";
import type { Change, Comparison } from "./queries";
import { countsOf, grouped, placeText, sideText, type About } from "./told";
import styles from "./Versions.module.css";

interface Props {
  readonly found: Comparison;
  /** Shows a step on the canvas; null for one that is not there. */
  readonly stepOf: (id: string) => (() => void) | null;
  readonly titleOf: (id: string) => string | null;
}

/** So many things at first; the rest on demand. */
const MOST = 100;

export function Diff({ found, stepOf, titleOf }: Props) {
  const [all, setAll] = useState(false);
  const groups = grouped(found.changes);
  const counts = countsOf(groups);
  const moved = found.moved.map((id) => titleOf(id) ?? id);
  if (groups.length === 0 && moved.length === 0) {
    return (
      <EmptyState icon={<Scale size={20} />} title={t("versions.same")}>
        {t("versions.same.text")}
      </EmptyState>
    );
  }
  return (
    <div className={styles.diff} data-testid="diff">
      <p className={styles.counts}>
        {counts.added > 0 && <Badge tone="good" icon={<Plus size={12} />}>{t("versions.added", { count: counts.added })}</Badge>}
        {counts.removed > 0 && <Badge tone="bad" icon={<Minus size={12} />}>{t("versions.removed", { count: counts.removed })}</Badge>}
        {counts.changed > 0 && <Badge tone="busy" icon={<PencilLine size={12} />}>{t("versions.changed", { count: counts.changed })}</Badge>}
        {groups.length === 0 && <Badge>{t("versions.onlyMoved")}</Badge>}
      </p>
      <ul className={styles.abouts}>
        {(all ? groups : groups.slice(0, MOST)).map((about) => (
          <Thing key={`${about.list} ${about.id}`} about={about} show={about.list === "steps" ? stepOf(about.id) : null} />
        ))}
      </ul>
      {!all && groups.length > MOST && (
        <Button small onPress={() => { setAll(true); }}>
          {t("versions.more", { count: groups.length - MOST })}
        </Button>
      )}
      {moved.length > 0 && (
        <details className={styles.moved} data-testid="moved">
          <summary>
            <Move size={14} aria-hidden="true" />
            {t("versions.moved", { count: moved.length })}
          </summary>
          <p>{moved.join(", ")}</p>
        </details>
      )}
    </div>
  );
}

const SIGNS = { added: <Plus size={14} />, removed: <Minus size={14} />, changed: <PencilLine size={14} /> } as const;

function Thing({ about, show }: { readonly about: About; readonly show: (() => void) | null }) {
  const what = about.whole ?? "changed";
  return (
    <li className={styles.about} data-what={what} data-list={about.list} data-name={about.name}>
      <div className={styles.aboutHead}>
        <span className={styles.sign} role="img" aria-label={t(`versions.what.${what}`)}>
          {SIGNS[what]}
        </span>
        <span className={styles.aboutList}>{t(`editor.list.${about.list}`)}</span>
        <span className={styles.aboutName}>{about.name}</span>
        {show !== null && (
          <Button small look="quiet" icon={<ArrowRight size={13} />} onPress={show}>
            {t("versions.show")}
          </Button>
        )}
      </div>
      {about.changes.length > 0 && (
        <ul className={styles.lines}>
          {about.changes.map((change, index) => (
            <Line key={`${change.what} ${change.path} ${String(index)}`} change={change} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** The reader's word for a field; names that people gave have none. */
const fieldWord = (part: string): string => wordOr(part, `versions.field.${part}`, `prop.${part}`);

function Line({ change }: { readonly change: Change }) {
  if (change.what === "edge_added" || change.what === "edge_removed") {
    const name = String(change.what === "edge_added" ? change.after : change.before);
    return (
      <li className={styles.line} data-what={change.what}>
        <GitCommitHorizontal size={13} aria-hidden="true" />
        <span>{t(change.what === "edge_added" ? "versions.edge.added" : "versions.edge.removed", { name })}</span>
      </li>
    );
  }
  const [before, after] = [sideText(change.before), sideText(change.after)];
  return (
    <li className={styles.line} data-what={change.what}>
      <span className={styles.place}>{change.what === "renamed" ? t("versions.renamed") : placeText(change.path, fieldWord)}</span>
      <span className={styles.sides}>
        {before === null ? <i>{t("versions.nothing")}</i> : <del>{before}</del>}
        <ArrowRight size={12} aria-label={t("versions.becomes")} />
        {after === null ? <i>{t("versions.nothing")}</i> : <ins>{after}</ins>}
      </span>
    </li>
  );
}
