/** One file, looked at where it is. Nothing in it is ever run: pictures are decoded, everything else is text. */

import { useQuery } from "@tanstack/react-query";
import { FileQuestion } from "lucide-react";
import { useEffect, useRef } from "react";
import { ApiError } from "@/api/client";
import { t, useLanguage } from "@/i18n/i18n";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/ui/States";
import styles from "./Outputs.module.css";
import { endingOf, imageType, MOST_IMAGE, MOST_JSON, MOST_TEXT, previewKind, readJson, readTable } from "./preview";
import { rangeReader } from "./ranges";

interface Props {
  readonly url: string;
  readonly path: string;
  readonly size: number;
}

export function FilePreview({ url, path, size }: Props) {
  useLanguage();
  const kind = previewKind(path, size);
  const most = kind === "image" ? MOST_IMAGE : kind === "json" ? MOST_JSON : MOST_TEXT;
  const content = useQuery({
    queryKey: ["file", url, size],
    enabled: kind !== "none" && size > 0,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    queryFn: ({ signal }) => rangeReader(url)(0, most, signal),
  });
  if (size === 0) return <EmptyState title={t("output.emptyFile")} />;
  if (kind === "none")
    return (
      <EmptyState icon={<FileQuestion size={22} />} title={t("output.noPreview")}>
        {t("output.noPreview.text")}
      </EmptyState>
    );
  if (content.error instanceof ApiError) return <ErrorState problem={content.error.problem} onRetry={() => void content.refetch()} />;
  if (content.data === undefined)
    return (
      <Loading>
        <div className={styles.previewLoading}>
          <Skeleton width="70%" />
          <Skeleton width="50%" />
          <Skeleton width="62%" />
        </div>
      </Loading>
    );
  const { bytes } = content.data;
  if (kind === "image") return <Picture bytes={bytes} path={path} />;
  const text = new TextDecoder().decode(bytes);
  const whole = bytes.length >= size;
  if (kind === "table") return <DataTable text={text} separator={endingOf(path) === "tsv" ? "\t" : ","} whole={whole} label={path} />;
  return (
    <div className={styles.text} tabIndex={0} role="group" aria-label={path}>
      <pre>{kind === "json" ? readJson(text) : text}</pre>
      {!whole && <p className={styles.more}>{t("output.beginning")}</p>}
    </div>
  );
}

/** The address of bytes in memory exists as long as the picture is shown. */
function Picture({ bytes, path }: { readonly bytes: Uint8Array; readonly path: string }) {
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    const url = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: imageType(path) ?? "" }));
    if (image.current !== null) image.current.src = url;
    return () => {
      URL.revokeObjectURL(url);
    };
  }, [bytes, path]);
  return (
    <div className={styles.picture}>
      <img ref={image} alt={path} />
    </div>
  );
}

function DataTable({ text, separator, whole, label }: { readonly text: string; readonly separator: string; readonly whole: boolean; readonly label: string }) {
  const { head, rows, more } = readTable(text, separator, whole);
  return (
    <div className={styles.text} tabIndex={0} role="group" aria-label={label}>
      <table className={styles.table}>
        <thead>
          <tr>
            {head.map((name, index) => (
              <th key={index} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {more && <p className={styles.more}>{t("output.firstRows", { count: rows.length })}</p>}
    </div>
  );
}
