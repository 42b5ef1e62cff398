/** The samples as thumbnails, a page at a time, of one class or of all. */
import { Copy, File as FileIcon, FolderOpen, ImageOff, SearchX } from "lucide-react";
import { useState } from "react";
import { fileHref, copyText, problemOf } from "@/features/assets/wire";
import { Facts } from "@/features/assets/page";
import { formatBytes, formatNumber, t } from "@/i18n/i18n";
import { Badge } from "@/ui/Badge";
import { Button, IconButton } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Select } from "@/ui/Field";
import { navigate, useSearchParams } from "@/ui/navigation";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/ui/States";
import { inOrder } from "./counts";
import { useSamples, type DatasetDetail, type Sample } from "./queries";
import styles from "./Samples.module.css";

const ALL = "all";
/** A label may be any text; the choices need ids that cannot be one another. */
const idOf = (label: string | null): string => (label === null ? ALL : `=${label}`);
const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

export function Samples({ dataset }: { readonly dataset: DatasetDetail }) {
  const label = useSearchParams().get("label");
  const samples = useSamples(dataset.id, label);
  const [open, setOpen] = useState<Sample | null>(null);
  const items = samples.data?.pages.flatMap((page) => page.items) ?? [];
  const count = label === null ? dataset.samples : (dataset.classes[label] ?? 0);
  const choices = [
    { id: ALL, label: t("datasets.allClasses"), note: formatNumber(dataset.samples) },
    ...Object.entries(dataset.classes)
      .sort(([one], [other]) => (one === "" ? 1 : other === "" ? -1 : inOrder(one, other)))
      .map(([each, number]) => ({ id: idOf(each), label: each === "" ? t("datasets.unlabelled") : each, note: formatNumber(number) })),
  ];
  const choose = (id: string) => {
    navigate(`/datasets/${dataset.id}?tab=samples${id === ALL ? "" : `&label=${encodeURIComponent(id.slice(1))}`}`, { replace: true });
  };
  return (
    <div className={styles.samples}>
      <div className={styles.tools}>
        <Select labelHidden label={t("datasets.class")} choices={choices} value={idOf(label)} onChange={choose} className={styles.select ?? ""} />
        <span role="status" className={styles.count}>
          {samples.isSuccess && t("datasets.shown", { shown: formatNumber(items.length), count: formatNumber(count) })}
        </span>
      </div>
      {samples.isPending && (
        <Loading>
          <div className={styles.grid}>
            {Array.from({ length: 18 }, (_, index) => (
              <Skeleton key={index} height={132} />
            ))}
          </div>
        </Loading>
      )}
      {samples.isError && items.length === 0 && <ErrorState problem={problemOf(samples.error)} onRetry={() => void samples.refetch()} />}
      {samples.isSuccess && items.length === 0 && (
        <EmptyState icon={<SearchX size={22} />} title={t("datasets.noSamples")}>
          {t("datasets.noSamples.text")}
        </EmptyState>
      )}
      <ul className={styles.grid} aria-label={t("datasets.tab.samples")}>
        {items.map((sample) => (
          <li key={sample.id}>
            <button
              type="button"
              className={styles.sample}
              data-testid="sample"
              aria-label={t("datasets.sample.label", { name: nameOf(sample.path), labels: sample.labels.join(", ") || t("datasets.unlabelled") })}
              onClick={() => {
                setOpen(sample);
              }}
            >
              <Thumb sample={sample} project={dataset.project} />
              <span className={styles.caption}>
                <span className={styles.name}>{nameOf(sample.path)}</span>
                <span className={styles.label}>{sample.labels.join(", ") || t("datasets.unlabelled")}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {samples.hasNextPage && (
        <Button className={styles.more ?? ""} isPending={samples.isFetchingNextPage} onPress={() => void samples.fetchNextPage()}>
          {t("assets.more")}
        </Button>
      )}
      {open !== null && (
        <SampleDialog
          sample={open}
          project={dataset.project}
          onClose={() => {
            setOpen(null);
          }}
        />
      )}
    </div>
  );
}

function Thumb({ sample, project, large = false }: { readonly sample: Sample; readonly project: string; readonly large?: boolean }) {
  const [broken, setBroken] = useState(false);
  if (!sample.media_type.startsWith("image/") || broken) {
    return (
      <span className={large ? styles.pictureLarge : styles.picture}>
        {broken ? <ImageOff size={26} aria-hidden="true" /> : <FileIcon size={26} aria-hidden="true" />}
        {broken && <span className={styles.gone}>{t("datasets.sample.gone")}</span>}
      </span>
    );
  }
  return (
    <span className={large ? styles.pictureLarge : styles.picture}>
      <img
        src={fileHref(sample.path, project)}
        alt=""
        loading="lazy"
        decoding="async"
        onError={() => {
          setBroken(true);
        }}
        onLoad={(event) => {
          // A scanned digit is 8 pixels wide: its pixels are what there is to see.
          if (event.currentTarget.naturalWidth <= 64) event.currentTarget.dataset.small = "";
        }}
      />
    </span>
  );
}

function SampleDialog({ sample, project, onClose }: { readonly sample: Sample; readonly project: string; readonly onClose: () => void }) {
  const folder = sample.path.slice(0, sample.path.lastIndexOf("/") + 1);
  return (
    <Dialog isOpen wide onClose={onClose} title={nameOf(sample.path)}>
      <div className={styles.dialog}>
        <Thumb large sample={sample} project={project} />
        <div className={styles.about}>
          <Facts
            items={[
              { id: "labels", label: t("datasets.class"), value: sample.labels.length === 0 ? t("datasets.unlabelled") : <span className={styles.labels}>{sample.labels.map((label) => <Badge key={label} tone="busy">{label}</Badge>)}</span> },
              { id: "usage", label: t("datasets.usage"), value: sample.usage === "TRAIN" ? t("datasets.train") : sample.usage === "EVAL" ? t("datasets.eval") : t("datasets.usage.none") },
              { id: "size", label: t("datasets.size"), value: formatBytes(sample.size) },
              { id: "type", label: t("datasets.mediaType"), value: sample.media_type || "–" },
              {
                id: "path",
                label: t("datasets.path"),
                value: (
                  <span className={styles.path}>
                    <code>{sample.path}</code>
                    <IconButton small label={t("assets.copyPath")} icon={<Copy size={14} />} onPress={() => void copyText(sample.path)} />
                  </span>
                ),
              },
              { id: "hash", label: "SHA-256", value: <code>{sample.sha256}</code> },
            ]}
          />
          <Button
            icon={<FolderOpen size={15} />}
            onPress={() => {
              onClose();
              navigate(`/storage?path=${encodeURIComponent(folder)}&file=${encodeURIComponent(nameOf(sample.path))}&project=${project}`);
            }}
          >
            {t("datasets.sample.inStorage")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
