/** A schedule is made of what the run form holds, or changed later. */
import { useState } from "react";
import { useReleases } from "@/features/runform/queries";
import { problemsOf } from "@/features/people/queries";
import { useMe } from "@/features/people/roles";
import { formatJson, t, useLanguage } from "@/i18n/i18n";
import type { Json, JsonObject } from "@/model/json";
import { problem, problemsAt, type Problem } from "@/model/problems";
import { Dialog } from "@/ui/Dialog";
import { Select, TextField } from "@/ui/Field";
import { navigate } from "@/ui/navigation";
import { ProblemNote } from "@/ui/States";
import { toast } from "@/ui/Toast";
import { cronOf, FIRST, whenOf, type When } from "./cron";
import { useChangeSchedule, useMakeSchedule, usePreview, type Given } from "./queries";
import { useSettled } from "@/features/runform/settled";
import styles from "./Schedules.module.css";
import { NextTimes, sentence, WhenFields } from "./WhenFields";
import type { Schedule, Settings } from "./wire";
import { HERE, isZone, sayWhen } from "./words";

const LONGEST = 100;
const FIELDS = ["/name", "/cron", "/timezone"];
const NOTHING: Partial<Settings> = {};

interface FormProps {
  readonly title: string;
  readonly label: string;
  readonly workflow: string;
  readonly before?: Partial<Settings>;
  readonly given: Given;
  readonly busy: boolean;
  readonly problems: readonly Problem[];
  readonly onSend: (settings: Settings) => void;
  readonly onClose: () => void;
  /** Somebody else, in whose name it ran until now. */
  readonly owner?: string | null | undefined;
}

function ScheduleForm({ title, label, workflow, owner, before = NOTHING, given, busy, problems, onSend, onClose }: FormProps) {
  useLanguage();
  const [typed, setTyped] = useState(before.name ?? null);
  const [when, setWhen] = useState<When>(() => (before.cron === undefined ? FIRST : whenOf(before.cron)));
  const [zone, setZone] = useState(before.timezone ?? HERE);
  const [running, setRunning] = useState(before.on_running ?? "cancel");
  const [failure, setFailure] = useState(before.on_failure ?? "ignore");
  const [sent, setSent] = useState<string | null>(null);
  const releases = useReleases(workflow).data;
  const cron = cronOf(when);
  // Until somebody names it, it is called after its times.
  const name = typed ?? (cron === null ? "" : (sayWhen(cron) ?? cron));
  const known = isZone(zone.trim());
  const asked = useSettled(cron === null || !known ? null : `${cron}\n${zone.trim()}`);
  const [askedCron, askedZone] = asked === null ? [null, zone] : (asked.split("\n") as [string, string]);
  const preview = usePreview(askedCron, askedZone);
  // What was refused is said until something else is asked for.
  const said = sent === asked && sent !== null ? problems : problems.filter((each) => each.path === "/name");
  const doubts = [...said, ...problemsOf(preview.error)];
  const cronWrong = problemsAt(doubts, "/cron")[0] ?? null;
  const zoneWrong = !known ? t("schedules.zone.none") : problemsAt(doubts, "/timezone").map(sentence)[0] ?? null;
  const nameWrong = problemsAt(doubts, "/name").map(sentence)[0] ?? null;
  const elsewhere = said.filter((each) => !FIELDS.some((place) => each.path === place));
  const ready = cron !== null && known && name.trim() !== "" && !preview.isError && releases?.length !== 0;
  const send = (): void => {
    if (cron === null) return;
    setSent(asked);
    onSend({ name: name.trim(), cron, timezone: zone.trim(), on_running: running, on_failure: failure });
  };
  return (
    <Dialog isOpen wide onClose={onClose} title={title} submit={{ label, run: send, busy, disabled: !ready }}>
      {elsewhere.map((each) => (
        <ProblemNote key={each.code + each.path} problem={each} />
      ))}
      <Release releases={releases} />
      {owner && <p className={styles.note}>{t("schedules.owner", { name: owner })}</p>}
      <TextField isRequired label={t("schedules.name")} value={name} onChange={setTyped} error={nameWrong} maxLength={LONGEST} data-testid="schedule-name" />
      <WhenFields when={when} onWhen={(changes) => { setWhen((held) => ({ ...held, ...changes })); }} zone={zone} onZone={setZone} wrong={cronWrong} zoneWrong={zoneWrong} />
      <NextTimes times={cron === null || preview.isError ? null : preview.data?.next} zone={askedZone} problem={when.every === "own" && cronWrong !== null ? null : (problemsOf(preview.error)[0] ?? null)} />
      <div className={styles.pair}>
        <Select
          label={t("schedules.running")}
          value={running}
          onChange={(id) => { setRunning(id as Settings["on_running"]); }}
          choices={(["cancel", "start"] as const).map((id) => ({ id, label: t(`schedules.running.${id}`) }))}
          data-testid="schedule-running"
        />
        <Select
          label={t("schedules.failure")}
          value={failure}
          onChange={(id) => { setFailure(id as Settings["on_failure"]); }}
          choices={(["ignore", "retry"] as const).map((id) => ({ id, label: t(`schedules.failure.${id}`) }))}
          data-testid="schedule-failure"
        />
      </div>
      <WhatRuns given={given} />
    </Dialog>
  );
}

/** Drafts never run by themselves: who has not released anything yet is told here, not at night. */
function Release({ releases }: { readonly releases: ReturnType<typeof useReleases>["data"] }) {
  if (releases === undefined) return null;
  const [newest] = releases;
  if (newest !== undefined) return <p className={styles.note}>{t("schedules.release.newest", { name: newest.name || t("runform.release", { number: newest.number }) })}</p>;
  return <ProblemNote problem={{ ...problem("client.nothing_released", t("schedules.release.none"), t("schedules.release.none.hint")), severity: "warning" }} />;
}

function WhatRuns({ given: { values, scene } }: { readonly given: Given }) {
  const entries = Object.entries(values);
  return (
    <div className={styles.given} data-testid="schedule-values">
      <p>
        {scene !== null && `${t("schedules.of.scene", { scene })} `}
        {t("schedules.with", { count: entries.length })}
      </p>
      {entries.length > 0 && (
        <dl className={styles.values}>
          {entries.map(([key, value]) => (
            <div key={key}>
              <dt>{key}</dt>
              <dd>{formatJson(value as Json)}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

interface NewProps {
  readonly workflow: { readonly id: string; readonly name: string };
  readonly given: Given;
  readonly onClose: () => void;
}

export function NewSchedule({ workflow, given, onClose }: NewProps) {
  const make = useMakeSchedule(workflow.id);
  const send = (settings: Settings): void => {
    make.mutate(
      { ...settings, ...given },
      {
        onSuccess: (made) => {
          toast(t("schedules.made", { name: made.name }), { label: t("schedules.show"), run: () => { navigate(`/schedules?workflow=${workflow.id}`); } });
          onClose();
        },
      },
    );
  };
  return <ScheduleForm title={t("schedules.new", { name: workflow.name })} label={t("schedules.make")} workflow={workflow.id} given={given} busy={make.isPending} problems={problemsOf(make.error)} onSend={send} onClose={onClose} />;
}

export function EditSchedule({ schedule, onClose }: { readonly schedule: Schedule; readonly onClose: () => void }) {
  const change = useChangeSchedule();
  const me = useMe().data?.username;
  const send = (settings: Settings): void => {
    change.mutate(
      { id: schedule.id, ...settings },
      {
        onSuccess: (changed) => {
          toast(t("schedules.saved", { name: changed.name }));
          onClose();
        },
      },
    );
  };
  const given = { values: schedule.values as JsonObject, scene: schedule.scene };
  return <ScheduleForm title={t("schedules.edit", { name: schedule.name })} label={t("action.save")} workflow={schedule.workflow} before={schedule} owner={schedule.owner === me ? null : schedule.owner} given={given} busy={change.isPending} problems={problemsOf(change.error)} onSend={send} onClose={onClose} />;
}
