/** When each step waited and ran, on one scale. */

import { formatDate, t, useLanguage } from "@/i18n/i18n";
import { shownTitle, stepByName } from "@/model/document";
import { RUN_TERMINAL, type RunView } from "@/model/runReducer";
import { useNow } from "@/ui/clock";
import { EmptyState } from "@/ui/States";
import { StateChip } from "@/ui/StateChip";
import { useRun } from "./context";
import styles from "./Timeline.module.css";
import { useFollowing, type RunSession } from "./session";
import { lastSeconds, spansOf, type Span } from "./spans";
import { clockText, knownUntil, type Times } from "./words";

interface Scale {
  /** Server's time, in milliseconds. */
  readonly start: number;
  readonly end: number;
}

export function Timeline({ session, onSelect, selected }: { readonly session: RunSession; readonly onSelect: (step: string) => void; readonly selected: string | null }) {
  useLanguage();
  const document = useRun()?.document ?? null;
  const following = useFollowing(session, (state) => state);
  const now = useNow(1_000);
  const { view } = following;
  if (view === null) return null;
  const scale = scaleOf(view, now, following);
  if (scale === null) return <EmptyState title={t("timeline.empty")}>{t("timeline.empty.text")}</EmptyState>;
  const ticks = ticksOf((scale.end - scale.start) / 1_000);
  return (
    <div className={styles.timeline} data-testid="timeline">
      <div className={styles.legend}>
        <span data-part="asked">{t("timeline.asked")}</span>
        <span data-part="wait">{t("timeline.waited")}</span>
        <span data-part="run">{t("timeline.ran")}</span>
        <span className={styles.from}>{t("timeline.from", { time: formatDate(new Date(scale.start), { dateStyle: "medium", timeStyle: "medium" }) })}</span>
      </div>
      <div className={styles.grid}>
        <div className={styles.axis}>
          {ticks.map((seconds) => (
            <span key={seconds} style={{ left: `${String((seconds * 1_000 * 100) / (scale.end - scale.start))}%` }}>
              {seconds === 0 ? "0" : clockText(seconds)}
            </span>
          ))}
        </div>
        {Object.entries(view.steps).map(([name, step]) => {
          const definition = document === null ? undefined : stepByName(document, name);
          const spans = spansOf(step, knownUntil(now, following) + following.clockOffset);
          return (
            <button key={name} type="button" className={styles.row} data-step={name} data-state={step.state} data-selected={selected === name || undefined} onClick={() => { onSelect(name); }}>
              <span className={styles.name}>
                <span className={styles.title}>{definition === undefined ? name : shownTitle(definition)}</span>
                <StateChip bare step={step.state} />
              </span>
              <span className={styles.lane}>
                {ticks.map((seconds) => (
                  <i key={seconds} className={styles.tick} style={{ left: `${String((seconds * 1_000 * 100) / (scale.end - scale.start))}%` }} />
                ))}
                <Bars spans={spans} scale={scale} />
              </span>
              <span className={styles.took} data-last={spans.at(-1)?.part}>{clockText(lastSeconds(spans))}</span>
            </button>
          );
        })}
      </div>
    </div>
  );
}

function Bars({ spans, scale }: { readonly spans: readonly Span[]; readonly scale: Scale }) {
  return spans.map(({ part, from, to }) => (
    <i key={part} className={styles.bar} data-part={part} style={{ left: `${String(share(from, scale))}%`, width: `${String(Math.max(0, share(to, scale) - share(from, scale)))}%` }} />
  ));
}

const share = (at: number, { start, end }: Scale): number => Math.max(0, Math.min(100, ((at - start) * 100) / (end - start)));

/** From the run's beginning to its end, or to now. */
function scaleOf(view: RunView, now: number, times: Times): Scale | null {
  const { started_at: start = null, finished_at: finished = null } = view.run;
  if (start === null) return null;
  const end = finished !== null && RUN_TERMINAL.has(view.run.state) ? Date.parse(finished) : knownUntil(now, times) + times.clockOffset;
  const from = Date.parse(start);
  return { start: from, end: Math.max(end, from + 1_000) };
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400, 172_800, 604_800];
const MOST_TICKS = 6;

/** Round times, a handful of them. */
export function ticksOf(seconds: number): readonly number[] {
  const step = STEPS.find((each) => seconds / each <= MOST_TICKS) ?? seconds;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step).filter((each) => each <= seconds * 0.97);
}
