/** Looks for a text in a whole log while one types, and goes from one find to the next. */

import { useEffect, useState, useSyncExternalStore } from "react";
import { formatNumber, t } from "@/i18n/i18n";
import { MOST_MATCHES, searchLog, type Match } from "./logBook";
import type { ReadRange } from "@/api/ranges";

const PAUSE_MS = 250;

interface Search {
  readonly text: string;
  readonly matches: readonly Match[];
  /** Share of the log that was read; 1 when it is over. */
  readonly share: number;
  /** Which find is shown; -1 before the first. */
  readonly at: number;
}

export class LogSearch {
  private state: Search = { text: "", matches: [], share: 1, at: -1 };
  private readonly listeners = new Set<() => void>();
  private readonly read: ReadRange;
  private abort: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(read: ReadRange) {
    this.read = read;
  }

  getState = (): Search => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  stop = (): void => {
    clearTimeout(this.timer);
    this.abort?.abort();
  };

  setText = (text: string): void => {
    this.stop();
    this.set({ text, matches: [], share: text === "" ? 1 : 0, at: -1 });
    if (text !== "") this.timer = setTimeout(() => void this.look(text), PAUSE_MS);
  };

  /** The next find in a direction; null when there is none. */
  go = (by: 1 | -1): number | null => {
    const { matches, at } = this.state;
    if (matches.length === 0) return null;
    const next = at < 0 ? (by === 1 ? 0 : matches.length - 1) : (at + by + matches.length) % matches.length;
    this.set({ at: next });
    return matches[next]?.at ?? null;
  };

  private async look(text: string): Promise<void> {
    const abort = new AbortController();
    this.abort = abort;
    const told = (matches: readonly Match[], done: number, all: number): void => {
      if (!abort.signal.aborted) this.set({ matches, share: all === 0 ? 1 : done / all });
    };
    try {
      await searchLog(this.read, text, told, abort.signal);
    } catch {
      // What was found until then stays.
    }
    if (!abort.signal.aborted) this.set({ share: 1 });
  }

  private set(changes: Partial<Search>): void {
    this.state = { ...this.state, ...changes };
    for (const listener of this.listeners) listener();
  }
}

export function useLogSearch(read: ReadRange) {
  const [search] = useState(() => new LogSearch(read));
  const { text, matches, share, at } = useSyncExternalStore(search.subscribe, search.getState);
  useEffect(() => search.stop, [search]);
  return { text, setText: search.setText, go: search.go, count: matches.length, said: said(matches.length, at, share) };
}

function said(count: number, at: number, share: number): string {
  const most = count >= MOST_MATCHES ? `${formatNumber(MOST_MATCHES)}+` : formatNumber(count);
  if (share < 1) return t("log.searching", { share: formatNumber(share, { style: "percent" }) });
  if (count === 0) return t("log.notFound");
  return at < 0 ? t("log.found", { count: most }) : t("log.foundAt", { at: at + 1, count: most });
}
