/** What is on its way, at the lower edge: as a whole, and file by file. */
import { ChevronDown, ChevronUp, CircleAlert, CircleCheck, CircleHelp, Clock, LoaderCircle, RotateCcw, X } from "lucide-react";
import { useState, type ReactNode } from "react";
import { formatBytes, formatNumber, sayProblem, t } from "@/i18n/i18n";
import { Button, IconButton } from "@/ui/Button";
import { nameOf, parentOf } from "./places";
import { sumsOf, type Upload, type Uploads, type UploadState, type UploadSums } from "./uploads";
import styles from "./UploadList.module.css";

const SHOWN = 60;
/** What wants an answer first, what is over last. */
const ORDER: Readonly<Record<UploadState, number>> = { exists: 0, failed: 1, sending: 2, waiting: 3, done: 4, cancelled: 5 };

export function UploadList({ uploads, items }: { readonly uploads: Uploads; readonly items: readonly Upload[] }) {
  const [open, setOpen] = useState(true);
  const sums = sumsOf(items);
  if (items.length === 0) return <div role="status" className={styles.unseen} />;
  const listed = [...items].sort((one, other) => ORDER[one.state] - ORDER[other.state] || one.id - other.id);
  return (
    <section className={styles.panel} aria-label={t("upload.title")} data-testid="uploads">
      <header className={styles.head}>
        <span className={styles.words} role="status">
          {headline(sums)}
        </span>
        {sums.asking > 1 && (
          <Button small onPress={() => { uploads.replaceAll(); }}>
            {t("upload.replaceAll", { count: sums.asking })}
          </Button>
        )}
        {sums.open > 0 ? (
          <Button small look="quiet" onPress={() => { uploads.cancelAll(); }}>
            {t("upload.cancelAll")}
          </Button>
        ) : (
          <Button small look="quiet" onPress={() => { uploads.clear(); }}>
            {t("upload.clear")}
          </Button>
        )}
        <IconButton small label={open ? t("upload.fold") : t("upload.unfold")} aria-expanded={open} icon={open ? <ChevronDown size={15} /> : <ChevronUp size={15} />} onPress={() => { setOpen(!open); }} />
      </header>
      <Progress share={sums.share} label={t("upload.title")} />
      {open && (
        <ul className={styles.list}>
          {listed.slice(0, SHOWN).map((upload) => (
            <Line key={upload.id} upload={upload} uploads={uploads} />
          ))}
          {listed.length > SHOWN && <li className={styles.rest}>{t("assets.json.more", { count: formatNumber(listed.length - SHOWN) })}</li>}
        </ul>
      )}
    </section>
  );
}

function headline({ count, done, open, asking, failed, share }: UploadSums): string {
  if (open > 0) return t("upload.sending", { done, count, share: formatNumber(share, { style: "percent" }) });
  if (asking > 0) return t("upload.asking", { count: asking });
  if (failed > 0) return t("upload.failed", { count: failed });
  return t("upload.done", { count: done });
}

function Progress({ share, label }: { readonly share: number; readonly label: string }) {
  return (
    <div role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)} className={styles.track}>
      <span className={styles.fill} style={{ width: `${String(share * 100)}%` }} />
    </div>
  );
}

const ICONS: Readonly<Record<UploadState, ReactNode>> = {
  waiting: <Clock size={15} className={styles.idle} />,
  sending: <LoaderCircle size={15} className={styles.turning} />,
  exists: <CircleHelp size={15} className={styles.warn} />,
  failed: <CircleAlert size={15} className={styles.bad} />,
  done: <CircleCheck size={15} className={styles.good} />,
  cancelled: <X size={15} className={styles.idle} />,
};

function Line({ upload, uploads }: { readonly upload: Upload; readonly uploads: Uploads }) {
  const name = nameOf(upload.path);
  const stoppable = upload.state === "waiting" || upload.state === "sending" || upload.state === "exists" || upload.state === "failed";
  return (
    <li className={styles.line} data-testid="upload" data-state={upload.state}>
      {ICONS[upload.state]}
      <div className={styles.text}>
        <span className={styles.name}>{name}</span>
        <span className={styles.note}>{noteOf(upload)}</span>
      </div>
      {upload.state === "sending" && (
        <div className={styles.bar}>
          <Progress share={upload.size === 0 ? 0 : upload.sent / upload.size} label={t("upload.progress", { name })} />
        </div>
      )}
      {upload.state === "exists" && (
        <Button small aria-label={t("upload.replace.for", { name })} onPress={() => { uploads.again(upload.id, true); }}>
          {t("upload.replace")}
        </Button>
      )}
      {upload.state === "failed" && <IconButton small label={t("upload.again", { name })} icon={<RotateCcw size={14} />} onPress={() => { uploads.again(upload.id); }} />}
      {stoppable && <IconButton small label={t("upload.cancel", { name })} icon={<X size={14} />} onPress={() => { uploads.cancel(upload.id); }} />}
    </li>
  );
}

function noteOf(upload: Upload): string {
  if (upload.state === "sending") return t("upload.sent", { sent: formatBytes(upload.sent), size: formatBytes(upload.size) });
  if (upload.state === "exists") return t("upload.exists");
  if (upload.state === "failed" && upload.problem !== null) return sayProblem(upload.problem).message;
  if (upload.state === "cancelled") return t("upload.cancelled");
  return `${formatBytes(upload.size)} · ${parentOf(upload.path)}`;
}
