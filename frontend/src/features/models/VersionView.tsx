import { Box, Copy, Download, FileText } from "lucide-react";
import { JsonTree } from "@/features/assets/JsonTree";
import { Lineage } from "@/features/assets/Lineage";
import { Ago, MadeBy } from "@/features/assets/Made";
import { Card, Facts, Figure, Figures } from "@/features/assets/page";
import { copyText, download } from "@/features/assets/wire";
import { formatBytes, formatJson, formatNumber, t } from "@/i18n/i18n";
import type { JsonObject } from "@/model/json";
import { IconButton } from "@/ui/Button";
import { EmptyState } from "@/ui/States";
import { Table, type ColumnSpec } from "@/ui/Table";
import { backgroundOf } from "./background";
import { lineageOf } from "./lineageOf";
import styles from "./ModelPage.module.css";
import { useWorkflowName, type Model, type ModelVersionDetail } from "./queries";

type ModelFile = ModelVersionDetail["files"][number];
const MOST_METRICS = 8;

export function VersionView({ model, version }: { readonly model: Model; readonly version: ModelVersionDetail }) {
  const background = backgroundOf(version.lineage);
  const workflow = useWorkflowName(background.workflow);
  const graph = lineageOf({
    version: version.version,
    background,
    workflowName: workflow.data ?? null,
    words: { run: (number) => t("assets.origin.run", { number }) },
  });
  const config = version.config as JsonObject;
  return (
    <div className={styles.detail}>
      {background.metrics.length > 0 && (
        <Figures>
          {background.metrics.slice(0, MOST_METRICS).map((metric) => (
            <Figure key={metric.id} label={`${metric.step} · ${metric.name}`} value={formatNumber(metric.value, { maximumSignificantDigits: 5 })} />
          ))}
        </Figures>
      )}
      <Card title={t("assets.lineage")}>
        {graph.nodes.length > 1 ? <Lineage label={t("assets.lineage")} graph={graph} /> : <p className={styles.soft}>{t("models.noLineage")}</p>}
      </Card>
      <Card flush title={t("models.files")} note={t("models.files.note", { count: version.files.length, size: formatBytes(version.files.reduce((sum, file) => sum + file.size, 0)) })}>
        <Files model={model} version={version} />
      </Card>
      <div className={styles.pair}>
        <Card title={t("models.parameters")} note={background.parameters.length > 0 ? formatNumber(background.parameters.length) : undefined}>
          {background.parameters.length === 0 ? (
            <p className={styles.soft}>{t("models.noParameters")}</p>
          ) : (
            <Facts items={background.parameters.map(([name, value]) => ({ id: name, label: name, value: <code>{formatJson(value)}</code> }))} />
          )}
        </Card>
        <div className={styles.stack}>
          <Card title={t("models.about")}>
            <Facts
              items={[
                { id: "type", label: t("models.type"), value: version.model_type.replaceAll("_", " ") },
                { id: "runtime", label: t("models.runtime"), value: version.runtime || "–" },
                ...(version.description === "" ? [] : [{ id: "description", label: t("models.description"), value: version.description }]),
                { id: "origin", label: t("assets.origin"), value: <MadeBy origin={version.lineage} /> },
                { id: "made", label: t("assets.created"), value: <Ago at={version.created_at} /> },
                ...background.inputs.map(([name, place]) => ({ id: `input-${name}`, label: t("models.from", { name }), value: <code>{place}</code> })),
                { id: "id", label: "ID", value: <code>{version.id}</code> },
              ]}
            />
          </Card>
          {Object.keys(config).length > 0 && (
            <Card title="config.json">
              <JsonTree label="config.json" value={config} />
            </Card>
          )}
        </div>
      </div>
    </div>
  );
}

function Files({ model, version }: { readonly model: Model; readonly version: ModelVersionDetail }) {
  if (version.files.length === 0) {
    return (
      <EmptyState icon={<Box size={22} />} title={t("models.noFiles.title")}>
        {t("models.noFiles.text")}
      </EmptyState>
    );
  }
  const fetchFile = (file: ModelFile) => {
    const place = `/api/models/${model.id}/versions/${encodeURIComponent(version.version)}/file/`;
    download(`${place}?${new URLSearchParams({ path: file.path }).toString()}`, file.path.slice(file.path.lastIndexOf("/") + 1));
  };
  const columns: readonly ColumnSpec<ModelFile>[] = [
    {
      id: "path",
      title: t("models.file"),
      cell: (file) => (
        <span className={styles.file}>
          <FileText size={15} aria-hidden="true" />
          <span>{file.path}</span>
        </span>
      ),
    },
    { id: "size", title: t("models.size"), width: "110px", align: "end", cell: (file) => formatBytes(file.size) },
    {
      id: "hash",
      title: "SHA-256",
      width: "210px",
      cell: (file) => (
        <span className={styles.hash}>
          <code>{file.sha256.slice(0, 16)}…</code>
          <IconButton small label={t("models.copyHash", { file: file.path })} icon={<Copy size={13} />} onPress={() => void copyText(file.sha256)} />
        </span>
      ),
    },
    {
      id: "get",
      title: t("assets.download"),
      titleHidden: true,
      width: "64px",
      align: "end",
      cell: (file) => (
        <IconButton
          small
          label={t("models.download", { file: file.path })}
          icon={<Download size={15} />}
          onPress={() => {
            fetchFile(file);
          }}
        />
      ),
    },
  ];
  return <Table label={t("models.files")} columns={columns} items={version.files} keyOf={(file) => file.path} textOf={(file) => file.path} />;
}
