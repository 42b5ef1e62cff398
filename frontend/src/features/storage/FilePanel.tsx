/** One file beside its folder: what is in it, and what is known of it. */
import { Copy, Download, X } from "lucide-react";
import { copyText, download, fileHref } from "@/features/assets/wire";
import { FileContent } from "@/features/files/FileContent";
import { formatBytes, formatDate, t } from "@/i18n/i18n";
import { IconButton } from "@/ui/Button";
import type { Entry } from "./entries";
import styles from "./FilePanel.module.css";

interface Props {
  readonly entry: Entry;
  readonly project: string | null;
  readonly onClose: () => void;
}

export function FilePanel({ entry, project, onClose }: Props) {
  const href = fileHref(entry.path, project);
  const get = () => {
    download(href, entry.name);
  };
  return (
    <aside className={styles.panel} aria-label={t("storage.previewOf", { name: entry.name })} data-testid="preview">
      <header className={styles.head}>
        <h2 className={styles.title}>{entry.name}</h2>
        <IconButton small label={t("assets.download")} icon={<Download size={15} />} onPress={get} />
        <IconButton small label={t("assets.copyPath")} icon={<Copy size={15} />} onPress={() => void copyText(entry.path)} />
        <IconButton small label={t("action.close")} icon={<X size={15} />} onPress={onClose} />
      </header>
      <div className={styles.content}>
        <FileContent href={href} name={entry.name} size={entry.size} version={entry.modified} onDownload={get} />
      </div>
      <footer className={styles.foot}>
        <span>{formatBytes(entry.size)}</span>
        <time dateTime={entry.modified}>{formatDate(entry.modified)}</time>
        <code className={styles.path}>{entry.path}</code>
      </footer>
    </aside>
  );
}
