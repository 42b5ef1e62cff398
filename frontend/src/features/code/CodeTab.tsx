/** A step's script, in the storage: open it, begin one, change it, save it. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { CircleDot, FileCode2, FilePlus2, LoaderCircle, Maximize2, Minimize2, Save, TriangleAlert } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { ApiError } from "@/api/client";
import { keys } from "@/api/keys";
import { useEditor, useEditorState } from "@/features/editor/context";
import { useEngines } from "@/forms/queries";
import { formatBytes, sayProblem, t, useLanguage } from "@/i18n/i18n";
import type { Step } from "@/model/document";
import { isObject, type JsonObject } from "@/model/json";
import type { Problem } from "@/model/problems";
import { Button, IconButton } from "@/ui/Button";
import { CodeEditor } from "@/ui/CodeEditor";
import { guardNavigation } from "@/ui/navigation";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/ui/States";
import styles from "./CodeTab.module.css";
import { useFieldProject } from "@/forms/project";
import { fileRead, fileStamp, fileWrite, LARGEST, sameStamp, type LoadedFile } from "./file";
import { languageOf, scriptPlace, suggestedPlace } from "./place";
import { scriptTemplate } from "./template";
import { drafts } from "./unsaved";

const LOOK_AGAIN_MS = 10_000;

export function CodeTab({ step }: { readonly step: Step }) {
  useLanguage();
  const document = useEditorState((state) => state.document);
  const place = scriptPlace(document, step);
  if (place.kind === "file") return <ScriptFile key={place.path} path={place.path} by={place.by} step={step} />;
  if (place.kind === "unset") return <NoPlace step={step} missing={place.missing} />;
  return (
    <EmptyState icon={<FileCode2 size={20} />} title={t(place.kind === "command" ? "code.command" : "code.open")}>
      {place.kind === "command" ? t("code.command.text") : t("code.open.text", { name: place.name })}
    </EmptyState>
  );
}

function NoPlace({ step, missing }: { readonly step: Step; readonly missing: "code_dir" | "boot_file" }) {
  const editor = useEditor();
  const readOnly = useEditorState((state) => state.readOnly);
  const engines = useEngines().data?.items ?? [];
  const suggested = suggestedPlace(step);
  const set = (): void => {
    const algorithm = isObject(step.properties?.algorithm) ? step.properties.algorithm : {};
    const [engine, ...others] = engines;
    // Where there is only one, it is the one.
    const on: JsonObject = algorithm.engine === undefined && engine !== undefined && others.length === 0 ? { engine: { engine_name: engine.name, engine_version: engine.version } } : {};
    const given: JsonObject = missing === "boot_file" ? { boot_file: suggested.boot_file } : { code_dir: suggested.code_dir, boot_file: algorithm.boot_file ?? suggested.boot_file };
    editor.dispatch({ type: "step.set", id: step.id, pointer: "/properties/algorithm", value: { ...algorithm, ...given, ...on } });
  };
  return (
    <EmptyState
      icon={<FileCode2 size={20} />}
      title={t("code.unset")}
      actions={
        !readOnly && (
          <Button look="primary" icon={<FilePlus2 size={15} />} onPress={set} data-testid="place-script">
            {t("code.place")}
          </Button>
        )
      }
    >
      {t("code.unset.text")}
    </EmptyState>
  );
}

function ScriptFile({ path, by, step }: { readonly path: string; readonly by: readonly string[]; readonly step: Step }) {
  const client = useQueryClient();
  const project = useFieldProject();
  const readOnly = useEditorState((state) => state.readOnly);
  const document = useEditorState((state) => state.document);
  const file = useQuery({ queryKey: [...keys.storage, "script", path, project], queryFn: ({ signal }) => fileRead(path, project, signal), staleTime: Number.POSITIVE_INFINITY, gcTime: 0 });
  const [making, setMaking] = useState<Problem | "busy" | null>(null);
  const reload = (): void => {
    drafts.delete(`${project ?? ""} ${path}`);
    void client.invalidateQueries({ queryKey: [...keys.storage, "script", path] });
  };
  if (file.error instanceof ApiError) return <ErrorState problem={file.error.problem} onRetry={() => void file.refetch()} />;
  if (file.data === undefined) return <Waiting />;
  if (file.data === null) {
    const make = async (): Promise<void> => {
      setMaking("busy");
      try {
        await fileWrite(path, project, scriptTemplate(document, step));
        setMaking(null);
        await client.invalidateQueries({ queryKey: keys.storage });
      } catch (error) {
        setMaking(error instanceof ApiError ? error.problem : null);
      }
    };
    return (
      <EmptyState
        icon={<FilePlus2 size={20} />}
        title={t("code.missing")}
        actions={
          !readOnly && <Button look="primary" icon={<FilePlus2 size={15} />} isPending={making === "busy"} onPress={() => void make()} data-testid="make-script">
            {t("code.make")}
          </Button>
        }
      >
        <code className={styles.missingPath}>{path}</code>
        {making !== null && making !== "busy" ? <span role="alert">{sayProblem(making).message}</span> : <span>{t("code.missing.text")}</span>}
      </EmptyState>
    );
  }
  if (file.data.stamp.size > LARGEST) {
    return (
      <EmptyState icon={<FileCode2 size={20} />} title={t("code.large")}>
        {t("code.large.text", { size: formatBytes(file.data.stamp.size) })}
      </EmptyState>
    );
  }
  return <Opened key={file.data.stamp.modified} path={path} by={by} loaded={file.data} onReload={reload} />;
}

type SaveState = { readonly kind: "same" } | { readonly kind: "changed" } | { readonly kind: "saving" } | { readonly kind: "failed"; readonly problem: Problem };

interface OpenedProps {
  readonly path: string;
  readonly by: readonly string[];
  readonly loaded: LoadedFile;
  readonly onReload: () => void;
}

function Opened({ path, by, loaded, onReload }: OpenedProps) {
  const client = useQueryClient();
  const project = useFieldProject();
  const draft = `${project ?? ""} ${path}`;
  const readOnly = useEditorState((state) => state.readOnly);
  // What was typed before somebody looked at another step is still there.
  const [start] = useState(() => drafts.get(draft) ?? { text: loaded.text, base: loaded });
  const [base, setBase] = useState<LoadedFile>(start.base);
  const [state, setState] = useState<SaveState>(start.text === start.base.text ? { kind: "same" } : { kind: "changed" });
  const [elsewhere, setElsewhere] = useState(!sameStamp(start.base.stamp, loaded.stamp));
  const [large, setLarge] = useState(false);
  const [text, setText] = useState(start.text);
  const change = (typed: string): void => {
    setText(typed);
    if (typed === base.text) drafts.delete(draft);
    else drafts.set(draft, { text: typed, base });
    setState(typed === base.text ? { kind: "same" } : { kind: "changed" });
  };
  const look = useEffectEvent(async () => {
    if (state.kind === "saving" || globalThis.document.hidden) return;
    try {
      const stamp = await fileStamp(path, project);
      if (!sameStamp(stamp, base.stamp)) setElsewhere(true);
    } catch {
      // Not reached: saving will tell.
    }
  });
  useEffect(() => {
    const timer = setInterval(() => void look(), LOOK_AGAIN_MS);
    const focused = (): void => void look();
    window.addEventListener("focus", focused);
    return () => {
      clearInterval(timer);
      window.removeEventListener("focus", focused);
    };
  }, []);
  useUnsavedGuard(state.kind === "changed" || state.kind === "failed");
  const save = async (over: boolean): Promise<void> => {
    const wanted = drafts.get(draft)?.text ?? base.text;
    if (state.kind === "saving" || (wanted === base.text && !over)) return;
    setState({ kind: "saving" });
    try {
      const stamp = await fileWrite(path, project, wanted, over ? null : base.stamp);
      setBase({ text: wanted, stamp });
      setElsewhere(false);
      const typed = drafts.get(draft)?.text ?? wanted;
      if (typed === wanted) drafts.delete(draft);
      else drafts.set(draft, { text: typed, base: { text: wanted, stamp } });
      setState(typed === wanted ? { kind: "same" } : { kind: "changed" });
      void client.invalidateQueries({ queryKey: keys.folder(path.slice(0, path.lastIndexOf("/") + 1)) });
    } catch (error) {
      const refused = error instanceof ApiError ? error.problem : null;
      if (refused?.code === "storage.changed") setElsewhere(true);
      setState(refused === null || refused.code === "storage.changed" ? { kind: "changed" } : { kind: "failed", problem: refused });
    }
  };
  return (
    <div
      className={styles.tab}
      data-testid="code-tab"
      data-save={state.kind}
      data-large={large || undefined}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !large || event.defaultPrevented) return;
        event.preventDefault();
        event.stopPropagation();
        setLarge(false);
      }}
    >
      <div className={styles.bar}>
        <code className={styles.path}>
          <bdi>{path}</bdi>
        </code>
        <SaveNote state={state} />
        <Button small icon={<Save size={13} />} isDisabled={readOnly || state.kind === "same" || state.kind === "saving"} onPress={() => void save(false)} data-testid="save-script">
          {t("action.save")}
        </Button>
        <IconButton
          small
          label={t(large ? "code.smaller" : "code.larger")}
          icon={large ? <Minimize2 size={14} /> : <Maximize2 size={14} />}
          data-testid="code-larger"
          onPress={() => {
            setLarge(!large);
          }}
        />
      </div>
      {by.length > 0 && <p className={styles.by}>{t("code.by", { names: by.join(", ") })}</p>}
      {elsewhere && (
        <div role="alert" className={styles.elsewhere} data-testid="changed-elsewhere">
          <TriangleAlert size={15} aria-hidden="true" />
          <span>{t("code.elsewhere")}</span>
          <Button small onPress={onReload}>
            {t("code.theirs")}
          </Button>
          <Button small onPress={() => void save(true)}>
            {t("code.mine")}
          </Button>
        </div>
      )}
      {state.kind === "failed" && (
        <p role="alert" className={styles.failed}>
          {sayProblem(state.problem).message} {sayProblem(state.problem).hint}
        </p>
      )}
      <div className={styles.editor} data-testid="code">
        <CodeEditor label={path} value={text} language={languageOf(path)} readOnly={readOnly} onChange={change} onSave={() => void save(false)} />
      </div>
    </div>
  );
}

function SaveNote({ state }: { readonly state: SaveState }) {
  const Sign = state.kind === "saving" ? LoaderCircle : CircleDot;
  return (
    <span className={styles.note} data-kind={state.kind} aria-live="polite">
      {state.kind !== "same" && <Sign size={12} aria-hidden="true" className={state.kind === "saving" ? styles.turns : undefined} />}
      {t(`code.state.${state.kind}`)}
    </span>
  );
}

/** Leaving the page with unsaved lines is asked about; leaving the step is not, they are kept. */
function useUnsavedGuard(unsaved: boolean): void {
  useEffect(() => {
    if (!unsaved) return undefined;
    const warn = (event: BeforeUnloadEvent): void => {
      event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    const release = guardNavigation(() => window.confirm(t("code.leave")));
    return () => {
      window.removeEventListener("beforeunload", warn);
      release();
    };
  }, [unsaved]);
}

function Waiting() {
  return (
    <Loading>
      <div className={styles.waiting}>
        {["38%", "62%", "54%", "0%", "44%", "70%", "50%"].map((width, index) => (
          <Skeleton key={index} width={width} />
        ))}
      </div>
    </Loading>
  );
}
