/** The canvas as a list, for those who read it or do not see it: every step in the order in which it runs, what it waits
 * for, and what is wrong with it. A press goes there. */

import { useMemo, useState } from "react";
import { KindIcon } from "@/canvas/KindIcon";
import { kindTitle } from "@/canvas/kindWords";
import { t, useLanguage } from "@/i18n/i18n";
import { shownTitle, stepById, stepByName } from "@/model/document";
import { SearchField } from "@/ui/Field";
import { useDocument, useEditor, useEditorState, useProblems } from "./context";
import styles from "./OutlinePanel.module.css";
import { readingOrder } from "./roving";

interface Props {
  readonly onGo: (stepId: string) => void;
  readonly onClose: () => void;
}

export function OutlinePanel({ onGo, onClose }: Props) {
  useLanguage();
  const { kinds } = useEditor();
  const document = useDocument();
  const selection = useEditorState((state) => state.selection);
  const problems = useProblems();
  const [search, setSearch] = useState("");
  const order = useMemo(() => readingOrder(document), [document]);
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = order.filter((id) => {
    const step = stepById(document, id);
    const text = step === undefined ? "" : `${shownTitle(step)} ${step.name} ${kindTitle(kinds, step.kind)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const titleOf = (name: string): string => {
    const step = stepByName(document, name);
    return step === undefined ? name : shownTitle(step);
  };
  return (
    <nav className={styles.outline} aria-label={t("editor.outline")} data-testid="outline">
      {order.length > 0 && (
        <SearchField
          autoFocus
          label={t("editor.outline.search")}
          value={search}
          onChange={setSearch}
          onSubmit={() => {
            const [first] = found;
            if (first !== undefined) onGo(first);
          }}
          onEscape={onClose}
          className={styles.search ?? ""}
        />
      )}
      {order.length > 0 && found.length === 0 && <p className={styles.none}>{t("editor.outline.noMatch", { search })}</p>}
      {order.length === 0 && <p className={styles.none}>{t("editor.outline.none")}</p>}
      <ol>
        {found.map((id) => {
          const step = stepById(document, id);
          if (step === undefined) return null;
          const wrong = problems.filter((problem) => problem.list === "steps" && problem.entry === id).length;
          const after = (step.depends_on ?? []).map(titleOf).join(", ");
          return (
            <li key={id}>
              <button
                type="button"
                className={styles.entry}
                aria-current={selection.includes(id) || undefined}
                data-step={step.name}
                onClick={() => {
                  onGo(id);
                }}
              >
                <KindIcon kind={step.kind} size={24} />
                <span className={styles.text}>
                  <span className={styles.title}>{shownTitle(step)}</span>
                  <span className={styles.more}>{[kindTitle(kinds, step.kind), after === "" ? t("editor.outline.first") : t("editor.outline.after", { steps: after })].join(" · ")}</span>
                  {wrong > 0 && <span className={styles.wrong}>{t("canvas.problems", { count: wrong })}</span>}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
