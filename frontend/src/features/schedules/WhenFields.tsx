/** When it is to start: chosen or written, and the next times that follow from it. */
import { CalendarClock } from "lucide-react";
import { sayProblem, t } from "@/i18n/i18n";
import type { Problem } from "@/model/problems";
import { NumberField, Select, TextField } from "@/ui/Field";
import { Loading, ProblemNote, Skeleton } from "@/ui/States";
import { EVERY, WEEKDAYS, type Every, type When, type Weekday } from "./cron";
import styles from "./Schedules.module.css";
import { sayHere, sayTime, weekdayName } from "./words";
import { ZoneField } from "./ZoneField";

const SHOWN = [1, 2, 3, 4, 5];
const SHORTEST_MONTH = 28;
/** All that they ask for stands in one row. */
const SHORT: ReadonlySet<Every> = new Set(["hour", "day", "weekday"]);

interface FieldsProps {
  readonly when: When;
  readonly onWhen: (changes: Partial<When>) => void;
  readonly zone: string;
  readonly onZone: (zone: string) => void;
  readonly wrong: Problem | null;
  readonly zoneWrong: string | null;
}

export function WhenFields({ when, onWhen, zone, onZone, wrong, zoneWrong }: FieldsProps) {
  const own = when.every === "own";
  return (
    <div className={styles.when} data-short={SHORT.has(when.every) || undefined}>
      <Select
        label={t("schedules.every")}
        value={when.every}
        onChange={(every) => { onWhen({ every: every as Every }); }}
        choices={EVERY.map((id) => ({ id, label: t(`schedules.every.${id}`) }))}
        data-testid="schedule-every"
      />
      {when.every === "hour" && <NumberField integer label={t("schedules.minute")} value={when.minute} onChange={(minute) => { onWhen({ minute }); }} minValue={0} maxValue={59} />}
      {when.every === "week" && (
        <Select
          label={t("schedules.weekday")}
          value={when.weekday}
          onChange={(weekday) => { onWhen({ weekday: weekday as Weekday }); }}
          choices={WEEKDAYS.map((id) => ({ id, label: weekdayName(id) }))}
        />
      )}
      {when.every === "month" && (
        <NumberField
          integer
          label={t("schedules.day")}
          value={when.day}
          onChange={(day) => { onWhen({ day }); }}
          minValue={1}
          maxValue={31}
          help={when.day !== null && when.day > SHORTEST_MONTH ? t("schedules.day.short") : undefined}
        />
      )}
      {!own && when.every !== "hour" && <TextField type="time" label={t("schedules.at")} value={when.time} onChange={(time) => { onWhen({ time }); }} data-testid="schedule-time" />}
      <ZoneField value={zone} onChange={onZone} error={zoneWrong} />
      {own && (
        <TextField
          mono
          isRequired
          label={t("schedules.cron")}
          value={when.own}
          onChange={(text) => { onWhen({ own: text }); }}
          help={t("schedules.cron.help")}
          error={wrong === null ? null : sentence(wrong)}
          className={styles.whole ?? ""}
          data-testid="schedule-cron"
        />
      )}
    </div>
  );
}

export function sentence(problem: Problem): string {
  const { message, hint } = sayProblem(problem);
  return `${message} ${hint}`;
}

interface NextProps {
  /** undefined: not known yet; null: there are none. */
  readonly times: readonly string[] | null | undefined;
  readonly zone: string;
  readonly problem: Problem | null;
}

export function NextTimes({ times, zone, problem }: NextProps) {
  return (
    <section className={styles.next} aria-label={t("schedules.next")} data-testid="schedule-next">
      <h3 className={styles.nextTitle}>
        <CalendarClock size={15} aria-hidden="true" /> {t("schedules.next")}
      </h3>
      {problem !== null ? (
        <ProblemNote problem={problem} />
      ) : times === null ? null : times === undefined ? (
        <Loading>
          <div className={styles.times}>
            {SHOWN.map((each) => (
              <Skeleton key={each} width="210px" height={20} />
            ))}
          </div>
        </Loading>
      ) : (
        <ol className={styles.times}>
          {times.map((at) => {
            const here = sayHere(at, zone);
            return (
              <li key={at}>
                <time dateTime={at}>{sayTime(at, zone)}</time>
                {here !== null && <span className={styles.soft}>{t("schedules.next.local", { at: here })}</span>}
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}
