/** The forms in which a workflow can be taken away, as actions of a menu; and the question for a form that says less. */

import { Braces, Cloud, FileCode2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { ApiError } from "@/api/client";
import { t } from "@/i18n/i18n";
import type { Problem } from "@/model/problems";
import type { MenuAction } from "@/ui/Menu";
import { Dialog } from "@/ui/Dialog";
import { toastProblem } from "@/ui/Toast";
import { download, exportReport, FORMATS, type Exported, type Format } from "./download";
import { NoteList } from "./NoteList";
import styles from "./Transfer.module.css";

const ICONS: Readonly<Record<Format, ReactNode>> = { json: <Braces size={15} />, modelarts: <Cloud size={15} />, python: <FileCode2 size={15} /> };

function complain(error: unknown): void {
  if (error instanceof ApiError) toastProblem(error.problem);
}

interface Given extends Exported {
  /** What has to be sent first. */
  readonly flush?: () => Promise<unknown>;
}

export function useExport(what: Given): { readonly actions: readonly MenuAction[]; readonly dialog: ReactNode } {
  const [asked, setAsked] = useState<{ readonly format: Format; readonly report: readonly Problem[] } | null>(null);
  const run = async (format: Format): Promise<void> => {
    await what.flush?.();
    const report = format === "modelarts" ? await exportReport(what, format) : [];
    if (report.length > 0) setAsked({ format, report });
    else await download(what, format);
  };
  const close = (): void => {
    setAsked(null);
  };
  const actions = FORMATS.map((format): MenuAction => ({ id: `export-${format}`, label: t(`transfer.format.${format}`), icon: ICONS[format], run: () => void run(format).catch(complain) }));
  const dialog = asked !== null && (
    <Dialog
      isOpen
      wide
      title={t("transfer.export.title", { format: t(`transfer.format.${asked.format}`) })}
      onClose={close}
      submit={{
        label: t("transfer.export.anyway"),
        run: () => {
          close();
          void download(what, asked.format).catch(complain);
        },
      }}
    >
      <p className={styles.lead}>{t("transfer.export.text", { count: asked.report.length })}</p>
      <NoteList notes={asked.report} />
    </Dialog>
  );
  return { actions, dialog };
}
