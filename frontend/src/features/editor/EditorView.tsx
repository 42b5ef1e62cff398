import { CircleAlert, CircleCheck, FileInput, ListTree, TriangleAlert } from "lucide-react";
import { Fragment, lazy, Suspense, useRef, useState } from "react";
import type { CanvasHandle } from "@/canvas/handle";
import { Slot } from "@/canvas/anchors";
import { kindTitle } from "@/canvas/kindWords";
import { useReport } from "@/features/transfer/lastImport";
import { t, useLanguage } from "@/i18n/i18n";
import type { StepKind } from "@/model/ports";
import { IconButton } from "@/ui/Button";
import { Splitter } from "@/ui/Splitter";
import { Loading, Skeleton } from "@/ui/States";
import { Button as AriaButton } from "react-aria-components";
import * as actions from "./actions";
import { ConflictDialog } from "./ConflictDialog";
import { useEditor, useEditorState, useProblems } from "./context";
import { EditorCanvas } from "./EditorCanvas";
import styles from "./EditorPage.module.css";
import { useHolder } from "./holder";
import { OutlinePanel } from "./OutlinePanel";
import { Palette } from "./Palette";
import type { Session } from "./session";
import type { EditorSlots } from "./slots";
import { TopBar, useEditorTab } from "./TopBar";

const ReportPanel = lazy(async () => ({ default: (await import("@/features/transfer/ReportPanel")).ReportPanel }));

interface Props {
  readonly session: Session;
  readonly slots: EditorSlots;
}

type PanelName = "problems" | "outline" | "report";

export function EditorView({ session, slots }: Props) {
  useLanguage();
  const editor = useEditor();
  const { kinds } = editor;
  const canvas = useHolder<CanvasHandle | null>(null);
  const search = useRef<HTMLDivElement>(null);
  const tab = useEditorTab();
  // Beside two panels the canvas needs what a small window has.
  const narrow = innerWidth < 1440;
  const readOnly = useEditorState((state) => state.readOnly);
  const name = useEditorState((state) => state.document.name);
  const { Inspector, Aside = Fragment } = slots;
  const [panel, setPanel] = useState<PanelName | null>(null);
  const View = tab === "design" ? undefined : slots.views?.[tab];

  // What was dropped by hand lies where the person looks: the canvas stays where it is.
  const show = (id: string, bring: boolean): void => {
    if (bring) editor.reveal({ stepId: id });
    requestAnimationFrame(() => {
      canvas.get()?.focusStep(id, true);
    });
  };
  const add = (kind: StepKind): void => {
    show(actions.addStep(editor, { kind, title: kindTitle(kinds, kind.name), position: actions.placeForNew(editor, canvas.get()) }), true);
  };
  const drop = (kind: StepKind, screen: { readonly x: number; readonly y: number }): boolean => {
    const over = document.elementFromPoint(screen.x, screen.y)?.closest("[data-testid=canvas]") ?? null;
    const handle = canvas.get();
    if (over === null || handle === null) return false;
    const { x, y } = handle.toPlace(screen);
    show(actions.addStep(editor, { kind, title: kindTitle(kinds, kind.name), position: actions.snapped({ x: x - 24, y: y - 24 }), into: handle.wireAt(screen) }), false);
    return true;
  };

  const drawing = (
    <EditorCanvas
      slots={slots}
      canvas={canvas}
      onOutline={() => { setPanel("outline"); }}
      onFind={() => {
        search.current?.querySelector("input")?.focus();
      }}
      onInspect={(stepId) => {
        editor.reveal({ stepId, focus: true });
      }}
    />
  );
  const middle = (
    <div className={styles.middle}>
      {drawing}
      <Problems slots={slots} panel={panel} setPanel={setPanel} onGo={(id) => { editor.select([id]); show(id, true); }} />
    </div>
  );
  const right =
    Inspector === undefined ? (
      middle
    ) : (
      <Splitter
        sized="end"
        initial={narrow ? 316 : 344}
        min={280}
        max={640}
        remember="inspector"
        start={middle}
        end={
          <div className={styles.inspector} data-testid="inspector">
            <Aside>
              <Inspector />
            </Aside>
          </div>
        }
      />
    );
  return (
    <div className={styles.page}>
      <h1 className={styles.unseen}>{name}</h1>
      <TopBar
        slots={slots}
        onRename={(name) => {
          editor.dispatch({ type: "document.set", field: "name", value: name });
        }}
      />
      {View !== undefined ? (
        <div className={styles.runs}>
          <Suspense fallback={<Waiting />}>
            <View workflowId={editor.workflowId} />
          </Suspense>
        </div>
      ) : (
        <div className={styles.work}>{readOnly ? right : <Splitter sized="start" initial={narrow ? 212 : 232} min={196} max={360} remember="palette" start={<Palette searchRef={search} onAdd={add} onDrop={drop} />} end={right} />}</div>
      )}
      <StatusBar slots={slots} />
      <ConflictDialog onKeepMine={() => void session.keepMine()} onTakeTheirs={session.takeTheirs} onMerge={session.merge} />
    </div>
  );
}

function Waiting() {
  return (
    <Loading>
      <div className={styles.waiting}>
        {["46%", "70%", "58%", "64%"].map((width) => (
          <Skeleton key={width} width={width} height={22} />
        ))}
      </div>
    </Loading>
  );
}

/** How many problems there are; a press opens the list, or goes to the first. */
interface ProblemsProps {
  readonly slots: EditorSlots;
  readonly panel: PanelName | null;
  readonly setPanel: (panel: PanelName | null) => void;
  readonly onGo: (stepId: string) => void;
}

function Problems({ slots: { ProblemsPanel }, panel, setPanel, onGo }: ProblemsProps) {
  useLanguage();
  const editor = useEditor();
  const problems = useProblems();
  const checking = useEditorState((state) => state.checking);
  const report = useReport(editor.workflowId);
  const open = panel === "problems";
  const errors = problems.filter((problem) => problem.severity === "error").length;
  const [first] = problems;
  const tone = errors > 0 ? "bad" : problems.length > 0 ? "warn" : "good";
  const press = (): void => {
    if (ProblemsPanel !== undefined) setPanel(open ? null : "problems");
    else if (first !== undefined) {
      const step = first.list === "steps" ? first.entry : null;
      if (step !== null) editor.select([step]);
      editor.reveal({ stepId: step, path: first.path, focus: true });
    }
  };
  return (
    <Slot at="upper-left">
      <div className={styles.pills}>
      <AriaButton className={styles.pill ?? ""} data-tone={tone} data-checking={checking || undefined} data-testid="problems" data-count={problems.length} aria-expanded={ProblemsPanel === undefined ? undefined : open} onPress={press}>
        {tone === "good" ? <CircleCheck size={15} /> : tone === "bad" ? <CircleAlert size={15} /> : <TriangleAlert size={15} />}
        {problems.length === 0 ? t("editor.problems.none") : t("canvas.problems", { count: problems.length })}
      </AriaButton>
      <IconButton
        label={t("editor.outline")}
        keys="Mod+F"
        className={styles.outlineButton ?? ""}
        icon={<ListTree size={16} />}
        aria-expanded={panel === "outline"}
        data-testid="show-outline"
        onPress={() => {
          setPanel(panel === "outline" ? null : "outline");
        }}
      />
      {report !== null && (
        <AriaButton className={styles.pill ?? ""} data-tone="warn" data-testid="show-report" aria-expanded={panel === "report"} onPress={() => { setPanel(panel === "report" ? null : "report"); }}>
          <FileInput size={15} />
          {t("transfer.report")}
        </AriaButton>
      )}
      </div>
      {panel === "report" && report !== null && (
        <Suspense fallback={null}>
          <ReportPanel incoming={report} onClose={() => { setPanel(null); }} />
        </Suspense>
      )}
      {panel === "outline" && <OutlinePanel onGo={onGo} onClose={() => { setPanel(null); }} />}
      {open && ProblemsPanel !== undefined && (
        <div className={styles.problems}>
          <ProblemsPanel
            onClose={() => {
              setPanel(null);
            }}
          />
        </div>
      )}
    </Slot>
  );
}

function StatusBar({ slots: { Console } }: Pick<Props, "slots">) {
  useLanguage();
  const steps = useEditorState((state) => state.document.steps?.length ?? 0);
  const selected = useEditorState((state) => state.selection.length);
  const revision = useEditorState((state) => state.revision);
  return (
    <footer className={styles.status} aria-label={t("editor.status")}>
      <div className={styles.console}>{Console !== undefined && <Console />}</div>
      {selected > 0 && <span data-testid="selected">{t("editor.status.selected", { count: selected })}</span>}
      <span data-testid="steps">{t("editor.status.steps", { count: steps })}</span>
      <span>{t("editor.status.revision", { revision })}</span>
    </footer>
  );
}
