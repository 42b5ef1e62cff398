/** The workflow as a Python program: the same thing, written. It follows the draft and is changed on the canvas. */

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Check, Copy, Download, TriangleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { ApiError } from "@/api/client";
import { keys } from "@/api/keys";
import { useEditor, useEditorState, useProblems } from "@/features/editor/context";
import { t, useLanguage } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import { CodeEditor } from "@/ui/CodeEditor";
import { Link } from "@/ui/navigation";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/ui/States";
import { exportedText, fileName, saveText } from "./download";
import styles from "./Transfer.module.css";

const COPIED_MS = 2_000;

export function ProgramTab() {
  useLanguage();
  const { workflowId, flush } = useEditor();
  const revision = useEditorState((state) => state.revision);
  const { name, steps } = useEditorState((state) => state.document);
  const errors = useProblems().filter((problem) => problem.severity === "error").length;
  const [flushed, setFlushed] = useState(false);
  useEffect(() => {
    let here = true;
    void flush().finally(() => {
      if (here) setFlushed(true);
    });
    return () => {
      here = false;
    };
  }, [flush, revision]);
  const program = useQuery({
    queryKey: [...keys.draft(workflowId), "program", revision],
    enabled: flushed,
    gcTime: 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => exportedText({ id: workflowId }, "python", signal),
  });
  if (program.error instanceof ApiError) return <ErrorState problem={program.error.problem} onRetry={() => void program.refetch()} />;
  if (program.data === undefined) return <Waiting />;
  const text = program.data;
  return (
    <div className={styles.program} data-testid="program">
      <header className={styles.programHead}>
        <div className={styles.programText}>
          <h2>{t("transfer.program")}</h2>
          <p>{t("transfer.program.text", { file: fileName({ name }, "python") })}</p>
        </div>
        <CopyButton text={text} />
        <Button
          icon={<Download size={15} />}
          data-testid="program-download"
          onPress={() => {
            saveText(text, fileName({ name }, "python"), "text/x-python");
          }}
        >
          {t("transfer.download")}
        </Button>
      </header>
      {errors > 0 && (
        <p className={styles.programNote} role="status" data-testid="program-problems">
          <TriangleAlert size={15} aria-hidden="true" />
          {t("transfer.program.problems", { count: errors })} <Link href={location.pathname}>{t("transfer.program.see")}</Link>
        </p>
      )}
      {(steps?.length ?? 0) === 0 ? (
        <EmptyState title={t("transfer.program.empty")}>{t("transfer.program.empty.text")}</EmptyState>
      ) : (
        <div className={styles.programCode}>
          <CodeEditor readOnly label={t("transfer.program")} language="python" value={text} />
        </div>
      )}
    </div>
  );
}

function CopyButton({ text }: { readonly text: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => {
      setCopied(false);
    }, COPIED_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [copied]);
  return (
    <Button icon={copied ? <Check size={15} /> : <Copy size={15} />} data-testid="program-copy" data-copied={copied || undefined} onPress={() => void copyText(text).then(setCopied)}>
      {copied ? t("transfer.copied") : t("editor.act.copy")}
    </Button>
  );
}

/** On plain http there is no clipboard but the old one. */
async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

function Waiting() {
  return (
    <Loading>
      <div className={styles.programWaiting}>
        {["34%", "58%", "46%", "62%", "51%", "40%"].map((width) => (
          <Skeleton key={width} width={width} />
        ))}
      </div>
    </Loading>
  );
}
