/** Amounts by name as bars: how many samples each class has. A bar may be cut into parts. */
import { useState } from "react";
import { formatNumber, t } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import styles from "./BarList.module.css";

export interface Bar {
  readonly id: string;
  readonly label: string;
  /** In the order of the legend. */
  readonly parts: readonly number[];
  /** Not a class: samples without one. */
  readonly faded?: boolean;
}

interface Props {
  readonly label: string;
  readonly bars: readonly Bar[];
  readonly legend?: readonly string[];
}

const FIRST = 24;
export const totalOf = (bar: Bar): number => bar.parts.reduce((sum, part) => sum + part, 0);

export function BarList({ label, bars, legend = [] }: Props) {
  const [all, setAll] = useState(false);
  const most = Math.max(1, ...bars.map(totalOf));
  const sum = Math.max(1, bars.reduce((total, bar) => total + totalOf(bar), 0));
  const shown = all ? bars : bars.slice(0, FIRST);
  return (
    <div className={styles.plot}>
      {legend.length > 1 && (
        <div className={styles.legend} aria-hidden="true">
          {legend.map((name, index) => (
            <span key={name} className={styles.entry}>
              <span className={styles.sign} style={{ background: colour(index) }} />
              {name}
            </span>
          ))}
        </div>
      )}
      <ul className={styles.bars} aria-label={label}>
        {shown.map((bar) => (
          <li key={bar.id} className={styles.bar} data-testid="bar" data-value={totalOf(bar)}>
            <span className={styles.label}>{bar.label}</span>
            <span className={styles.track} aria-hidden="true">
              {bar.parts.map((part, index) => (
                <span key={legend[index] ?? index} className={styles.part} style={{ width: `${String((part / most) * 100)}%`, background: bar.faded ? "var(--ink-off)" : colour(index) }} />
              ))}
            </span>
            <span className={styles.value}>{bar.parts.length > 1 ? bar.parts.map((part) => formatNumber(part)).join(" + ") : formatNumber(totalOf(bar))}</span>
            <span className={styles.share}>{formatNumber(totalOf(bar) / sum, { style: "percent", maximumFractionDigits: 1 })}</span>
          </li>
        ))}
      </ul>
      {bars.length > FIRST && (
        <Button
          small
          look="quiet"
          onPress={() => {
            setAll(!all);
          }}
        >
          {all ? t("assets.bars.fewer") : t("assets.bars.all", { count: bars.length })}
        </Button>
      )}
    </div>
  );
}

const colour = (index: number): string => `var(--chart-${String((index % 8) + 1)})`;
