/** The state of a step or a run: always a sign and a word beside the colour. */
import {
  AlertTriangle,
  Ban,
  Check,
  Circle,
  CircleDot,
  CirclePause,
  CircleSlash2,
  Clock,
  Hourglass,
  LoaderCircle,
  MessageCircleQuestion,
  Rocket,
  Square,
  TimerOff,
  type LucideIcon,
} from "lucide-react";
import { t, useLanguage } from "@/i18n/i18n";
import type { RunState, StepState } from "@/model/runReducer";
import { Badge, type Tone } from "./Badge";
import styles from "./StateChip.module.css";

interface Look {
  readonly icon: LucideIcon;
  readonly tone: Tone;
  readonly turns?: true;
}

const STEPS: Readonly<Record<StepState, Look>> = {
  init: { icon: Circle, tone: "idle" },
  wait_inputs: { icon: MessageCircleQuestion, tone: "warn" },
  pending: { icon: Clock, tone: "idle" },
  creating: { icon: Rocket, tone: "busy" },
  created: { icon: CircleDot, tone: "busy" },
  create_failed: { icon: Ban, tone: "bad" },
  running: { icon: LoaderCircle, tone: "busy", turns: true },
  stopping: { icon: Hourglass, tone: "warn" },
  stopped: { icon: Square, tone: "idle" },
  timeout: { icon: TimerOff, tone: "bad" },
  completed: { icon: Check, tone: "good" },
  failed: { icon: AlertTriangle, tone: "bad" },
  hold: { icon: CirclePause, tone: "warn" },
  skipped: { icon: CircleSlash2, tone: "idle" },
};

const RUNS: Readonly<Record<RunState, Look>> = {
  init: { icon: Circle, tone: "idle" },
  running: { icon: LoaderCircle, tone: "busy", turns: true },
  completed: { icon: Check, tone: "good" },
  stopped: { icon: Square, tone: "idle" },
  abnormal: { icon: AlertTriangle, tone: "bad" },
};

type Props = { readonly bare?: boolean; readonly note?: string } & (
  | { readonly step: StepState; readonly run?: undefined }
  | { readonly run: RunState; readonly step?: undefined }
);

export function StateChip({ bare = false, note, ...of }: Props) {
  useLanguage();
  const look = of.step === undefined ? RUNS[of.run] : STEPS[of.step];
  const word = of.step === undefined ? t(`run.${of.run}`) : t(`step.${of.step}`);
  const Icon = look.icon;
  return (
    <span data-state={of.step ?? of.run} className={styles.chip}>
      <Badge tone={look.tone} bare={bare} icon={<Icon size={13} strokeWidth={2.2} className={look.turns && styles.turning} aria-hidden="true" />}>
        {note ?? word}
        {note !== undefined && <span className={styles.unseen}> ({word})</span>}
      </Badge>
    </span>
  );
}

export function toneOf(state: StepState): Tone {
  return STEPS[state].tone;
}
