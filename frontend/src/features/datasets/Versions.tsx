/** The versions beside what the chosen one holds. */
import { DatabaseZap, Download } from "lucide-react";
import { BarList } from "@/features/assets/BarList";
import { RowsLoading } from "@/features/assets/AssetList";
import { Ago, MadeBy } from "@/features/assets/Made";
import { Card, Facts } from "@/features/assets/page";
import { asNumber, download } from "@/features/assets/wire";
import { formatNumber, t } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import { navigate, useSearchParams } from "@/ui/navigation";
import { EmptyState } from "@/ui/States";
import { splitBars, versionCounts } from "./counts";
import styles from "./DatasetPage.module.css";
import type { DatasetDetail, DatasetVersion } from "./queries";
import { Split } from "./Split";

const FILES = ["manifest.jsonl", "train.jsonl", "eval.jsonl"];

interface Props {
  readonly dataset: DatasetDetail;
  readonly versions: readonly DatasetVersion[];
  readonly known: boolean;
  readonly more: (() => void) | null;
}

export function Versions({ dataset, versions, known, more }: Props) {
  const wanted = useSearchParams().get("version");
  const chosen = versions.find((version) => version.name === wanted) ?? versions[0];
  if (!known) return <RowsLoading />;
  if (chosen === undefined) {
    return (
      <EmptyState icon={<DatabaseZap size={22} />} title={t("datasets.noVersions.title")}>
        {t("datasets.noVersions.text")}
      </EmptyState>
    );
  }
  return (
    <div className={styles.versionRow}>
      <Card flush title={t("datasets.tab.versions")}>
        <ul className={styles.versions}>
          {versions.map((version) => (
            <li key={version.id}>
              <button
                type="button"
                className={styles.version}
                aria-pressed={version.id === chosen.id}
                data-testid="version"
                onClick={() => {
                  navigate(`/datasets/${dataset.id}?tab=versions&version=${encodeURIComponent(version.name)}`, { replace: true });
                }}
              >
                <span className={styles.versionName}>{version.name}</span>
                <span className={styles.soft}>
                  <Ago at={version.created_at} />
                </span>
                <span />
                <Split counts={versionCounts(version.counts)} />
              </button>
            </li>
          ))}
        </ul>
        {more !== null && <Button onPress={more}>{t("assets.more")}</Button>}
      </Card>
      <Chosen dataset={dataset} version={chosen} />
    </div>
  );
}

function Chosen({ dataset, version }: { readonly dataset: DatasetDetail; readonly version: DatasetVersion }) {
  const counts = versionCounts(version.counts);
  const ratio = asNumber(version.split.ratio);
  const seed = asNumber(version.split.seed);
  const address = `/api/datasets/${dataset.id}/versions/${encodeURIComponent(version.name)}/file/`;
  return (
    <Card title={t("datasets.version", { name: version.name })}>
      <div className={styles.stack}>
        <Facts
          items={[
            { id: "total", label: t("datasets.samples"), value: formatNumber(counts.total) },
            { id: "split", label: t("datasets.split"), value: ratio === null ? "–" : t("datasets.split.value", { ratio: formatNumber(ratio, { style: "percent" }), seed: seed ?? 0 }) },
            { id: "format", label: t("datasets.format"), value: version.version_format },
            { id: "origin", label: t("assets.origin"), value: <MadeBy origin={version.origin} /> },
            { id: "made", label: t("assets.created"), value: <Ago at={version.created_at} /> },
          ]}
        />
        <BarList label={t("datasets.classPlot")} bars={splitBars(counts)} legend={[t("datasets.train"), t("datasets.eval")]} />
        <div className={styles.files}>
          {FILES.map((file) => (
            <Button
              key={file}
              small
              icon={<Download size={13} />}
              onPress={() => {
                download(`${address}?path=${file}`, `${dataset.name}-${version.name}-${file}`);
              }}
            >
              {file}
            </Button>
          ))}
        </div>
      </div>
    </Card>
  );
}
