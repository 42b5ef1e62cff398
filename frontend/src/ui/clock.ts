/** The time as something to render: one timer for all, and none while nobody looks. */
import { useSyncExternalStore } from "react";

type Tick = 1_000 | 60_000;
const listeners = new Map<Tick, Set<() => void>>();
const timers = new Map<Tick, ReturnType<typeof setInterval>>();

function subscribeTo(tick: Tick) {
  return (listener: () => void): (() => void) => {
    const held = listeners.get(tick) ?? new Set();
    listeners.set(tick, held.add(listener));
    if (!timers.has(tick)) {
      timers.set(
        tick,
        setInterval(() => {
          for (const each of held) each();
        }, tick),
      );
    }
    return () => {
      held.delete(listener);
      if (held.size > 0) return;
      clearInterval(timers.get(tick));
      timers.delete(tick);
    };
  };
}

const subscribes = { 1_000: subscribeTo(1_000), 60_000: subscribeTo(60_000) };

/** Milliseconds, in whole ticks: every second for clocks, every minute for "3 hours ago". */
export function useNow(tick: Tick): number {
  return useSyncExternalStore(subscribes[tick], () => Math.ceil(Date.now() / tick) * tick);
}
