/** Rows of things: sortable by nobody (the server orders), every row opens something. */
import type { ReactNode } from "react";
import { Cell, Column, Row, Table as AriaTable, TableBody, TableHeader } from "react-aria-components";
import { classes } from "./classes";
import styles from "./Table.module.css";

export interface ColumnSpec<Item> {
  readonly id: string;
  readonly title: string;
  /** CSS width; the others share what is left. */
  readonly width?: string;
  readonly align?: "start" | "end";
  /** Read aloud, not shown. */
  readonly titleHidden?: boolean;
  readonly cell: (item: Item) => ReactNode;
}

interface Props<Item> {
  readonly label: string;
  readonly columns: readonly ColumnSpec<Item>[];
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  readonly textOf: (item: Item) => string;
  readonly hrefOf?: (item: Item) => string;
}

export function Table<Item>({ label, columns, items, keyOf, textOf, hrefOf }: Props<Item>) {
  return (
    <AriaTable aria-label={label} className={styles.table}>
      <TableHeader className={styles.head}>
        {columns.map((column, index) => (
          <Column key={column.id} id={column.id} isRowHeader={index === 0} className={classes(styles.column, column.align === "end" && styles.end)} style={{ width: column.width }}>
            <span className={column.titleHidden ? styles.unseen : undefined}>{column.title}</span>
          </Column>
        ))}
      </TableHeader>
      <TableBody>
        {items.map((item) => (
          <Row key={keyOf(item)} id={keyOf(item)} textValue={textOf(item)} {...(hrefOf !== undefined && { href: hrefOf(item) })} className={styles.row} data-testid="row">
            {columns.map((column) => (
              <Cell key={column.id} className={classes(styles.cell, column.align === "end" && styles.end)}>
                {column.cell(item)}
              </Cell>
            ))}
          </Row>
        ))}
      </TableBody>
    </AriaTable>
  );
}
