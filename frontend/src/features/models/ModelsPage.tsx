/** The models that runs have registered. */
import { Box, Waypoints } from "lucide-react";
import { keys } from "@/api/keys";
import { AssetList, Named } from "@/features/assets/AssetList";
import { Ago, Newest } from "@/features/assets/Made";
import { t, useLanguage } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import { navigate } from "@/ui/navigation";
import type { ColumnSpec } from "@/ui/Table";
import { loadModels, type Model } from "./queries";

export function ModelsPage() {
  useLanguage();
  const columns: readonly ColumnSpec<Model>[] = [
    { id: "name", title: t("models.column.name"), cell: (each) => <Named tone="model" icon={<Box size={16} />} name={each.name} description={each.description} /> },
    { id: "version", title: t("assets.newest"), width: "170px", cell: (each) => <Newest name={each.newest_version} count={each.versions} /> },
    { id: "newest", title: t("models.column.newest"), width: "160px", cell: (each) => (each.newest_at === null ? "–" : <Ago at={each.newest_at} />) },
    { id: "made", title: t("assets.created"), width: "160px", cell: (each) => <Ago at={each.created_at} /> },
  ];
  return (
    <AssetList
      title={t("models.title")}
      lead={t("models.lead")}
      searchLabel={t("models.search")}
      countOf={(count) => t("models.count", { count })}
      icon={<Box size={22} />}
      empty={{
        title: t("models.empty.title"),
        text: t("models.empty.text"),
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
      queryKey={keys.models}
      load={loadModels}
      columns={columns}
      hrefOf={(each) => `/models/${each.id}`}
    />
  );
}
