/** The canvas as a list, for those who read it or do not see it: every step in the order in which it runs, what it waits
 * for, and what is wrong with it. A press goes there. */

import { useMemo } from "react";
import { KindIcon } from "@/canvas/KindIcon";
import { kindTitle } from "@/canvas/kindWords";
import { t, useLanguage } from "@/i18n/i18n";
import { shownTitle, stepById, stepByName } from "@/model/document";
import { useDocument, useEditor, useEditorState, useProblems } from "./context";
import styles from "./OutlinePanel.module.css";
import { readingOrder } from "./roving";

export function OutlinePanel({ onGo }: { readonly onGo: (stepId: string) => void }) {
  useLanguage();
  const { kinds } = useEditor();
  const document = useDocument();
  const selection = useEditorState((state) => state.selection);
  const problems = useProblems();
  const order = useMemo(() => readingOrder(document), [document]);
  const titleOf = (name: string): string => {
    const step = stepByName(document, name);
    return step === undefined ? name : shownTitle(step);
  };
  return (
    <nav className={styles.outline} aria-label={t("editor.outline")} data-testid="outline">
      {order.length === 0 && <p className={styles.none}>{t("editor.outline.none")}</p>}
      <ol>
        {order.map((id) => {
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
