/** The bell of a step or of a workflow: who is told what, in a popover that edits the rows. */

import { BellPlus, BellRing, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { Dialog, DialogTrigger, Heading, Popover } from "react-aria-components";
import { problemOf } from "@/features/assets/wire";
import { useMay, useProjectOfWorkflow } from "@/features/people/roles";
import { t, useLanguage } from "@/i18n/i18n";
import { Button, IconButton } from "@/ui/Button";
import { Select, Switch } from "@/ui/Field";
import { Loading, ProblemNote, Skeleton } from "@/ui/States";
import { EventBoxes } from "./EventBoxes";
import { NewTopic } from "./NewTopic";
import styles from "./Subscribe.module.css";
import { useRowDeeds, useRows, useTopics, type NoticeEvent, type Subscription } from "./queries";

interface Props {
  readonly workflow: string;
  /** Null: the bell of the whole workflow, which shows the rows of all steps. */
  readonly step: StepRef | null;
  /** A step's name as people know it. */
  readonly titleOf: (step: string) => string;
  /** For the bell of the workflow: what a row may be about, besides the whole. */
  readonly steps?: readonly Target[];
  readonly small?: boolean;
}

interface StepRef {
  readonly id: string;
  readonly name: string;
  readonly title: string;
}

/** A row stays with its step when that is renamed, also before the new name is stored. */
const isOf = (row: Subscription, step: StepRef): boolean => (row.step_id === "" ? row.step === step.name : row.step_id === step.id);

interface Target {
  readonly id: string;
  readonly label: string;
}

export function SubscribeBell({ workflow, step, titleOf, steps = [], small = false }: Props) {
  useLanguage();
  const rows = useRows(workflow);
  const own = (rows.data?.items ?? []).filter((row) => step === null || isOf(row, step));
  const ringing = own.length > 0 && rows.data?.enabled === true;
  const label = step === null ? t("subscribe.workflow") : t("subscribe.step", { step: step.title });
  return (
    <DialogTrigger>
      <IconButton
        small={small}
        label={label}
        data-testid={step === null ? "workflow-bell" : "step-bell"}
        data-rings={ringing || undefined}
        icon={ringing ? <BellRing size={small ? 15 : 16} className={styles.rings} /> : <BellPlus size={small ? 15 : 16} />}
      />
      <Popover className={styles.popover ?? ""} offset={8} placement={step === null ? "bottom end" : "bottom start"}>
        <Dialog className={styles.dialog ?? ""} aria-label={label} data-testid="subscribe">
          <Heading slot="title" className={styles.title}>
            {label}
          </Heading>
          {rows.isPending && (
            <Loading>
              <Skeleton height={60} />
            </Loading>
          )}
          {rows.isError && rows.data === undefined && <ProblemNote problem={problemOf(rows.error)} />}
          {rows.data !== undefined && <Rows workflow={workflow} step={step} enabled={rows.data.enabled} rows={own} all={rows.data.items} titleOf={titleOf} steps={steps} />}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

interface RowsProps {
  readonly workflow: string;
  readonly step: StepRef | null;
  readonly enabled: boolean;
  readonly rows: readonly Subscription[];
  readonly all: readonly Subscription[];
  readonly titleOf: (step: string) => string;
  readonly steps: readonly Target[];
}

function Rows({ workflow, step, enabled, rows, all, titleOf, steps }: RowsProps) {
  const deeds = useRowDeeds(workflow);
  // What is everybody's needs somebody who runs things; what is one's own does not.
  const operates = useMay(useProjectOfWorkflow(workflow), "operator");
  const change = (row: Subscription, events: readonly NoticeEvent[]): void => {
    if (events.length === 0) deeds.drop.mutate(row.id);
    else deeds.change.mutate({ id: row.id, events });
  };
  const elsewhere = step === null ? 0 : all.filter((row) => row.step === null).length;
  return (
    <>
      <div className={styles.switch} data-testid="subscribe-switch">
        <Switch isSelected={enabled} isDisabled={!operates} onChange={(on) => { deeds.turn.mutate(on); }}>
          {t("subscribe.switch")}
        </Switch>
      </div>
      {!operates && <p className={styles.none} data-testid="subscribe-why">{t("subscribe.viewer")}</p>}
      {rows.length === 0 && <p className={styles.none}>{t(step === null ? "subscribe.none.workflow" : "subscribe.none.step")}</p>}
      <ul className={styles.rows} aria-label={t("subscribe.rows")}>
        {rows.map((row) => (
          <li key={row.id} className={styles.row} data-testid="subscription" data-step={row.step ?? ""}>
            <span className={styles.who}>
              <b>{row.topic?.name ?? t("subscribe.me")}</b>
              {step === null && <small>{row.step === null ? t("subscribe.whole") : titleOf(row.step)}</small>}
            </span>
            <EventBoxes events={row.events} onChange={(events) => { change(row, events); }} disabled={!enabled || (row.topic !== null && !operates)} about={row.topic?.name ?? t("subscribe.me")} />
            {(row.topic === null || operates) && <IconButton small label={t("subscribe.remove")} icon={<Trash2 size={14} />} onPress={() => { deeds.drop.mutate(row.id); }} />}
          </li>
        ))}
      </ul>
      {elsewhere > 0 && <p className={styles.none}>{t("subscribe.also", { count: elsewhere })}</p>}
      <AddRow key={rows.length} workflow={workflow} step={step?.name ?? null} taken={rows} steps={steps} operates={operates} />
    </>
  );
}

const ME = "me";
const NEW = "new";
const WHOLE = "";

interface AddProps {
  readonly workflow: string;
  readonly step: string | null;
  readonly taken: readonly Subscription[];
  readonly steps: readonly Target[];
  readonly operates: boolean;
}

function AddRow({ workflow, step: fixed, taken, steps, operates }: AddProps) {
  const [target, setTarget] = useState(WHOLE);
  const step = fixed ?? (target === WHOLE ? null : target);
  const topics = useTopics(useProjectOfWorkflow(workflow));
  const deeds = useRowDeeds(workflow);
  const used = new Set(taken.filter((row) => fixed !== null || row.step === step).map((row) => row.topic?.id ?? ME));
  const choices = [{ id: ME, label: t("subscribe.me") }, ...(operates ? (topics.data?.items ?? []) : []).map((topic) => ({ id: topic.id, label: topic.name }))].filter((each) => !used.has(each.id));
  const [chosen, setChosen] = useState<string | null>(null);
  const [events, setEvents] = useState<readonly NoticeEvent[]>(["waiting", "abnormal"]);
  const who = choices.some((each) => each.id === chosen) || chosen === NEW ? (chosen ?? NEW) : (choices[0]?.id ?? NEW);
  if (who === NEW && !operates) return null;
  if (who === NEW) return <NewTopic workflow={workflow} onMade={(topic) => { setChosen(topic.id); }} onCancel={choices.length === 0 ? undefined : () => { setChosen(null); }} />;
  return (
    <div className={styles.add}>
      {fixed === null && steps.length > 0 && (
        <Select label={t("subscribe.what")} small value={target} choices={[{ id: WHOLE, label: t("subscribe.whole") }, ...steps]} onChange={setTarget} className={styles.what ?? ""} data-testid="subscribe-what" />
      )}
      <Select label={t("subscribe.who")} small value={who} choices={operates ? [...choices, { id: NEW, label: t("topics.new") }] : choices} onChange={setChosen} className={styles.target ?? ""} data-testid="subscribe-who" />
      <EventBoxes events={events} onChange={setEvents} about={t("subscribe.add")} />
      <Button
        small
        look="primary"
        icon={<Plus size={14} />}
        isDisabled={events.length === 0}
        isPending={deeds.add.isPending}
        data-testid="subscribe-add"
        onPress={() => { deeds.add.mutate({ step, topic: who === ME ? null : who, events }); }}
      >
        {t("subscribe.add")}
      </Button>
    </div>
  );
}
