/** What a step left: its places and files to look at and download, and the datasets and models that it made. */

import { Box, Database, Download, FileText, FolderOpen } from "lucide-react";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components";
import { ApiError } from "@/api/client";
import { download } from "@/features/assets/wire";
import { formatBytes, formatNumber, t, useLanguage } from "@/i18n/i18n";
import { isObject, type JsonObject } from "@/model/json";
import { STEP_LIVE } from "@/model/runReducer";
import { Dialog } from "@/ui/Dialog";
import { Link } from "@/ui/navigation";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/ui/States";
import styles from "./Outputs.module.css";
import { useOutputs, type Output } from "./queries";
import { outputUrl } from "./ranges";
import { useFollowing, type RunSession } from "./session";

/** With an editor for text: what most who open a run never ask for. */
const FileContent = lazy(() => import("@/features/files/FileContent").then((module) => ({ default: module.FileContent })));

interface Props {
  readonly session: RunSession;
  readonly step: string;
}

export function OutputList({ session, step }: Props) {
  useLanguage();
  const view = useFollowing(session, (following) => following.view?.steps[step]);
  const outputs = useOutputs(session.id, step, view?.outputs);
  if (outputs.error instanceof ApiError) return <ErrorState problem={outputs.error.problem} onRetry={() => void outputs.refetch()} />;
  if (outputs.data === undefined)
    return <OutputsLoading />;
  const { items } = outputs.data;
  if (items.length === 0) {
    const running = view !== undefined && (STEP_LIVE.has(view.state) || view.state === "init" || view.state === "pending");
    return <EmptyState title={running ? t("output.notYet") : t("output.none")}>{running ? t("output.notYet.text") : t("output.none.text")}</EmptyState>;
  }
  return (
    <div className={styles.list} data-testid="outputs">
      {items.map((output) => (
        <OutputSection key={output.name} session={session} step={step} output={output} />
      ))}
    </div>
  );
}

function OutputsLoading() {
  return (
    <Loading>
      <div className={styles.previewLoading}>
        <Skeleton width="50%" />
        <Skeleton width="80%" />
        <Skeleton width="66%" />
      </div>
    </Loading>
  );
}

type OutputFile = Output["files"][number];
const nameOf = (file: OutputFile): string => file.path.split("/").at(-1) ?? file.path;

const SIGNS: Readonly<Record<string, ReactNode>> = { obs: <FolderOpen size={15} />, dataset: <Database size={15} />, model: <Box size={15} /> };

function OutputSection({ session, step, output }: Props & { readonly output: Output }) {
  const [looked, setLooked] = useState<OutputFile | null>(null);
  const place = (file: OutputFile) => outputUrl(session.id, step, output.name, file.path);
  const total = output.files.reduce((sum, file) => sum + file.size, 0);
  return (
    <section className={styles.output} data-output={output.name}>
      <header className={styles.outputHead}>
        <span className={styles.sign} data-type={output.type}>
          {SIGNS[output.type] ?? <FileText size={15} />}
        </span>
        <h4>{output.name}</h4>
        {output.count > 0 && <span className={styles.count}>{t("output.files", { count: output.count, size: formatBytes(total) })}</span>}
      </header>
      {output.logical !== "" && (
        <p className={styles.place}>
          <Link href={`/storage?path=${encodeURIComponent(output.logical)}`}>{output.logical}</Link>
        </p>
      )}
      <Made output={output} />
      {output.files.length > 0 && (
        <ul className={styles.files}>
          {output.files.map((file) => (
            <li key={file.path}>
              <AriaButton className={styles.file ?? ""} onPress={() => { setLooked(file); }}>
                <FileText size={14} aria-hidden="true" />
                <span className={styles.path}>{file.path}</span>
                <span className={styles.count}>{formatBytes(file.size)}</span>
              </AriaButton>
              <a className={styles.download} href={place(file)} download={nameOf(file)} aria-label={t("output.download", { file: file.path })}>
                <Download size={14} />
              </a>
            </li>
          ))}
        </ul>
      )}
      {output.count > output.files.length && output.files.length > 0 && <p className={styles.more}>{t("output.firstFiles", { shown: output.files.length, count: formatNumber(output.count) })}</p>}
      {looked !== null && (
        <Dialog isOpen wide title={looked.path} onClose={() => { setLooked(null); }}>
          <div className={styles.preview} data-testid="preview">
            <Suspense fallback={<OutputsLoading />}>
              <FileContent href={place(looked)} name={looked.path} size={looked.size} version={looked.sha256} onDownload={() => { download(place(looked), nameOf(looked)); }} />
            </Suspense>
          </div>
          <p className={styles.facts}>
            {formatBytes(looked.size)}
            {looked.sha256 !== "" && <code>SHA-256 {looked.sha256}</code>}
            <a href={place(looked)} download={nameOf(looked)}>
              {t("output.downloadFile")}
            </a>
          </p>
        </Dialog>
      )}
    </section>
  );
}

const text = (data: JsonObject, key: string): string | null => (typeof data[key] === "string" && data[key] !== "" ? data[key] : null);

/** The dataset, version or model that became of the output. */
function Made({ output: { data, type } }: { readonly output: Output }) {
  const about = data as JsonObject;
  const model = text(about, "model");
  const dataset = text(about, "dataset");
  if (type === "model" && model !== null) {
    return (
      <p className={styles.made}>
        <Link href={`/models/${model}`} data-testid="model-link">
          {[text(about, "model_name"), text(about, "version_name")].filter(Boolean).join(" ")}
        </Link>
        <span>{t("output.lineage")}</span>
      </p>
    );
  }
  if (dataset === null) return null;
  const counts = isObject(about.counts) ? about.counts : null;
  return (
    <p className={styles.made}>
      <Link href={`/datasets/${dataset}`}>{[text(about, "dataset_name"), text(about, "version_name")].filter(Boolean).join(" ")}</Link>
      {counts !== null && typeof counts.train === "number" && typeof counts.eval === "number" && <span>{t("output.split", { train: counts.train, held: counts.eval })}</span>}
      {about.reused === true && <span>{t("output.reused")}</span>}
    </p>
  );
}
