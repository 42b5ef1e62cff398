import { BarList } from "@/features/assets/BarList";
import { Lineage } from "@/features/assets/Lineage";
import type { LineageGraph } from "@/features/assets/lineage";
import { Ago, MadeBy } from "@/features/assets/Made";
import { Card, Facts } from "@/features/assets/page";
import { originOf, runHref } from "@/features/assets/wire";
import { t } from "@/i18n/i18n";
import { EmptyState } from "@/ui/States";
import { classBars, versionCounts } from "./counts";
import styles from "./DatasetPage.module.css";
import type { DatasetDetail, DatasetVersion } from "./queries";
import { Split } from "./Split";

const SHOWN_VERSIONS = 4;

interface Props {
  readonly dataset: DatasetDetail;
  readonly versions: readonly DatasetVersion[];
  readonly known: boolean;
}

export function Overview({ dataset, versions, known }: Props) {
  const bars = classBars(dataset.classes, t("datasets.unlabelled"));
  const newest = versions[0];
  const sum = Object.values(dataset.classes).reduce((total, count) => total + count, 0);
  return (
    <div className={styles.overview}>
      <Card title={t("datasets.classPlot")} note={sum > dataset.samples ? t("datasets.classPlot.note") : undefined}>
        {bars.length === 0 ? <EmptyState title={t("datasets.noSamples")} /> : <BarList label={t("datasets.classPlot")} bars={bars} />}
      </Card>
      <div className={styles.column}>
        <Card title={t("datasets.newest")} note={newest?.name}>
          {newest === undefined ? <p className={styles.soft}>{known ? t("datasets.noVersions.text") : " "}</p> : <Split counts={versionCounts(newest.counts)} />}
        </Card>
        <Card title={t("datasets.about")}>
          <Facts
            items={[
              { id: "origin", label: t("assets.origin"), value: <MadeBy origin={dataset.origin} /> },
              { id: "made", label: t("assets.created"), value: <Ago at={dataset.created_at} /> },
              { id: "id", label: "ID", value: <code>{dataset.id}</code> },
            ]}
          />
        </Card>
      </div>
      <Card title={t("assets.lineage")} className={styles.whole ?? ""}>
        <Lineage label={t("assets.lineage")} graph={lineageOf(dataset, versions.slice(0, SHOWN_VERSIONS))} />
      </Card>
    </div>
  );
}

/** The step that made it, the dataset, its newest versions. */
function lineageOf(dataset: DatasetDetail, versions: readonly DatasetVersion[]): LineageGraph {
  const origin = originOf(dataset.origin);
  const made =
    origin === null
      ? []
      : [
          { id: "run", kind: "run" as const, title: t("assets.origin.run", { number: String(origin.number ?? origin.run.slice(0, 8)) }), href: runHref(origin.run), column: 0 },
          { id: "step", kind: "step" as const, title: origin.step ?? "–", href: runHref(origin.run, origin.step), column: 1 },
        ];
  return {
    nodes: [
      ...made,
      { id: "dataset", kind: "dataset", title: dataset.name, href: null, here: true, column: 2 },
      ...versions.map((version) => ({ id: version.id, kind: "version" as const, title: version.name, href: `/datasets/${dataset.id}?tab=versions&version=${encodeURIComponent(version.name)}`, column: 3 })),
    ],
    edges: [{ from: "run", to: "step" }, { from: "step", to: "dataset" }, ...versions.map((version) => ({ from: "dataset", to: version.id }))],
  };
}
