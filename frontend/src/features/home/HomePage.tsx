/** The workflows: find one, begin one, and what can be done with one as a whole. */
import { Copy, Download, Ellipsis, FlaskConical, Pencil, Plus, SearchX, Trash2, Upload, Waypoints } from "lucide-react";
import { lazy, Suspense, useDeferredValue, useState } from "react";
import { DropZone, FileTrigger, type FileDropItem } from "react-aria-components";
import { ApiError } from "@/api/client";
import { useProject } from "@/features/people/current";
import { RoleNote } from "@/features/people/RoleNote";
import { useMay } from "@/features/people/roles";
import { download } from "@/features/transfer/download";
import { isPlain, readFile, type Incoming } from "@/features/transfer/file";
import { FILE_TYPES } from "@/features/transfer/fileTypes";
import { formatAgo, formatDate, formatNumber, t, useLanguage } from "@/i18n/i18n";
import { Badge } from "@/ui/Badge";
import { useNow } from "@/ui/clock";
import { Button, IconButton } from "@/ui/Button";
import { SearchField, Select } from "@/ui/Field";
import { Menu } from "@/ui/Menu";
import { Link, navigate } from "@/ui/navigation";
import { Panel } from "@/ui/Panel";
import { StateChip } from "@/ui/StateChip";
import { EmptyState, ErrorState, Loading, Skeleton } from "@/ui/States";
import { Table, type ColumnSpec } from "@/ui/Table";
import { toast, toastProblem } from "@/ui/Toast";
import { DeleteDialog, NewDialog, RenameDialog, SampleDialog } from "./dialogs";
import styles from "./HomePage.module.css";
import { useCopy, useImport, useLastRuns, useWorkflows, type LastRun, type Order, type Workflow } from "./queries";

const ImportDialog = lazy(async () => ({ default: (await import("@/features/transfer/ImportDialog")).ImportDialog }));

type Question = { readonly kind: "new" | "sample" } | { readonly kind: "rename" | "delete"; readonly workflow: Workflow };

const hrefOf = (workflow: Pick<Workflow, "id">) => `/workflows/${workflow.id}`;

function complain(error: unknown): void {
  if (error instanceof ApiError) toastProblem(error.problem);
}

export function HomePage() {
  useLanguage();
  const [search, setSearch] = useState("");
  const [order, setOrder] = useState<Order>("-updated_at");
  const [question, setQuestion] = useState<Question | null>(null);
  const [bringing, setBringing] = useState<Incoming | null>(null);
  const { current } = useProject();
  const project = current?.project;
  const draws = useMay(project, "author");
  const list = useWorkflows(useDeferredValue(search.trim()), order, project);
  const importing = useImport(project);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const close = () => {
    setQuestion(null);
  };
  const open = (workflow: Pick<Workflow, "id" | "name">) => {
    toast(t("home.created", { name: workflow.name }));
    navigate(hrefOf(workflow));
  };
  const take = async (file: File) => {
    let incoming: Incoming;
    try {
      incoming = await readFile(file);
    } catch (error) {
      complain(error);
      return;
    }
    // What is lost, or wrong, is read before the file becomes a workflow.
    if (!isPlain(incoming)) {
      setBringing(incoming);
      return;
    }
    importing.mutate(incoming.raw, {
      onSuccess: ({ workflow, report }) => {
        const count = report.filter((each) => each.severity === "error").length;
        toast(count === 0 ? t("home.imported", { name: workflow.name }) : t("home.importedWith", { name: workflow.name, count }), {
          label: t("action.open"),
          run: () => {
            navigate(hrefOf(workflow));
          },
        });
      },
      onError: complain,
    });
  };
  const begin = !draws ? (
    <RoleNote project={project} needed="author" />
  ) : (
    <>
      <FileTrigger acceptedFileTypes={FILE_TYPES} onSelect={(files) => void (files?.[0] && take(files[0]))}>
        <Button icon={<Upload size={15} />} isPending={importing.isPending}>
          {t("home.import")}
        </Button>
      </FileTrigger>
      <Button
        icon={<FlaskConical size={15} />}
        data-testid="from-sample"
        onPress={() => {
          setQuestion({ kind: "sample" });
        }}
      >
        {t("home.sample")}
      </Button>
      <Button
        look="primary"
        icon={<Plus size={16} />}
        data-testid="new"
        onPress={() => {
          setQuestion({ kind: "new" });
        }}
      >
        {t("home.new")}
      </Button>
    </>
  );
  return (
    <DropZone
      className={styles.drop}
      isDisabled={!draws}
      onDrop={(event) => {
        const dropped = event.items.find((item): item is FileDropItem => item.kind === "file");
        if (dropped !== undefined) void dropped.getFile().then(take);
      }}
    >
      {({ isDropTarget }) => (
        <div className={styles.page}>
          {isDropTarget && <div className={styles.dropping}>{t("home.drop")}</div>}
          <header className={styles.head}>
            <div>
              <h1>{t("home.title")}</h1>
              <p className={styles.lead}>{t("home.lead")}</p>
            </div>
            {(items.length > 0 || search !== "") && <div className={styles.actions}>{begin}</div>}
          </header>
          {(items.length > 0 || search !== "") && (
            <div className={styles.tools}>
              <SearchField label={t("home.search")} value={search} onChange={setSearch} className={styles.search ?? ""} />
              <span className={styles.count} role="status">
                {list.data && (list.hasNextPage ? t("home.countMore", { count: formatNumber(items.length) }) : t("home.count", { count: items.length }))}
              </span>
              <Select
                labelHidden
                label={t("home.order")}
                value={order}
                onChange={(value) => {
                  setOrder(value as Order);
                }}
                choices={[
                  { id: "-updated_at", label: t("home.order.updated") },
                  { id: "-created_at", label: t("home.order.created") },
                  { id: "name", label: t("home.order.name") },
                ]}
                className={styles.order ?? ""}
              />
            </div>
          )}
          <Panel className={styles.list ?? ""}>
            {list.isPending && <Placeholder />}
            {list.isError && items.length === 0 && <ErrorState problem={(list.error as ApiError).problem} onRetry={() => void list.refetch()} />}
            {list.isSuccess && items.length === 0 && search === "" && (
              <EmptyState icon={<Waypoints size={22} />} title={t("home.empty.title")} actions={begin}>
                {t(draws ? "home.empty.text" : "home.empty.others")}
              </EmptyState>
            )}
            {list.isSuccess && items.length === 0 && search !== "" && (
              <EmptyState
                icon={<SearchX size={22} />}
                title={t("home.none.title", { search })}
                actions={
                  <Button
                    onPress={() => {
                      setSearch("");
                    }}
                  >
                    {t("home.none.clear")}
                  </Button>
                }
              >
                {t("home.none.text")}
              </EmptyState>
            )}
            {items.length > 0 && <List items={items} ask={setQuestion} />}
          </Panel>
          {list.hasNextPage && (
            <Button className={styles.more ?? ""} isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
              {t("home.more")}
            </Button>
          )}
          {bringing !== null && (
            <Suspense fallback={null}>
              <ImportDialog
                incoming={bringing}
                project={project}
                lead={t("transfer.lead", { count: bringing.document.steps?.length ?? 0 })}
                onClose={() => { setBringing(null); }}
                onMade={open}
              />
            </Suspense>
          )}
          {question?.kind === "new" && <NewDialog project={project} onClose={close} onMade={open} />}
          {question?.kind === "sample" && <SampleDialog project={project} onClose={close} onMade={open} taken={(name) => freeAmong(items, name)} />}
          {question?.kind === "rename" && <RenameDialog workflow={question.workflow} onClose={close} />}
          {question?.kind === "delete" && <DeleteDialog workflow={question.workflow} onClose={close} />}
        </div>
      )}
    </DropZone>
  );
}

/** The first of "name", "name 2", … that is not in the list; the server has the last word. */
function freeAmong(items: readonly Workflow[], wanted: string): string {
  const taken = new Set(items.map((each) => each.name));
  let name = wanted;
  for (let count = 2; taken.has(name); count += 1) name = `${wanted.slice(0, 60)} ${String(count)}`;
  return name;
}

function List({ items, ask }: { readonly items: readonly Workflow[]; readonly ask: (question: Question) => void }) {
  const now = useNow(60_000);
  const lastRuns = useLastRuns(items);
  const columns: readonly ColumnSpec<Workflow>[] = [
    {
      id: "name",
      title: t("home.column.name"),
      cell: (each) => (
        <div className={styles.named}>
          <span className={styles.icon}>
            <Waypoints size={16} />
          </span>
          <div className={styles.text}>
            <span className={styles.name}>{each.name}</span>
            {each.description !== "" && <span className={styles.description}>{each.description}</span>}
          </div>
        </div>
      ),
    },
    {
      id: "release",
      title: t("home.column.release"),
      width: "110px",
      cell: (each) => (typeof each.released === "number" ? <Badge tone="good">{t("home.released", { number: each.released })}</Badge> : <Badge>{t("home.draft")}</Badge>),
    },
    { id: "run", title: t("home.column.run"), width: "190px", cell: (each) => (lastRuns === null ? <Skeleton width="110px" /> : <LastRunCell run={lastRuns.get(each.id)} />) },
    { id: "author", title: t("home.column.author"), width: "110px", cell: (each) => <span className={styles.soft}>{each.created_by ?? "–"}</span> },
    {
      id: "changed",
      title: t("home.column.changed"),
      width: "130px",
      cell: (each) => (
        <time dateTime={each.updated_at} title={formatDate(each.updated_at)} className={styles.soft}>
          {formatAgo(each.updated_at, now)}
        </time>
      ),
    },
    { id: "more", title: t("action.more"), titleHidden: true, width: "64px", align: "end", cell: (each) => <Actions workflow={each} ask={ask} /> },
  ];
  return <Table label={t("home.title")} columns={columns} items={items} keyOf={(each) => each.id} textOf={(each) => each.name} hrefOf={hrefOf} />;
}

function LastRunCell({ run }: { readonly run: LastRun | undefined }) {
  if (run === undefined) return <span className={styles.soft}>{t("home.neverRun")}</span>;
  return (
    <Link href={`/runs/${run.id}`} className={styles.lastRun} data-testid="last-run">
      <StateChip run={run.state} />
      <span>{t("home.runNumber", { number: run.number })}</span>
    </Link>
  );
}

function Actions({ workflow, ask }: { readonly workflow: Workflow; readonly ask: (question: Question) => void }) {
  const copy = useCopy();
  const draws = useMay(workflow.project, "author");
  const duplicate = () => {
    copy.mutate(workflow.id, {
      onSuccess: (made) => {
        toast(t("home.copied", { name: made.name }));
      },
      onError: complain,
    });
  };
  const label = t("action.more.for", { name: workflow.name });
  return (
    <Menu
      label={label}
      align="end"
      trigger={<IconButton small label={label} icon={<Ellipsis size={16} />} />}
      groups={[
        {
          id: "do",
          actions: [
            ...(draws
              ? [
                  { id: "rename", label: t("action.rename"), icon: <Pencil size={15} />, run: () => { ask({ kind: "rename", workflow }); } },
                  { id: "copy", label: t("action.duplicate"), icon: <Copy size={15} />, run: duplicate },
                ]
              : []),
            { id: "download", label: t("action.download"), icon: <Download size={15} />, run: () => void download(workflow, "json").catch(complain) },
          ],
        },
        ...(draws ? [{ id: "delete", actions: [{ id: "delete", label: t("action.delete"), icon: <Trash2 size={15} />, danger: true, run: () => { ask({ kind: "delete", workflow }); } }] }] : []),
      ]}
    />
  );
}

function Placeholder() {
  return (
    <Loading>
      {[46, 34, 52, 40].map((width) => (
        <div key={width} className={styles.placeholder}>
          <Skeleton width="30px" height={30} />
          <div className={styles.text}>
            <Skeleton width={`${String(width)}%`} />
            <Skeleton width={`${String(width + 22)}%`} height={10} />
          </div>
        </div>
      ))}
    </Loading>
  );
}
