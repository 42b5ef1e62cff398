/** A metric as a table: what one-dimensional tables are, and the twin of every picture. */

import { t } from "@/i18n/i18n";
import type { MetricItem } from "@/model/metricsDelta";
import styles from "./Tables.module.css";
import { tableOf } from "./describe";

const MOST_ROWS = 500;
const MOST_COLUMNS = 100;

interface Props {
  readonly item: MetricItem;
  readonly small?: boolean;
  readonly stale?: boolean;
}

export function MetricTable({ item, small = false, stale = false }: Props) {
  const { head, rows, named } = tableOf(item);
  // A single row reads better as names and values, one below the other.
  if (item.type === "one-dimensional-table" && rows.length === 1) return <Pairs item={item} head={head} row={rows[0] as readonly string[]} small={small} stale={stale} />;
  const shown = rows.slice(0, MOST_ROWS);
  return (
    <div className={styles.tableFrame} data-stale={stale || undefined} data-points={points(rows)} data-testid="chart" data-chart-key={item.key} data-kind="table" tabIndex={small ? -1 : 0} role="group" aria-label={item.title || item.key}>
      <table className={styles.table} data-small={small || undefined}>
        <thead>
          <tr>
            {head.slice(0, MOST_COLUMNS).map((name, index) => (
              <th key={index} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, index) => (
            <tr key={index}>
              {row.slice(0, MOST_COLUMNS).map((cell, column) =>
                named && column === 0 ? (
                  <th key={column} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={column}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > MOST_ROWS && <p className={styles.more}>{t("charts.moreRows", { shown: MOST_ROWS, count: rows.length })}</p>}
    </div>
  );
}

const points = (rows: readonly (readonly string[])[]): number => rows.reduce((sum, row) => sum + row.length, 0);

interface PairsProps {
  readonly item: MetricItem;
  readonly head: readonly string[];
  readonly row: readonly string[];
  readonly small: boolean;
  readonly stale: boolean;
}

function Pairs({ item, head, row, small, stale }: PairsProps) {
  return (
    <dl className={styles.pairs} data-small={small || undefined} data-stale={stale || undefined} data-points={row.length} data-testid="chart" data-chart-key={item.key} data-kind="table">
      {head.map((name, index) => (
        <div key={index}>
          <dt>{name}</dt>
          <dd>{row[index]}</dd>
        </div>
      ))}
    </dl>
  );
}
