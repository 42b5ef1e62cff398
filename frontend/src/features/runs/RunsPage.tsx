/** Runs of all workflows, or of one: find one, see how it went, run it again. */

import { useQuery } from "@tanstack/react-query";
import { CalendarClock, Ellipsis, Play, RotateCcw, SearchX, Tag, Trash2 } from "lucide-react";
import { useDeferredValue, useState, type ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components";
import { api, told } from "@/api/client";
import { keys } from "@/api/keys";
import { useWhyNothing } from "@/api/whyNothing";
import { problemOf } from "@/features/assets/wire";
import { useProject } from "@/features/people/current";
import { useMay } from "@/features/people/roles";
import { formatAgo, formatDate, formatNumber, t, useLanguage } from "@/i18n/i18n";
import { RUN_TERMINAL } from "@/model/runReducer";
import { Badge } from "@/ui/Badge";
import { Button, IconButton } from "@/ui/Button";
import { useNow } from "@/ui/clock";
import { SearchField, Select } from "@/ui/Field";
import { Menu } from "@/ui/Menu";
import { Link, navigate, useSearchParams } from "@/ui/navigation";
import { Panel } from "@/ui/Panel";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/ui/States";
import { StateChip } from "@/ui/StateChip";
import { Table, type ColumnSpec } from "@/ui/Table";
import { RerunDialog } from "@/features/run/dialogs";
import { DeleteRunDialog, LabelsDialog } from "@/features/run/labels";
import { clockText } from "@/features/run/words";
import { isFiltered, STATES, useRuns, type Filters, type Run } from "./queries";
import styles from "./RunsPage.module.css";

type Question = { readonly kind: "rerun" | "labels" | "delete"; readonly run: Run };
const ANY = "any";

export function RunsPage() {
  useLanguage();
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div>
          <h1>{t("nav.runs")}</h1>
          <p className={styles.lead}>{t("runs.lead")}</p>
        </div>
        <SchedulesLink workflow={null} />
      </header>
      <RunsList workflow={null} />
    </div>
  );
}

/** In the editor: the runs of one workflow. */
export function WorkflowRuns({ workflowId }: { readonly workflowId: string }) {
  return (
    <div className={styles.page}>
      <RunsList workflow={workflowId} />
    </div>
  );
}

function RunsList({ workflow }: { readonly workflow: string | null }) {
  useLanguage();
  const [filters, setFilters] = useFilters(workflow);
  const [question, setQuestion] = useState<Question | null>(null);
  const { current } = useProject();
  const list = useRuns(useDeferredValue(filters), workflow === null ? current?.project : null);
  const why = useWhyNothing(list);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const filtered = isFiltered(filters, workflow !== null);
  const close = () => {
    setQuestion(null);
  };
  return (
    <>
      {(items.length > 0 || filtered) && (
        <div className={styles.tools}>
          <SearchField label={t("runs.search")} value={filters.search} onChange={(search) => { setFilters({ search }); }} className={styles.search ?? ""} />
          {workflow === null && <WorkflowChoice value={filters.workflow} onChange={(chosen) => { setFilters({ workflow: chosen }); }} />}
          <Select
            labelHidden
            label={t("runs.state")}
            value={filters.state || ANY}
            onChange={(state) => { setFilters({ state: state === ANY ? "" : state }); }}
            choices={[{ id: ANY, label: t("runs.state.any") }, ...STATES.map((state) => ({ id: state, label: t(`run.${state}`) }))]}
            className={styles.choice ?? ""}
          />
          {filters.label !== "" && (
            <AriaButton className={styles.labelFilter ?? ""} onPress={() => { setFilters({ label: "" }); }} aria-label={t("runs.label.clear", { label: filters.label })}>
              <Tag size={13} aria-hidden="true" /> {filters.label} ×
            </AriaButton>
          )}
          <span className={styles.count} role="status">
            {list.data && t("runs.count", { count: items.length, more: list.hasNextPage ? "+" : "" })}
          </span>
          {workflow !== null && <SchedulesLink workflow={workflow} />}
        </div>
      )}
      <Panel className={styles.list ?? ""}>
        {list.isPending && why === null && <Placeholder />}
        {why !== null && <ErrorState problem={problemOf(why)} onRetry={() => void list.refetch()} />}
        {list.isSuccess && items.length === 0 && !filtered && (
          <EmptyState icon={<Play size={22} />} title={t("runs.empty.title")} actions={workflow === null && <Button onPress={() => { navigate("/"); }}>{t("runs.empty.go")}</Button>}>
            {t("runs.empty.text")}
          </EmptyState>
        )}
        {list.isSuccess && items.length === 0 && filtered && (
          <EmptyState icon={<SearchX size={22} />} title={t("runs.none.title")} actions={<Button onPress={() => { setFilters({ search: "", label: "", state: "", workflow: workflow ?? "" }); }}>{t("runs.none.clear")}</Button>}>
            {t("runs.none.text")}
          </EmptyState>
        )}
        {items.length > 0 && <List items={items} ofOne={workflow !== null} ask={setQuestion} onLabel={(label) => { setFilters({ label }); }} />}
      </Panel>
      {list.hasNextPage && (
        <Button className={styles.more ?? ""} isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          {t("home.more")}
        </Button>
      )}
      {question?.kind === "rerun" && <RerunDialog run={question.run} document={null} onClose={close} />}
      {question?.kind === "labels" && <LabelsDialog run={question.run} onClose={close} />}
      {question?.kind === "delete" && <DeleteRunDialog run={question.run} onClose={close} />}
    </>
  );
}

function SchedulesLink({ workflow }: { readonly workflow: string | null }) {
  return (
    <Link href={workflow === null ? "/schedules" : `/schedules?workflow=${workflow}`} className={styles.schedules} data-testid="schedules-link">
      <CalendarClock size={15} aria-hidden="true" />
      {t("schedules.title")}
    </Link>
  );
}

/** In the address, so that a filtered list can be sent to somebody and survives a reload. */
function useFilters(workflow: string | null): readonly [Filters, (changes: Partial<Filters>) => void] {
  const search = useSearchParams();
  const read = (name: string): string => search.get(name) ?? "";
  const filters: Filters = { workflow: workflow ?? read("workflow"), state: read("state"), label: read("label"), search: read("search") };
  return [
    filters,
    (changes) => {
      const next = new URLSearchParams(location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value === "" || (name === "workflow" && workflow !== null)) next.delete(name);
        else next.set(name, value);
      }
      navigate(`${location.pathname}?${next.toString()}`, { replace: true });
    },
  ];
}

function WorkflowChoice({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const project = useProject().current?.project;
  const workflows = useQuery({
    queryKey: [...keys.workflows, "names", project],
    enabled: project !== undefined,
    queryFn: ({ signal }) => told(api.GET("/api/workflows/", { params: { query: { limit: 200, order: "name", ...(project !== undefined && { project }) } }, signal })),
    staleTime: 60_000,
  });
  const known = workflows.data?.items ?? [];
  return (
    <Select
      labelHidden
      label={t("runs.workflow")}
      value={value || ANY}
      onChange={(chosen) => { onChange(chosen === ANY ? "" : chosen); }}
      choices={[{ id: ANY, label: t("runs.workflow.any") }, ...known.map((each) => ({ id: each.id, label: each.name }))]}
      className={styles.choice ?? ""}
    />
  );
}

interface ListProps {
  readonly items: readonly Run[];
  readonly ofOne: boolean;
  readonly ask: (question: Question) => void;
  readonly onLabel: (label: string) => void;
}

function List({ items, ofOne, ask, onLabel }: ListProps) {
  const now = useNow(60_000);
  const columns: readonly ColumnSpec<Run>[] = [
    {
      id: "run",
      title: t("runs.column.run"),
      cell: (run) => (
        <div className={styles.named}>
          <span className={styles.name}>{t("run.number", { number: run.number })}</span>
          {!ofOne && <span className={styles.workflow}>{run.workflow.name}</span>}
          {run.name !== "" && <span className={styles.runName}>{run.name}</span>}
        </div>
      ),
    },
    { id: "state", title: t("runs.state"), width: "130px", cell: (run) => <StateChip run={run.state} /> },
    { id: "labels", title: t("runs.labels"), width: "16%", cell: (run) => <Labels run={run} onLabel={onLabel} /> },
    { id: "version", title: t("runs.column.version"), width: "112px", cell: (run) => <span className={styles.soft}>{run.version.name || `V${String(run.version.number)}`}</span> },
    { id: "by", title: t("runs.column.by"), width: "110px", cell: (run) => <span className={styles.soft}>{run.created_by ?? "–"}</span> },
    {
      id: "started",
      title: t("runs.column.started"),
      width: "140px",
      cell: (run) => (
        <time dateTime={run.created_at} title={formatDate(run.created_at)} className={styles.soft}>
          {formatAgo(run.created_at, now)}
        </time>
      ),
    },
    { id: "took", title: t("runs.column.took"), width: "96px", align: "end", cell: (run) => <Took run={run} /> },
    { id: "more", title: t("action.more"), titleHidden: true, width: "60px", align: "end", cell: (run) => <Actions run={run} ask={ask} /> },
  ];
  return <Table label={t("nav.runs")} columns={columns} items={items} keyOf={(run) => run.id} textOf={(run) => `${t("run.number", { number: run.number })} ${run.workflow.name}`} hrefOf={(run) => `/runs/${run.id}`} />;
}

function Labels({ run, onLabel }: { readonly run: Run; readonly onLabel: (label: string) => void }): ReactNode {
  return (
    <span className={styles.labels}>
      {run.labels.map((label) => (
        <AriaButton key={label} className={styles.label ?? ""} aria-label={t("runs.label.filter", { label })} onPress={() => { onLabel(label); }}>
          <Badge>{label}</Badge>
        </AriaButton>
      ))}
    </span>
  );
}

function Took({ run }: { readonly run: Run }) {
  const going = run.started_at !== null && !RUN_TERMINAL.has(run.state);
  return <span className={styles.took}>{going ? <Going since={run.started_at as string} /> : clockText(run.duration)}</span>;
}

function Going({ since }: { readonly since: string }) {
  const now = useNow(1_000);
  return clockText(Math.max(0, (now - Date.parse(since)) / 1_000));
}

function Actions({ run, ask }: { readonly run: Run; readonly ask: (question: Question) => void }) {
  const label = t("action.more.for", { name: t("run.number", { number: formatNumber(run.number) }) });
  const operates = useMay(run.project, "operator");
  const authors = useMay(run.project, "author");
  if (!operates) return null;
  const wish = (kind: Question["kind"]) => () => {
    ask({ kind, run });
  };
  return (
    <Menu
      label={label}
      align="end"
      trigger={<IconButton small label={label} icon={<Ellipsis size={16} />} />}
      groups={[
        {
          id: "do",
          actions: [
            { id: "rerun", label: t("run.rerun"), icon: <RotateCcw size={15} />, run: wish("rerun") },
            { id: "labels", label: t("runs.labels.edit"), icon: <Tag size={15} />, run: wish("labels") },
          ],
        },
        ...(authors ? [{ id: "delete", actions: [{ id: "delete", label: t("action.delete"), icon: <Trash2 size={15} />, danger: true, disabled: !RUN_TERMINAL.has(run.state), run: wish("delete") }] }] : []),
      ]}
    />
  );
}

function Placeholder() {
  return (
    <Loading>
      {[30, 24, 36, 28].map((width) => (
        <div key={width} className={styles.placeholder}>
          <Skeleton width={`${String(width)}%`} />
          <Skeleton width="90px" height={18} />
          <Skeleton width="70px" />
        </div>
      ))}
    </Loading>
  );
}
