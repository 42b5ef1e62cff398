/** How a plan is drawn before the run: sign, word and tone of each verdict. Filled signs are for what happened. */

import { CircleHelp, CircleSlash2, MessageCircleQuestion, Minus, Play, Recycle, ShieldX, type LucideIcon } from "lucide-react";
import { t } from "@/i18n/i18n";
import type { Tone } from "@/ui/Badge";
import { toneOf } from "@/ui/StateChip";
import { isPlanned, type PlannedState, type ShownState } from "./slots";

interface Look {
  readonly icon: LucideIcon;
  readonly tone: Tone;
}

export const PLAN_LOOKS: Readonly<Record<PlannedState, Look>> = {
  reuse: { icon: Recycle, tone: "reuse" },
  blocked: { icon: ShieldX, tone: "bad" },
  will_run: { icon: Play, tone: "good" },
  will_skip: { icon: CircleSlash2, tone: "idle" },
  will_ask: { icon: MessageCircleQuestion, tone: "warn" },
  undecided: { icon: CircleHelp, tone: "busy" },
  left_out: { icon: Minus, tone: "idle" },
};

export const shownTone = (state: ShownState): Tone => (isPlanned(state) ? PLAN_LOOKS[state].tone : toneOf(state));
export const shownWord = (state: ShownState): string => (isPlanned(state) ? t(`canvas.state.${state}`) : t(`step.${state}`));
