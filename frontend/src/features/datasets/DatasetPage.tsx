/** One dataset: its classes, samples and versions, and where it comes from. The tab is part of the address. */
import { Database } from "lucide-react";
import { Page, PageHead, Figure, Figures } from "@/features/assets/page";
import { Ago } from "@/features/assets/Made";
import { problemOf } from "@/features/assets/wire";
import { formatNumber, t, useLanguage } from "@/i18n/i18n";
import { Badge } from "@/ui/Badge";
import { navigate, useSearchParams, type RouteParams } from "@/ui/navigation";
import { ErrorState, Loading, Skeleton } from "@/ui/States";
import { Tabs } from "@/ui/Tabs";
import { versionCounts } from "./counts";
import styles from "./DatasetPage.module.css";
import { Overview } from "./Overview";
import { useDataset, useVersions, type DatasetDetail, type DatasetVersion } from "./queries";
import { Samples } from "./Samples";
import { Versions } from "./Versions";
import { dataType, taskType } from "./words";

const TABS = ["overview", "samples", "versions"] as const;
type Tab = (typeof TABS)[number];

export function DatasetPage({ params }: { readonly params: RouteParams }) {
  useLanguage();
  const id = params.id ?? "";
  const dataset = useDataset(id);
  const versions = useVersions(id);
  const list = versions.data?.pages.flatMap((page) => page.items) ?? [];
  if (dataset.isError && dataset.data === undefined) return <ErrorState page problem={problemOf(dataset.error)} onRetry={() => void dataset.refetch()} />;
  return (
    <Page wide>
      {dataset.data === undefined ? (
        <HeadLoading />
      ) : (
        <Content dataset={dataset.data} versions={list} known={versions.isSuccess} count={versions.hasNextPage ? undefined : list.length} more={versions.hasNextPage ? () => void versions.fetchNextPage() : null} />
      )}
    </Page>
  );
}

interface Props {
  readonly dataset: DatasetDetail;
  readonly versions: readonly DatasetVersion[];
  readonly known: boolean;
  readonly count: number | undefined;
  readonly more: (() => void) | null;
}

function Content({ dataset, versions, known, count, more }: Props) {
  const search = useSearchParams();
  const asked = search.get("tab");
  const tab: Tab = TABS.find((each) => each === asked) ?? "overview";
  const classes = Object.keys(dataset.classes).filter((label) => label !== "").length;
  const newest = versions[0];
  const split = newest === undefined ? null : versionCounts(newest.counts);
  const choose = (chosen: string) => {
    navigate(`/datasets/${dataset.id}${chosen === "overview" ? "" : `?tab=${chosen}`}`, { replace: true });
  };
  return (
    <>
      <PageHead
        title={dataset.name}
        above={{ href: "/datasets", label: t("datasets.title") }}
        lead={
          <>
            <Badge icon={<Database size={12} />}>{dataType(dataset.data_type)}</Badge>
            {dataset.label_task_type !== "" && <Badge>{taskType(dataset.label_task_type)}</Badge>}
            <Ago at={dataset.created_at} />
            {dataset.description !== "" && <span>{dataset.description}</span>}
          </>
        }
      />
      <Figures>
        <Figure label={t("datasets.samples")} value={formatNumber(dataset.samples)} />
        <Figure label={t("datasets.classes")} value={formatNumber(classes)} />
        <Figure label={t("datasets.unlabelled")} value={formatNumber(dataset.classes[""] ?? 0)} />
        <Figure label={t("datasets.train")} value={split === null ? "–" : formatNumber(split.train)} note={newest?.name} />
        <Figure label={t("datasets.eval")} value={split === null ? "–" : formatNumber(split.eval)} note={newest?.name} />
      </Figures>
      <div className={styles.tabs}>
        <Tabs
          label={dataset.name}
          selected={tab}
          onSelect={choose}
          items={[
            { id: "overview", label: t("datasets.tab.overview"), content: <Overview dataset={dataset} versions={versions} known={known} /> },
            { id: "samples", label: t("datasets.tab.samples"), count: dataset.samples, content: <Samples dataset={dataset} /> },
            { id: "versions", label: t("datasets.tab.versions"), ...(known && count !== undefined && { count }), content: <Versions dataset={dataset} versions={versions} known={known} more={more} /> },
          ]}
        />
      </div>
    </>
  );
}

function HeadLoading() {
  return (
    <Loading>
      <div className={styles.loading}>
        <Skeleton width="90px" height={14} />
        <Skeleton width="280px" height={26} />
        <Skeleton width="420px" height={14} />
        <Skeleton height={84} />
        <Skeleton height={280} />
      </div>
    </Loading>
  );
}
