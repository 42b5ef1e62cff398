/** Everything that is wrong, by step. A row leads to the field. */

import { CircleAlert, CircleCheck, SlidersHorizontal, TriangleAlert, Waypoints, X } from "lucide-react";
import { useEffect, useRef, type KeyboardEvent } from "react";
import { KindIcon } from "@/canvas/KindIcon";
import { useEditor, useEditorState } from "@/features/editor/context";
import type { LocatedProblem } from "@/features/editor/problems";
import { problemPlace } from "@/forms/stepForm";
import { sayProblem, t, useLanguage } from "@/i18n/i18n";
import { shownTitle, stepById } from "@/model/document";
import { IconButton } from "@/ui/Button";
import { EmptyState } from "@/ui/States";
import { grouped, type ProblemGroup } from "./grouped";
import styles from "./ProblemsPanel.module.css";

export function ProblemsPanel({ onClose }: { readonly onClose: () => void }) {
  useLanguage();
  const document = useEditorState((state) => state.document);
  const problems = useEditorState((state) => state.problems);
  const root = useRef<HTMLElement>(null);
  useEffect(() => {
    root.current?.querySelector<HTMLElement>("[data-problem]")?.focus();
  }, []);
  const key = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      onClose();
      return;
    }
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    const rows = [...(root.current?.querySelectorAll<HTMLElement>("[data-problem]") ?? [])];
    const next = rows[rows.indexOf(event.target as HTMLElement) + step];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <section ref={root} className={styles.panel} aria-label={t("problems.title")} data-testid="problems-panel" onKeyDown={key}>
      <header className={styles.head}>
        <h2 className={styles.title}>{t("problems.title")}</h2>
        <IconButton small label={t("action.close")} icon={<X size={15} />} onPress={onClose} />
      </header>
      {problems.length === 0 ? (
        <div className={styles.none}>
          <EmptyState icon={<CircleCheck size={20} />} title={t("problems.none")}>
            {t("problems.none.text")}
          </EmptyState>
        </div>
      ) : (
        grouped(document, problems).map((group) => <Group key={group.key} group={group} />)
      )}
    </section>
  );
}

function Group({ group }: { readonly group: ProblemGroup }) {
  const document = useEditorState((state) => state.document);
  const step = group.id === null ? undefined : stepById(document, group.id);
  const title = group.kind === "step" ? (step === undefined ? "" : shownTitle(step)) : group.kind === "workflow" ? t("problems.workflow") : t(`placeholders.${group.kind}`);
  return (
    <div className={styles.group}>
      <h3 className={styles.of}>
        {step !== undefined ? <KindIcon kind={step.kind} size={20} /> : group.kind === "workflow" ? <Waypoints size={15} aria-hidden="true" /> : <SlidersHorizontal size={15} aria-hidden="true" />}
        <span>{title}</span>
      </h3>
      <ul>
        {group.problems.map((problem, index) => (
          <li key={`${problem.code}${problem.path}${String(index)}`}>
            <Row problem={problem} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Row({ problem }: { readonly problem: LocatedProblem }) {
  const editor = useEditor();
  const { message, hint } = sayProblem(problem);
  const error = problem.severity === "error";
  const Sign = error ? CircleAlert : TriangleAlert;
  const go = (): void => {
    const stepId = problem.list === "steps" ? problem.entry : null;
    editor.select(stepId === null ? [] : [stepId]);
    editor.reveal({ stepId, path: stepId === null ? problem.path : problemPlace(problem), focus: true });
  };
  return (
    <button type="button" className={styles.row} data-problem={problem.code} data-severity={problem.severity} onClick={go}>
      <Sign size={14} className={styles.sign} aria-label={error ? t("problems.error") : t("problems.warning")} />
      <span className={styles.text}>
        <span>{message}</span>
        <span className={styles.hint}>{hint}</span>
      </span>
    </button>
  );
}
