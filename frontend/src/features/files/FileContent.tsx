/** What is in one file, as far as that can be shown. Nothing in it is ever run: pictures are decoded, the rest is text. */
import { useQuery } from "@tanstack/react-query";
import { Download, FileQuestion, FileWarning } from "lucide-react";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { keys } from "@/api/keys";
import { rangeReader } from "@/api/ranges";
import { JsonTree } from "@/features/assets/JsonTree";
import { problemOf } from "@/features/assets/wire";
import { formatBytes, formatNumber, t, useLanguage } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import { CodeEditor } from "@/ui/CodeEditor";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/ui/States";
import { bytesWanted, endingOf, imageType, lineTable, parsedJson, readTable, shownAs, textOf, type Table } from "./content";
import styles from "./FileContent.module.css";

interface Props {
  readonly href: string;
  readonly name: string;
  readonly size: number;
  /** Another one means that what was fetched before is old. */
  readonly version: string;
  readonly onDownload: () => void;
}

export function FileContent({ href, name, size, version, onDownload }: Props) {
  useLanguage();
  const shown = shownAs(name);
  const wanted = bytesWanted(shown, size);
  const content = useQuery({
    queryKey: [...keys.storage, "content", href, version, size],
    enabled: wanted !== null && size > 0,
    staleTime: Infinity,
    gcTime: 60_000,
    queryFn: ({ signal }) => rangeReader(href)(0, wanted ?? 0, signal),
  });
  const instead = (
    <Button icon={<Download size={15} />} onPress={onDownload}>
      {t("assets.download")}
    </Button>
  );
  if (size === 0) return <EmptyState icon={<FileQuestion size={22} />} title={t("storage.emptyFile")} />;
  if (wanted === null) {
    return (
      <EmptyState icon={<FileWarning size={22} />} title={t("storage.tooBig.title")} actions={instead}>
        {t("storage.tooBig.text", { size: formatBytes(size) })}
      </EmptyState>
    );
  }
  if (content.isError) return <ErrorState problem={problemOf(content.error)} onRetry={() => void content.refetch()} />;
  if (content.data === undefined) {
    return (
      <Loading>
        <div className={styles.loading}>
          <Skeleton width="70%" />
          <Skeleton width="52%" />
          <Skeleton width="64%" />
        </div>
      </Loading>
    );
  }
  const { bytes } = content.data;
  const binary = (
    <EmptyState icon={<FileQuestion size={22} />} title={t("storage.binary.title")} actions={instead}>
      {t("storage.binary.text")}
    </EmptyState>
  );
  if (shown === "image" || shown === "svg") return <Picture bytes={bytes} type={imageType(name) ?? "image/svg+xml"} name={name} fallback={binary} />;
  const text = textOf(bytes);
  if (text === null) return binary;
  return <TextContent name={name} text={text} whole={bytes.length >= size} />;
}

function TextContent({ name, text, whole }: { readonly name: string; readonly text: string; readonly whole: boolean }) {
  const shown = shownAs(name);
  if (shown === "table") return <Rows name={name} table={readTable(text, endingOf(name) === "tsv" ? "\t" : ",", whole)} />;
  const lines = shown === "lines" ? lineTable(text, whole) : null;
  if (lines !== null) return <Rows name={name} table={lines} />;
  const value = shown === "json" && whole ? parsedJson(text) : undefined;
  if (value !== undefined) {
    return (
      <div className={styles.tree} tabIndex={0} role="group" aria-label={name}>
        <JsonTree label={name} value={value} />
      </div>
    );
  }
  const language = endingOf(name) === "py" ? "python" : shown === "json" ? "json" : "text";
  return (
    <div className={styles.code}>
      <CodeEditor readOnly label={name} value={text} language={language} />
      {!whole && <p className={styles.cut}>{t("storage.beginning", { size: formatBytes(text.length) })}</p>}
    </div>
  );
}

interface PictureProps {
  readonly bytes: Uint8Array;
  readonly type: string;
  readonly name: string;
  readonly fallback: ReactNode;
}

/** Scripts inside of an SVG do not run in an image. */
function Picture({ bytes, type, name, fallback }: PictureProps) {
  const image = useRef<HTMLImageElement>(null);
  const [broken, setBroken] = useState(false);
  const [measure, setMeasure] = useState<readonly [number, number] | null>(null);
  useEffect(() => {
    const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type }));
    if (image.current !== null) image.current.src = url;
    return () => {
      URL.revokeObjectURL(url);
    };
  }, [bytes, type]);
  if (broken) return fallback;
  return (
    <figure className={styles.picture}>
      <img
        ref={image}
        alt={name}
        {...(measure !== null && measure[0] <= 64 && { "data-small": "" })}
        onError={() => {
          setBroken(true);
        }}
        onLoad={(event) => {
          setMeasure([event.currentTarget.naturalWidth, event.currentTarget.naturalHeight]);
        }}
      />
      <figcaption>{measure === null ? " " : t("storage.pixels", { width: formatNumber(measure[0]), height: formatNumber(measure[1]) })}</figcaption>
    </figure>
  );
}

function Rows({ name, table }: { readonly name: string; readonly table: Table }) {
  return (
    <div className={styles.rows} tabIndex={0} role="group" aria-label={name}>
      <table className={styles.table}>
        <thead>
          <tr>
            {table.head.map((title, index) => (
              <th key={index} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column}>{cell.length > 200 ? `${cell.slice(0, 200)}…` : cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {table.more && <p className={styles.cut}>{t("storage.firstRows", { count: table.rows.length })}</p>}
    </div>
  );
}
