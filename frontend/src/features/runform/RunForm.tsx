/** The questions of a run, and its start. Nothing wrong is ever started. */

import { useQueryClient } from "@tanstack/react-query";
import { CalendarClock, History, Play } from "lucide-react";
import { lazy, Suspense, useEffect, useEffectEvent, useRef, useState, type RefObject } from "react";
import { ApiError } from "@/api/client";
import { useEditor, useEditorState, useSelectedStep } from "@/features/editor/context";
import { TextControl } from "@/forms/TextControls";
import { complain as complainOfNotice, followRun } from "@/features/notices/queries";
import { t } from "@/i18n/i18n";
import { shownTitle, stepByName, type WorkflowDocument } from "@/model/document";
import type { Json, JsonObject } from "@/model/json";
import { problem as ownProblem, type Problem } from "@/model/problems";
import { Button } from "@/ui/Button";
import { Switch } from "@/ui/Field";
import { KeyHint } from "@/ui/KeyHint";
import { ProblemNote } from "@/ui/States";
import { askedBy, askedOf, groupsOf, missing, otherProblems, problemsOfValue, reusable, together, withValue, type Asked, type Values } from "./asked";
import { AskedField } from "./AskedField";
import { PriorChoice } from "./PriorChoice";
import { SceneChoice } from "./SceneChoice";
import { drawPlan, plannedStates } from "./planned";
import { PlanList } from "./PlanList";
import { useLatestRun, usePlan, useStart, type Planned, type Run, type RunPart } from "./queries";
import styles from "./RunPanel.module.css";
import { useSettled } from "./settled";
import { useSpotlight } from "./spotlight";

const NewSchedule = lazy(async () => ({ default: (await import("@/features/schedules/ScheduleDialog")).NewSchedule }));
const NO_VALUES: Values = {};
const STUCK: ReadonlySet<string> = new Set(["offline", "failed", "conflict"]);
/** What was typed and not started, by workflow: the form may be closed to correct a step, and opened again. */
const typed = new Map<string, Values>();

/** The canvas shows what would happen, for as long as the form is open. */
function usePlanDrawn(document: WorkflowDocument, plan: { readonly steps: Readonly<Record<string, Planned>>; readonly problems: readonly Problem[] } | undefined): void {
  useEffect(() => {
    if (plan !== undefined) drawPlan(plannedStates(document, plan.steps, plan.problems));
  }, [document, plan]);
  useEffect(
    () => () => {
      drawPlan(new Map());
    },
    [],
  );
}

/** A step that is selected on the canvas: its questions come into view. */
function useSelectedGroup(root: RefObject<HTMLElement | null>): void {
  const selected = useSelectedStep()?.name;
  useEffect(() => {
    if (selected !== undefined) root.current?.querySelector(`[data-group="${CSS.escape(selected)}"]`)?.scrollIntoView({ block: "nearest" });
  }, [root, selected]);
}

interface FormProps {
  readonly document: WorkflowDocument;
  readonly version: number | null;
  readonly wanted: RunPart | null;
  readonly onClose: () => void;
  readonly onStarted: (run: Run) => void;
}

export function RunForm({ document, version, wanted, onClose, onStarted }: FormProps) {
  const { workflowId, kinds, flush } = useEditor();
  const stuck = useEditorState((state) => STUCK.has(state.save.kind));
  // The draft cannot be saved, so a run would be of something else.
  const unsaved = stuck && version === null;
  const revision = useEditorState((state) => state.revision);
  const client = useQueryClient();
  const [values, setValues] = useState<Values>(() => typed.get(workflowId) ?? NO_VALUES);
  const [wrongs, setWrongs] = useState<Readonly<Record<string, string>>>({});
  const [name, setName] = useState("");
  const [told, setTold] = useState(false);
  const [part, setPart] = useState(wanted);
  const [refused, setRefused] = useState<readonly Problem[]>([]);
  const [tried, setTried] = useState(false);
  const [scheduling, setScheduling] = useState(false);
  const root = useRef<HTMLFormElement>(null);
  const scene = part?.scene === undefined ? null : (document.scenes?.find((each) => each.name === part.scene) ?? null);
  const whole = askedBy(document);
  const asked = scene === null ? whole : askedOf(whole, new Set(scene.steps));
  const groups = groupsOf(document, asked);
  useEffect(() => {
    typed.set(workflowId, values);
  }, [workflowId, values]);
  const settled = useSettled(values);
  const plan = usePlan({ workflowId, version, revision, values: settled, part, enabled: !unsaved });
  usePlanDrawn(document, plan.data);
  useSpotlight("form", scene);
  useSelectedGroup(root);
  const latest = useLatestRun(workflowId).data ?? null;
  const start = useStart(workflowId);
  // What was said of other values says nothing of these; the server decides when they are sent.
  const current = settled === values && !plan.isFetching;
  const found = together(refused, current ? (plan.data?.problems ?? []) : []);
  const empty = new Set(missing(asked, values));
  const problemsOf = (each: Asked): readonly Problem[] => {
    const those = problemsOfValue(found, each.name);
    // That something is missing is told when somebody wants to start, not while the form is still being read.
    return tried ? those : those.filter((problem) => problem.code !== "value.missing");
  };
  const others = otherProblems(found, asked).filter((problem) => problem.severity === "error");
  const blocked = empty.size > 0 || Object.keys(wrongs).length > 0 || unsaved || others.length > 0 || found.some((problem) => problem.severity === "error");
  const change = (each: Asked, value: Json | undefined): void => {
    setRefused((before) => before.filter((problem) => problemsOfValue([problem], each.name).length === 0));
    setValues((before) => withValue(before, each.name, value));
  };
  const complain = (each: Asked, message: string | null): void => {
    setWrongs(({ [each.name]: _, ...before }) => (message === null ? before : { ...before, [each.name]: message }));
  };
  const go = (): void => {
    setTried(true);
    if (start.isPending) return;
    if (blocked) {
      showFirstWrong(root.current);
      return;
    }
    void flush().then((saved) => {
      if (saved || version !== null) send();
    });
  };
  /** Of another version than the one that is shown here, so that only what is missing stands in its way. */
  const schedule = (): void => {
    setTried(true);
    if (empty.size > 0 || Object.keys(wrongs).length > 0) showFirstWrong(root.current);
    else setScheduling(true);
  };
  const send = (): void => {
    start.mutate(
      { version, values, name, part },
      {
        onSuccess: (run) => {
          // If the run has ended before this arrives, the person is told at once.
          if (told) void followRun(run.id).catch(complainOfNotice);
          typed.delete(workflowId);
          onClose();
          onStarted(run);
        },
        onError: (error) => {
          if (!(error instanceof ApiError)) return;
          setRefused(error.problems.length > 0 ? error.problems : [error.problem]);
          void client.invalidateQueries({ queryKey: ["plan", workflowId] });
          showFirstWrong(root.current);
        },
      },
    );
  };
  // From anywhere on the page; not from another dialog.
  const key = useEffectEvent((event: KeyboardEvent): void => {
    const around = event.target instanceof Element ? event.target.closest("[role=dialog], [role=alertdialog]") : null;
    const elsewhere = around !== null && !around.contains(root.current);
    if (event.key !== "Enter" || (!event.ctrlKey && !event.metaKey) || elsewhere) return;
    event.preventDefault();
    // Buttons and lists would take the Enter for themselves.
    event.stopPropagation();
    // A field that is still being typed in gives its value first; the keyboard stays here, for Escape and Tab.
    if (window.document.activeElement instanceof HTMLElement) window.document.activeElement.blur();
    root.current?.closest<HTMLElement>("[role=dialog]")?.focus();
    setTimeout(() => root.current?.requestSubmit(), 0);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      key(event);
    };
    window.document.addEventListener("keydown", listen, true);
    return () => {
      window.document.removeEventListener("keydown", listen, true);
    };
  }, []);
  const again = latest === null ? {} : reusable(asked, latest.values as JsonObject);
  const field = (each: Asked) => (
    <AskedField
      key={each.name}
      asked={each}
      value={Object.hasOwn(values, each.name) ? values[each.name] : undefined}
      last={latest === null ? undefined : (latest.values as Values)[each.name]}
      lastRun={latest?.number ?? null}
      problems={problemsOf(each).concat(tried && empty.has(each.name) && problemsOf(each).length === 0 ? [ownProblem("value.missing", t("runform.missing"), "", "", { name: each.name })] : [])}
      users={each.users.map((step) => titleOf(document, step))}
      onChange={(value) => {
        change(each, value);
      }}
      onWrong={(message) => {
        complain(each, message);
      }}
    />
  );
  const storages = asked.filter((each) => each.kind === "storage" && each.users.length > 0);
  const later = asked.filter((each) => each.delayed);
  return (
    <form
      ref={root}
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        // Forms of dialogs above this one are sent up to here, too.
        if (event.target === event.currentTarget) go();
      }}
    >
      <div className={styles.asked}>
          {(document.scenes ?? []).length > 0 && (part === null || part.scene !== undefined) && <SceneChoice document={document} part={part} onChange={setPart} />}
          {part !== null && part.scene === undefined && <PartNote document={document} part={part} onChange={setPart} />}
          {unsaved && <ProblemNote problem={ownProblem("client.unsaved", t("runform.unsaved"), t("runform.unsaved.hint"))} />}
          {others.map((problem) => (
            <ProblemNote key={problem.code + problem.path} problem={problem} />
          ))}
          {Object.keys(again).length > 0 && latest !== null && (
            <Button
              small
              icon={<History size={14} />}
              className={styles.again ?? ""}
              data-testid="use-all-last"
              onPress={() => {
                setWrongs({});
                setRefused([]);
                setValues(again);
              }}
            >
              {t("runform.useLast", { run: latest.number })}
            </Button>
          )}
          {asked.length === 0 && <p className={styles.nothing}>{t("runform.nothing")}</p>}
          {groups.map((group) => (
            <fieldset key={group.step ?? ""} className={styles.group} data-group={group.step ?? undefined}>
              <legend>{group.step === null ? t("runform.unused") : titleOf(document, group.step)}</legend>
              {group.asked.map(field)}
            </fieldset>
          ))}
          {storages.length > 0 && (
            <fieldset className={styles.group}>
              <legend>{t("runform.storages")}</legend>
              {storages.map(field)}
            </fieldset>
          )}
          {later.length > 0 && (
            <fieldset className={styles.group}>
              <legend>{t("runform.later")}</legend>
              {later.map(field)}
            </fieldset>
          )}
        <PlanList document={document} kinds={kinds} steps={plan.data?.steps} pending={plan.isFetching} />
      </div>
      <footer className={styles.foot}>
        <div className={styles.runName}>
          <TextControl
            label={t("runform.name")}
            value={name === "" ? undefined : name}
            clearable={false}
            hint={t("runform.name.hint")}
            onChange={(next) => {
              setName(typeof next === "string" ? next : "");
            }}
          />
        </div>
        <div className={styles.tell} data-testid="tell-me">
          <Switch isSelected={told} onChange={setTold}>
            {t("subscribe.run.form")}
          </Switch>
        </div>
        <span className={styles.said} aria-live="polite">
          {tried && blocked ? firstWords(wrongs, empty.size) : ""}
        </span>
        <Button onPress={onClose}>{t("action.cancel")}</Button>
        {(part === null || part.scene !== undefined) && (
          <Button icon={<CalendarClock size={14} />} data-testid="schedule-run" onPress={schedule}>
            {t("schedules.open")}
          </Button>
        )}
        <Button type="submit" look="strong" icon={<Play size={13} fill="currentColor" />} isPending={start.isPending} data-testid="start-run" data-blocked={blocked || undefined}>
          {t("runform.start")}
        </Button>
        <KeyHint keys="Mod+Enter" />
      </footer>
      {scheduling && (
        <Suspense fallback={null}>
          <NewSchedule workflow={{ id: workflowId, name: document.name }} given={{ values: values as JsonObject, scene: part?.scene ?? null }} onClose={() => { setScheduling(false); }} />
        </Suspense>
      )}
    </form>
  );
}

function PartNote({ document, part, onChange }: { readonly document: WorkflowDocument; readonly part: RunPart; readonly onChange: (part: RunPart | null) => void }) {
  return (
    <div className={styles.part} data-testid="run-part">
      <p>{t(`runform.part.${part.mode}`, { steps: part.steps.map((step) => titleOf(document, step)).join(", ") })}</p>
      <Switch
        isSelected={part.reuse}
        onChange={(reuse) => {
          onChange({ ...part, reuse });
        }}
      >
        {t("runform.reuse")}
      </Switch>
      {part.reuse && <PriorChoice part={part} onChange={onChange} />}
      <Button
        small
        look="quiet"
        onPress={() => {
          onChange(null);
        }}
      >
        {t("runform.whole")}
      </Button>
    </div>
  );
}

const titleOf = (document: WorkflowDocument, name: string): string => {
  const step = stepByName(document, name);
  return step === undefined ? name : shownTitle(step);
};

function firstWords(wrongs: Readonly<Record<string, string>>, empty: number): string {
  const [first] = Object.values(wrongs);
  return first ?? (empty > 0 ? t("runform.stillMissing", { count: empty }) : t("runform.stillWrong"));
}

/** After what was told has been drawn. */
function showFirstWrong(root: HTMLElement | null): void {
  setTimeout(() => {
    const found = root?.querySelector<HTMLElement>("[data-asked][data-invalid], [role=alert]");
    found?.scrollIntoView({ block: "center" });
    found?.querySelector<HTMLElement>("input, textarea, button:not([data-testid=reset])")?.focus();
  }, 50);
}

