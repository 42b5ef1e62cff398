/** The run form, beside the canvas on which its plan is drawn: what the workflow asks for, and what the run would do with
 * the answers. The canvas can be moved and looked at meanwhile. */

import { X } from "lucide-react";
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { Button as AriaButton } from "react-aria-components";
import { ApiError } from "@/api/client";
import { useEditor, useEditorState } from "@/features/editor/context";
import { Picker } from "@/forms/Picker";
import { t, useLanguage } from "@/i18n/i18n";
import { ErrorState, Loading, Skeleton } from "@/ui/States";
import { useReleases, useVersionDocument, type Run, type RunPart } from "./queries";
import { RunForm } from "./RunForm";
import styles from "./RunPanel.module.css";

interface Props {
  readonly onClose: () => void;
  readonly onStarted: (run: Run) => void;
  /** Some steps; null: the whole workflow. */
  readonly part?: RunPart | null;
}

const DRAFT = "draft";

export function RunPanel({ onClose, onStarted, part = null }: Props) {
  useLanguage();
  const { workflowId, flush } = useEditor();
  const draft = useEditorState((state) => state.document);
  const [version, setVersion] = useState<number | null>(null);
  const [ready, setReady] = useState(false);
  const root = useRef<HTMLElement>(null);
  const title = useId();
  useFocusInside(root);
  useEffect(() => {
    let here = true;
    // The plan and the run are about what the server has.
    void flush().then(() => {
      if (here) setReady(true);
    });
    return () => {
      here = false;
    };
  }, [flush]);
  const released = useVersionDocument(workflowId, version);
  const document = version === null ? draft : released.data;
  const key = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.defaultPrevented || !(event.target instanceof Node) || !root.current?.contains(event.target)) return;
    event.preventDefault();
    event.stopPropagation();
    onClose();
  };
  return (
    // Escape closes it, wherever in it the focus is.
    <section ref={root} role="dialog" aria-labelledby={title} tabIndex={-1} className={styles.panel} data-testid="run-dialog" onKeyDown={key}>
      <header className={styles.head}>
        <h2 id={title} className={styles.title}>
          {t("runform.title", { name: draft.name })}
        </h2>
        <AriaButton aria-label={t("action.close")} className={styles.mini ?? ""} data-testid="close-run-form" onPress={onClose}>
          <X size={16} />
        </AriaButton>
        <VersionChoice workflowId={workflowId} version={version} onChange={setVersion} />
      </header>
      {released.error instanceof ApiError ? (
        <ErrorState problem={released.error.problem} onRetry={() => void released.refetch()} />
      ) : document === undefined || !ready ? (
        <FormLoading />
      ) : (
        <RunForm key={version ?? DRAFT} document={document} version={version} wanted={part} onClose={onClose} onStarted={onStarted} />
      )}
    </section>
  );
}

/** Takes the focus when it opens, and gives it back to where it came from. */
function useFocusInside(root: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const before = window.document.activeElement;
    const panel = root.current;
    panel?.focus();
    return () => {
      const now = window.document.activeElement;
      if (before instanceof HTMLElement && before.isConnected && (now === window.document.body || panel?.contains(now))) before.focus();
    };
  }, [root]);
}

function VersionChoice({ workflowId, version, onChange }: { readonly workflowId: string; readonly version: number | null; readonly onChange: (version: number | null) => void }) {
  const releases = useReleases(workflowId);
  return (
    <Picker
      label={t("runform.version")}
      className={styles.version}
      brief
      choices={[
        { id: DRAFT, label: t("runform.draft"), note: t("runform.draft.note") },
        ...(releases.data ?? []).map((each) => ({ id: String(each.number), label: each.name || t("runform.release", { number: each.number }), note: t("runform.release", { number: each.number }) })),
      ]}
      value={version === null ? DRAFT : String(version)}
      unset=""
      onChange={(id) => {
        onChange(id === DRAFT ? null : Number(id));
      }}
    />
  );
}

function FormLoading() {
  return (
    <Loading>
      <div className={styles.loading}>
        {[0, 1, 2, 3].map((index) => (
          <Skeleton key={index} height={38} />
        ))}
      </div>
    </Loading>
  );
}
