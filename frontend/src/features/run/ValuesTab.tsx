/** With which values the run goes. */

import { formatJson, t, useLanguage } from "@/i18n/i18n";
import { hasDefault, type WorkflowDocument } from "@/model/document";
import { isObject, jsonEqual, type Json } from "@/model/json";
import { Badge } from "@/ui/Badge";
import { Panel } from "@/ui/Panel";
import { EmptyState } from "@/ui/States";
import { Table, type ColumnSpec } from "@/ui/Table";
import { useRun } from "./context";
import styles from "./Run.module.css";
import { useFollowing, type RunSession } from "./session";

interface Value {
  readonly name: string;
  readonly kind: string;
  readonly description: string;
  readonly value: Json | undefined;
  /** It is what the workflow says by itself. */
  readonly byDefault: boolean;
  readonly delayed: boolean;
}

export function ValuesTab({ session }: { readonly session: RunSession }) {
  useLanguage();
  const document = useRun()?.document ?? null;
  const values = useFollowing(session, ({ view }) => view?.run.values);
  const listed = values === undefined || document === null ? [] : valuesOf(document, values);
  if (listed.length === 0) return <EmptyState title={t("run.values.none")}>{t("run.values.none.text")}</EmptyState>;
  const columns: readonly ColumnSpec<Value>[] = [
    { id: "name", title: t("run.values.name"), width: "24%", cell: (each) => <code className={styles.valueName}>{each.name}</code> },
    {
      id: "value",
      title: t("run.values.value"),
      cell: (each) => (each.value === undefined ? <Badge tone={each.delayed ? "warn" : "idle"}>{each.delayed ? t("run.values.later") : t("run.values.unset")}</Badge> : <code className={styles.value}>{shown(each.value)}</code>),
    },
    { id: "from", title: t("run.values.from"), width: "130px", cell: (each) => (each.value === undefined ? "" : each.byDefault ? <span className={styles.soft}>{t("run.values.default")}</span> : <Badge tone="placeholder">{t("run.values.given")}</Badge>) },
    { id: "description", title: t("run.values.description"), width: "34%", cell: (each) => <span className={styles.soft}>{each.description}</span> },
  ];
  return (
    <div className={styles.values}>
      <Panel>
        <Table label={t("run.tab.values")} columns={columns} items={listed} keyOf={(each) => `${each.kind} ${each.name}`} textOf={(each) => each.name} />
      </Panel>
    </div>
  );
}

/** A place in the storages is a path, however it is wrapped. */
function shown(value: Json): string {
  if (value === "") return '""';
  const place = isObject(value) && Object.keys(value).length === 1 ? value.obs_path : undefined;
  return typeof place === "string" ? place : formatJson(value);
}

function valuesOf(document: WorkflowDocument, values: Readonly<Record<string, Json>>): Value[] {
  const placeholders = [...(document.parameters ?? []), ...(document.data ?? []).filter((each) => each.placeholder !== false)];
  const storages = (document.storages ?? []).filter((each) => Object.hasOwn(values, each.name));
  return [
    ...placeholders.map((each) => ({
      name: each.name,
      kind: "placeholder",
      description: each.description ?? "",
      value: values[each.name],
      byDefault: hasDefault(each) && jsonEqual(each.default, values[each.name]),
      delayed: each.delay === true,
    })),
    ...storages.map((each) => ({ name: each.name, kind: "storage", description: each.description ?? "", value: values[each.name], byDefault: each.default === values[each.name], delayed: false })),
  ];
}
