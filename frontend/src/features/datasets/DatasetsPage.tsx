/** The datasets that runs have made. */
import { Database, Waypoints } from "lucide-react";
import { keys } from "@/api/keys";
import { AssetList, Named } from "@/features/assets/AssetList";
import { Ago, MadeBy, Newest } from "@/features/assets/Made";
import { formatNumber, t, useLanguage } from "@/i18n/i18n";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { navigate } from "@/ui/navigation";
import type { ColumnSpec } from "@/ui/Table";
import { loadDatasets, type Dataset } from "./queries";
import { dataType, taskType } from "./words";

export function DatasetsPage() {
  useLanguage();
  const columns: readonly ColumnSpec<Dataset>[] = [
    { id: "name", title: t("datasets.column.name"), cell: (each) => <Named icon={<Database size={16} />} name={each.name} description={each.description} /> },
    { id: "type", title: t("datasets.column.type"), width: "96px", cell: (each) => <Badge>{dataType(each.data_type)}</Badge> },
    { id: "task", title: t("datasets.column.task"), width: "160px", cell: (each) => (each.label_task_type === "" ? "–" : taskType(each.label_task_type)) },
    { id: "samples", title: t("datasets.column.samples"), width: "90px", align: "end", cell: (each) => formatNumber(each.samples) },
    { id: "version", title: t("assets.newest"), width: "112px", cell: (each) => <Newest name={each.newest_version} count={each.versions} /> },
    { id: "origin", title: t("assets.origin"), width: "160px", cell: (each) => <MadeBy origin={each.origin} /> },
    { id: "made", title: t("assets.created"), width: "124px", cell: (each) => <Ago at={each.created_at} /> },
  ];
  return (
    <AssetList
      title={t("datasets.title")}
      lead={t("datasets.lead")}
      searchLabel={t("datasets.search")}
      countOf={(count) => t("datasets.count", { count })}
      icon={<Database size={22} />}
      empty={{
        title: t("datasets.empty.title"),
        text: t("datasets.empty.text"),
        actions: (
          <Button
            icon={<Waypoints size={15} />}
            onPress={() => {
              navigate("/");
            }}
          >
            {t("nav.workflows")}
          </Button>
        ),
      }}
      queryKey={keys.datasets}
      load={loadDatasets}
      columns={columns}
      hrefOf={(each) => `/datasets/${each.id}`}
    />
  );
}
