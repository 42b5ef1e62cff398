/** What starts by itself: when, what became of it last, and whether it goes on. */
import { CalendarClock, Ellipsis, History, Pencil, Trash2, X } from "lucide-react";
import { useState } from "react";
import { useWhyNothing } from "@/api/whyNothing";
import { RowsLoading } from "@/features/assets/AssetList";
import { Page, PageHead } from "@/features/assets/page";
import { complain, problemOf } from "@/features/assets/wire";
import { useProject } from "@/features/people/current";
import { problemsOf } from "@/features/people/queries";
import { useMay } from "@/features/people/roles";
import { t, useLanguage } from "@/i18n/i18n";
import { Button, IconButton } from "@/ui/Button";
import { useNow } from "@/ui/clock";
import { Dialog } from "@/ui/Dialog";
import { Switch } from "@/ui/Field";
import { Menu } from "@/ui/Menu";
import { Link, navigate, useSearchParams } from "@/ui/navigation";
import { Panel } from "@/ui/Panel";
import { EmptyState, ErrorState, ProblemNote } from "@/ui/States";
import { Table, type ColumnSpec } from "@/ui/Table";
import { toast } from "@/ui/Toast";
import { FiresDialog, Outcome } from "./Fires";
import { useChangeSchedule, useDeleteSchedule, useSchedules } from "./queries";
import { EditSchedule } from "./ScheduleDialog";
import styles from "./Schedules.module.css";
import type { Schedule } from "./wire";
import { sayIn, sayTime, sayWhen } from "./words";

const MINUTE_MS = 60_000;
type Question = { readonly kind: "edit" | "fires" | "delete"; readonly schedule: Schedule };

export function SchedulesPage() {
  useLanguage();
  const workflow = useSearchParams().get("workflow") ?? "";
  const list = useSchedules(workflow, useProject().current?.project);
  const why = useWhyNothing(list);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const [question, setQuestion] = useState<Question | null>(null);
  const close = () => {
    setQuestion(null);
  };
  const all = workflow !== "" && (
    <Button icon={<X size={14} />} data-testid="schedules-all" onPress={() => { navigate("/schedules"); }}>
      {t("schedules.all")}
    </Button>
  );
  return (
    <Page wide>
      <PageHead title={t("schedules.title")} lead={t("schedules.lead")} above={{ href: "/runs", label: t("nav.runs") }}>
        {items.length > 0 && all}
      </PageHead>
      <Panel className={styles.list ?? ""}>
        {list.isPending && why === null && <RowsLoading />}
        {why !== null && <ErrorState problem={problemOf(why)} onRetry={() => void list.refetch()} />}
        {list.isSuccess && items.length === 0 && (
          <EmptyState icon={<CalendarClock size={22} />} title={t("schedules.empty")} actions={all || <Button onPress={() => { navigate("/"); }}>{t("app.notFound.home")}</Button>}>
            {t("schedules.empty.text")}
          </EmptyState>
        )}
        {items.length > 0 && <List items={items} ask={setQuestion} />}
      </Panel>
      {list.hasNextPage && (
        <Button className={styles.more ?? ""} isPending={list.isFetchingNextPage} onPress={() => void list.fetchNextPage()}>
          {t("assets.more")}
        </Button>
      )}
      {question?.kind === "edit" && <EditSchedule schedule={question.schedule} onClose={close} />}
      {question?.kind === "fires" && <FiresDialog schedule={question.schedule} onClose={close} />}
      {question?.kind === "delete" && <DeleteDialog schedule={question.schedule} onClose={close} />}
    </Page>
  );
}

function List({ items, ask }: { readonly items: readonly Schedule[]; readonly ask: (question: Question) => void }) {
  const columns: readonly ColumnSpec<Schedule>[] = [
    {
      id: "name",
      title: t("schedules.name"),
      cell: (each) => (
        <div className={styles.lines} data-testid="schedule" data-schedule={each.id}>
          <span className={styles.name}>{each.name}</span>
          <span className={styles.place}>
            <Link href={`/workflows/${each.workflow}`} className={styles.workflow}>
              {each.workflow_name}
            </Link>
            {each.owner && <span className={styles.soft}>{t("schedules.as", { name: each.owner })}</span>}
          </span>
        </div>
      ),
    },
    { id: "when", title: t("schedules.column.when"), width: "22%", cell: (each) => <WhenOf schedule={each} /> },
    { id: "next", title: t("schedules.column.next"), width: "190px", cell: (each) => <Next schedule={each} /> },
    { id: "last", title: t("schedules.column.last"), width: "24%", cell: (each) => (each.last_fire === null ? <span className={styles.soft}>{t("schedules.never")}</span> : <Outcome fire={each.last_fire} />) },
    { id: "on", title: t("schedules.column.on"), width: "92px", cell: (each) => <Turn schedule={each} /> },
    { id: "more", title: t("action.more"), titleHidden: true, width: "60px", align: "end", cell: (each) => <Actions schedule={each} ask={ask} /> },
  ];
  return <Table label={t("schedules.title")} columns={columns} items={items} keyOf={(each) => each.id} textOf={(each) => each.name} />;
}

function WhenOf({ schedule: { cron, timezone } }: { readonly schedule: Schedule }) {
  return (
    <div className={styles.lines}>
      <span>{sayWhen(cron) ?? <code>{cron}</code>}</span>
      <span className={styles.soft}>{timezone}</span>
    </div>
  );
}

function Next({ schedule: { next_at: at, timezone, enabled } }: { readonly schedule: Schedule }) {
  const now = useNow(MINUTE_MS);
  if (!enabled || at === null) return <span className={styles.soft}>{t("schedules.off")}</span>;
  return (
    <div className={styles.lines}>
      <time dateTime={at}>{sayTime(at, timezone)}</time>
      {Date.parse(at) - now >= MINUTE_MS && <span className={styles.soft}>{sayIn(at, now)}</span>}
    </div>
  );
}

function Turn({ schedule: { id, name, project, enabled } }: { readonly schedule: Schedule }) {
  const change = useChangeSchedule();
  const operates = useMay(project, "operator");
  return (
    <Switch
      aria-label={t("schedules.turn", { name })}
      isSelected={change.isPending ? (change.variables.enabled ?? enabled) : enabled}
      isDisabled={!operates}
      onChange={(on) => { change.mutate({ id, enabled: on }, { onError: complain }); }}
    >
      {null}
    </Switch>
  );
}

function Actions({ schedule, ask }: { readonly schedule: Schedule; readonly ask: (question: Question) => void }) {
  const operates = useMay(schedule.project, "operator");
  const label = t("action.more.for", { name: schedule.name });
  const wish = (kind: Question["kind"]) => () => {
    ask({ kind, schedule });
  };
  return (
    <Menu
      label={label}
      align="end"
      trigger={<IconButton small label={label} icon={<Ellipsis size={16} />} data-testid="schedule-menu" />}
      groups={[
        {
          id: "look",
          actions: [
            { id: "fires", label: t("schedules.fires"), icon: <History size={15} />, run: wish("fires") },
            ...(operates ? [{ id: "edit", label: t("schedules.change"), icon: <Pencil size={15} />, run: wish("edit") }] : []),
          ],
        },
        ...(operates ? [{ id: "delete", actions: [{ id: "delete", label: t("action.delete"), icon: <Trash2 size={15} />, danger: true, run: wish("delete") }] }] : []),
      ]}
    />
  );
}

function DeleteDialog({ schedule: { id, name }, onClose }: { readonly schedule: Schedule; readonly onClose: () => void }) {
  const remove = useDeleteSchedule();
  const send = (): void => {
    remove.mutate(id, {
      onSuccess: () => {
        toast(t("schedules.deleted", { name }));
        onClose();
      },
    });
  };
  return (
    <Dialog alert isOpen onClose={onClose} title={t("schedules.delete", { name })} submit={{ label: t("action.delete"), look: "danger", run: send, busy: remove.isPending }}>
      <p>{t("schedules.delete.text")}</p>
      {problemsOf(remove.error).map((each) => (
        <ProblemNote key={each.code} problem={each} />
      ))}
    </Dialog>
  );
}
