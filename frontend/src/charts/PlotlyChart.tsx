/** One figure on the screen. React holds the frame; Plotly draws inside of it when the scheduler says so. */

import { useEffect, useRef, useState } from "react";
import { t, useLanguage } from "@/i18n/i18n";
import { useShownTheme } from "@/ui/theme";
import styles from "./Charts.module.css";
import { pointsOf, type Figure } from "./figure";
import { loadPlotly, type Plotly } from "./plotly";
import { scheduler } from "./scheduler";
import { styled, type Room } from "./style";
import { chartTheme } from "./theme";

export interface PlotlyChartProps extends Room {
  readonly figure: Figure;
  /** Said to those who do not see it. */
  readonly label: string;
  /** False: what is drawn stays as it is (far away, or in motion). */
  readonly live?: boolean;
  readonly name: string;
  readonly rev?: number;
}

interface Wish {
  readonly figure: Figure;
  readonly room: Room;
  readonly rev: number;
}

/** What one node on the page shows, and what it should show. Outside of React, because it lives in Plotly's time. */
class Drawing {
  wish: Wish | null = null;
  live = true;
  private seen = false;
  private drawn = false;
  private plotly: Plotly | null = null;
  private readonly node: HTMLElement;
  private readonly failed: (failed: boolean) => void;
  private readonly entry: ReturnType<typeof scheduler.add>;
  private readonly observer: IntersectionObserver;

  constructor(node: HTMLElement, failed: (failed: boolean) => void) {
    this.node = node;
    this.failed = failed;
    this.entry = scheduler.add({ draw: () => this.draw(), isSeen: () => this.seen && (this.live || !this.drawn) });
    this.observer = new IntersectionObserver((entries) => {
      this.seen = entries.at(-1)?.isIntersecting ?? false;
      if (this.seen) scheduler.look();
    });
    this.observer.observe(node);
  }

  ask(): void {
    this.entry.ask();
  }

  end(): void {
    this.observer.disconnect();
    this.entry.remove();
    this.wish = null;
    this.plotly?.purge(this.node);
  }

  private async draw(): Promise<void> {
    try {
      this.plotly ??= await loadPlotly();
      const { wish } = this;
      if (wish === null) return;
      const { data, layout, config } = styled(wish.figure, wish.room, chartTheme());
      await this.plotly.react(this.node, data, layout, config);
      this.drawn = true;
      // Said when it is on the page, not when it was asked for: tests and people measure by it.
      this.node.dataset.points = String(pointsOf(wish.figure));
      this.node.dataset.rev = String(wish.rev);
      this.failed(false);
    } catch {
      this.failed(true);
    }
  }
}

export function PlotlyChart({ figure, label, live = true, name, rev = 0, size, width, height, stale }: PlotlyChartProps) {
  useLanguage();
  const theme = useShownTheme();
  const host = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (host.current === null) return;
    const made = new Drawing(host.current, setFailed);
    drawing.current = made;
    return () => {
      drawing.current = null;
      made.end();
    };
  }, []);
  useEffect(() => {
    const held = drawing.current;
    if (held === null) return;
    held.wish = { figure, rev, room: { size, width, height, stale } };
    held.ask();
  }, [figure, rev, size, width, height, stale, theme]);
  useEffect(() => {
    if (drawing.current !== null) drawing.current.live = live;
    if (live) scheduler.look();
  }, [live]);
  return (
    <div className={styles.plot} style={{ width, height }} data-stale={stale || undefined}>
      <div ref={host} role={size === "page" ? "figure" : "img"} aria-label={label} data-testid="chart" data-chart-key={name} data-kind={String(figure.data[0]?.type ?? "")} className={styles.host} />
      {failed && <p className={styles.failed}>{t("charts.failed")}</p>}
    </div>
  );
}
