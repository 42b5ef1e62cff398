/** Placeholders, data or storages, one below the other: each folded to a line that says what it is. */

import { ChevronRight, GripVertical, Plus } from "lucide-react";
import { useRef, type ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components";
import { PlaceholderChip } from "@/forms/Chips";
import { useOnReveal } from "@/forms/Fold";
import { t } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import { Menu, type MenuAction } from "@/ui/Menu";
import styles from "./Placeholders.module.css";
import { useReorder, type Handle } from "./useReorder";

export interface Row {
  readonly key: string;
  /** Where others look for it, if not under its name. */
  readonly place?: string;
  readonly name: string;
  /** What is said of it while it is folded. */
  readonly note: string;
  readonly uses: number;
  /** Instead of how often it is used. */
  readonly said?: string;
  readonly wrong: boolean;
  readonly body: () => ReactNode;
}

interface ListProps {
  readonly label: string;
  readonly rows: readonly Row[];
  readonly open: string | null;
  readonly onOpen: (key: string | null) => void;
  readonly onMove: (key: string, to: number) => void;
  readonly empty: string;
  readonly add: { readonly label: string; readonly actions: readonly MenuAction[] };
  readonly readOnly: boolean;
  readonly chip?: boolean;
}

export function EntryList({ label, rows, open, onOpen, onMove, empty, add, readOnly, chip = true }: ListProps) {
  const reorder = useReorder(rows.length, (from, to) => {
    const row = rows[from];
    if (row !== undefined) onMove(row.key, to);
  });
  const button = (
    <Button small look="quiet" icon={<Plus size={14} />} className={styles.add ?? ""} data-testid={`add:${add.actions[0]?.id ?? ""}`} {...(add.actions.length === 1 && { onPress: () => add.actions[0]?.run?.() })}>
      {add.label}
    </Button>
  );
  return (
    <div className={styles.block}>
      {rows.length === 0 && <p className={styles.empty}>{empty}</p>}
      <ul className={styles.list} aria-label={label}>
        {rows.map((row, index) => (
          <EntryRow
            key={row.key}
            row={row}
            chip={chip}
            open={open === row.key}
            onOpen={(next) => {
              onOpen(next ? row.key : null);
            }}
            dragging={reorder.dragging === index}
            mark={reorder.dragging === null ? null : reorder.over === index ? "before" : reorder.over === rows.length && index === rows.length - 1 ? "after" : null}
            handle={readOnly || rows.length < 2 ? null : reorder.handle(index)}
          />
        ))}
      </ul>
      {!readOnly && <div>{add.actions.length === 1 ? button : <Menu label={add.label} trigger={button} groups={[{ id: "add", actions: add.actions }]} />}</div>}
    </div>
  );
}

interface RowProps {
  readonly row: Row;
  readonly chip: boolean;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly dragging: boolean;
  readonly mark: "before" | "after" | null;
  readonly handle: Handle | null;
}

function EntryRow({ row, chip, open, onOpen, dragging, mark, handle }: RowProps) {
  const root = useRef<HTMLLIElement>(null);
  useOnReveal(root, () => {
    onOpen(true);
  });
  return (
    <li ref={root} className={styles.row} data-pointer={`/placeholder/${row.place ?? row.name}`} data-testid={`entry:${row.name}`} data-open={open || undefined} data-dragging={dragging || undefined} data-mark={mark ?? undefined}>
      <div className={styles.line}>
        {handle !== null && (
          <button type="button" className={styles.handle} data-handle aria-label={t("placeholders.move", { name: row.name })} {...handle}>
            <GripVertical size={14} aria-hidden="true" />
          </button>
        )}
        <AriaButton
          className={styles.toggle ?? ""}
          aria-expanded={open}
          onPress={() => {
            onOpen(!open);
          }}
        >
          {chip ? <PlaceholderChip name={row.name} /> : <span className={styles.plain}>{row.name}</span>}
          <span className={styles.note}>{row.note}</span>
          {row.wrong && <span className={styles.dot} aria-label={t("placeholders.wrong")} role="img" />}
          <span className={styles.uses}>{row.said ?? (row.uses === 0 ? t("placeholders.unused") : t("placeholders.uses", { count: row.uses }))}</span>
          <ChevronRight size={14} className={styles.chevron} aria-hidden="true" />
        </AriaButton>
      </div>
      {open && <div className={styles.body}>{row.body()}</div>}
    </li>
  );
}
