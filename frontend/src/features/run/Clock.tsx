/** Times that count while something goes on, and stand when nobody is heard. */

import { useNow } from "@/ui/clock";
import styles from "./Run.module.css";
import { useFollowing, type RunSession } from "./session";
import { clockText, here, knownUntil, secondsOf } from "./words";

interface Props {
  readonly session: RunSession;
  /** Without one: the run as a whole. */
  readonly step?: string;
}

export function Clock({ session, step }: Props) {
  const now = useNow(1_000);
  const following = useFollowing(session, (state) => state);
  const { view, link } = following;
  if (view === null) return null;
  const of = step === undefined ? runTimes(view.run) : view.steps[step];
  const seconds = of === undefined ? null : step === undefined ? runSeconds(view.run, now, following) : secondsOf(of as Parameters<typeof secondsOf>[0], now, following);
  if (seconds === null) return null;
  return (
    <span className={styles.clock} data-testid={step === undefined ? "run-clock" : "step-clock"} data-standing={link === "stale" || undefined}>
      {clockText(seconds)}
    </span>
  );
}

interface Span {
  readonly started_at?: string | null;
  readonly finished_at?: string | null;
}

const runTimes = (run: Span): Span => run;

export function runSeconds({ started_at: start = null, finished_at: end = null }: Span, now: number, times: Parameters<typeof here>[1] & Parameters<typeof knownUntil>[1]): number | null {
  if (start === null) return null;
  if (end !== null) return Math.max(0, (Date.parse(end) - Date.parse(start)) / 1_000);
  return Math.max(0, Math.floor((knownUntil(now, times) - here(start, times)) / 1_000));
}
