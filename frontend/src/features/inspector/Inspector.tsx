/** The right side of the editor: the selected step, several of them, or the workflow itself. */

import { lazy, Suspense, useEffect, useMemo, useRef, type KeyboardEvent, type ReactNode } from "react";
import { KindIcon } from "@/canvas/KindIcon";
import { useEditor, useEditorState, useSelectedStep } from "@/features/editor/context";
import { problemsOfStep } from "@/features/editor/problems";
import { StepFormContext, type StepForm } from "@/forms/stepForm";
import { t, useLanguage } from "@/i18n/i18n";
import { shownTitle, stepById, type Step } from "@/model/document";
import { GroupInspector, useSelectedGroup } from "@/features/groups/GroupInspector";
import { SeveralTools } from "@/features/groups/SeveralTools";
import { Loading, Skeleton } from "@/ui/States";
import { toast } from "@/ui/Toast";
import styles from "./Inspector.module.css";
import { showInspectorTab } from "./memory";
import { focusPlace, insideStep } from "./reveal";
import { WorkflowPanel } from "./WorkflowPanel";

const load = () => import("./StepInspector");
/** All the forms of steps: not needed to see the canvas, but a moment later. */
const StepInspector = lazy(async () => ({ default: (await load()).StepInspector }));

export function Inspector() {
  useLanguage();
  const editor = useEditor();
  const root = useRef<HTMLElement>(null);
  const step = useSelectedStep();
  const count = useEditorState((state) => state.selection.length);
  const group = useSelectedGroup();
  const reveal = useEditorState((state) => state.reveal);
  const stepId = step?.id ?? null;
  useEffect(() => {
    if (reveal === null || !reveal.focus) return undefined;
    const path = insideStep(reveal.path, editor.store.getState().document);
    if (reveal.stepId !== null && (path !== "" || document.activeElement?.closest("[data-testid=inspector]") === null)) showInspectorTab("settings");
    // The step, and the tab, are drawn first.
    const timer = setTimeout(() => {
      if (root.current !== null) focusPlace(root.current, path);
    }, 30);
    return () => {
      clearTimeout(timer);
    };
  }, [editor.store, reveal]);
  useEffect(() => {
    void load();
  }, []);
  const key = (event: KeyboardEvent<HTMLElement>): void => {
    const own = event.currentTarget.contains(event.target as Node);
    if (event.key !== "Escape" || event.defaultPrevented || !own || stepId === null) return;
    event.preventDefault();
    event.stopPropagation();
    document.querySelector<HTMLElement>(`[data-step-id="${CSS.escape(stepId)}"]`)?.focus();
  };
  return (
    <aside ref={root} className={styles.inspector} aria-label={t("inspector.label")} onKeyDown={key}>
      {step !== null ? (
        <StepFormProvider step={step}>
          <Suspense fallback={<Loading><div className={styles.waiting}><Skeleton width="52%" /><Skeleton width="74%" /></div></Loading>}>
            <StepInspector key={step.id} step={step} />
          </Suspense>
        </StepFormProvider>
      ) : count > 1 ? (
        <Several />
      ) : group !== null ? (
        <GroupInspector key={group.id} group={group} />
      ) : (
        <WorkflowPanel />
      )}
    </aside>
  );
}

function StepFormProvider({ step, children }: { readonly step: Step; readonly children: ReactNode }) {
  const editor = useEditor();
  const document = useEditorState((state) => state.document);
  const problems = useEditorState((state) => state.problems);
  const readOnly = useEditorState((state) => state.readOnly);
  const form = useMemo(
    (): StepForm => ({
      document,
      step,
      kinds: editor.kinds,
      readOnly,
      problems: problemsOfStep(problems, step.id),
      newId: editor.newId,
      dispatch: (command, mergeKey) => editor.dispatch(command, mergeKey === undefined ? {} : { mergeKey }),
      settle: () => {
        editor.settle();
      },
      show: (name) => {
        editor.select([]);
        editor.reveal({ stepId: null, path: `/placeholder/${name}`, focus: true });
      },
      tell: (text) => {
        toast(text, {
          label: t("action.undo"),
          run: () => {
            editor.undo();
          },
        });
      },
    }),
    [document, editor, problems, readOnly, step],
  );
  return <StepFormContext value={form}>{children}</StepFormContext>;
}

/** Several steps are selected: which ones, and one press to see one of them. */
function Several() {
  const editor = useEditor();
  const document = useEditorState((state) => state.document);
  const selection = useEditorState((state) => state.selection);
  const steps = selection.map((id) => stepById(document, id)).filter((step) => step !== undefined);
  return (
    <div className={styles.scroll}>
      <header className={styles.head}>
        <h2 className={styles.title}>{t("inspector.several", { count: steps.length })}</h2>
      </header>
      <SeveralTools />
      <ul className={styles.several}>
        {steps.map((step) => (
          <li key={step.id}>
            <button
              type="button"
              className={styles.chosen}
              onClick={() => {
                editor.select([step.id]);
              }}
            >
              <KindIcon kind={step.kind} size={22} />
              <span className={styles.name}>{shownTitle(step)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
