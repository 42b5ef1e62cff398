/** How a version is shared out: train, evaluation, and what has no label. */
import { formatNumber, t } from "@/i18n/i18n";
import type { VersionCounts } from "./counts";
import styles from "./DatasetPage.module.css";

export function Split({ counts }: { readonly counts: VersionCounts }) {
  const parts = [
    { id: "train", label: t("datasets.train"), value: counts.train, colour: "var(--chart-1)" },
    { id: "eval", label: t("datasets.eval"), value: counts.eval, colour: "var(--chart-2)" },
    { id: "unlabelled", label: t("datasets.unlabelled"), value: counts.unlabelled, colour: "var(--ink-off)" },
  ].filter((part) => part.id !== "unlabelled" || part.value > 0);
  const sum = Math.max(1, parts.reduce((total, part) => total + part.value, 0));
  return (
    <div className={styles.split}>
      <div className={styles.splitBar} aria-hidden="true">
        {parts.map((part) => (
          <span key={part.id} style={{ width: `${String((part.value / sum) * 100)}%`, background: part.colour }} />
        ))}
      </div>
      <div className={styles.splitWords}>
        {parts.map((part) => (
          <span key={part.id}>
            <span className={styles.sign} style={{ background: part.colour }} aria-hidden="true" />
            {part.label} {formatNumber(part.value)}
          </span>
        ))}
      </div>
    </div>
  );
}
