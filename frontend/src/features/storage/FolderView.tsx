/** A folder as a table: sorted by a column, opened by Enter or a click, worked on by keys. */
import { ArrowDown, ArrowUp, Copy, Download, Ellipsis, Eye, File as FileIcon, FileImage, FileJson, FileSpreadsheet, FileText, Folder, FolderOpen, Pencil, Trash2, X } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { Cell, Column, Row, Table, TableBody, TableHeader, type Selection } from "react-aria-components";
import { copyText, download, fileHref } from "@/features/assets/wire";
import { shownAs, type Shown } from "@/features/files/content";
import { formatAgo, formatBytes, formatDate, formatNumber, t } from "@/i18n/i18n";
import { Button, IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { useNow } from "@/ui/clock";
import { Menu, type MenuGroup } from "@/ui/Menu";
import { navigate } from "@/ui/navigation";
import { EmptyState } from "@/ui/States";
import type { Entry, Sort, SortColumn } from "./entries";
import { handFocusOn, takeFocus } from "./focus";
import { parentOf, ROOTS, storageHref } from "./places";
import { Tick } from "./Tick";
import type { Question } from "./StoragePage";
import styles from "./FolderView.module.css";

const ROWS = 400;

interface Props {
  readonly path: string;
  readonly project: string | null;
  /** In the order of `sort`. */
  readonly entries: readonly Entry[];
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly opened: string | null;
  readonly writable: boolean;
  readonly more: (() => void) | null;
  readonly loadingMore: boolean;
  readonly ask: (question: Question) => void;
}

export function FolderView({ path, project, entries, sort, onSort, opened, writable, more, loadingMore, ask }: Props) {
  const [chosen, setChosen] = useState<Selection>(new Set());
  const [rows, setRows] = useState(ROWS);
  const frame = useRef<HTMLDivElement>(null);
  const now = useNow(60_000);
  const selected = chosen === "all" ? entries : entries.filter((entry) => chosen.has(entry.name));
  useEffect(() => {
    if (!takeFocus()) return;
    // The table draws its rows one turn later than itself.
    requestAnimationFrame(() => {
      const place = frame.current;
      (place?.querySelector<HTMLElement>('tbody [role="row"]') ?? place)?.focus();
    });
  }, []);
  const open = (entry: Entry) => {
    if (entry.kind === "directory") {
      handFocusOn(frame.current?.contains(document.activeElement) ?? false);
      navigate(storageHref({ path: entry.path, project }));
    } else if (entry.kind === "file") navigate(storageHref({ path, file: entry.name, project }));
  };
  const up = () => {
    handFocusOn(true);
    navigate(storageHref({ path: parentOf(path), project }));
  };
  const key = (event: KeyboardEvent) => {
    const focused = (event.target as HTMLElement).closest<HTMLElement>("[data-entry]")?.dataset.entry;
    const entry = entries.find((each) => each.name === focused);
    const acts: Readonly<Record<string, (() => void) | undefined>> = {
      Backspace: parentOf(path) === ROOTS ? undefined : up,
      F2: entry !== undefined && writable ? () => { ask({ kind: "rename", entry }); } : undefined,
      Delete: writable && (selected.length > 0 || entry !== undefined) ? () => { ask({ kind: "delete", entries: selected.length > 0 ? selected : [entry as Entry] }); } : undefined,
    };
    const act = acts[event.key];
    if (act === undefined || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  if (entries.length === 0) {
    return (
      <div ref={frame} tabIndex={-1} className={styles.frame} onKeyDownCapture={key}>
        <EmptyState icon={<FolderOpen size={22} />} title={t("storage.empty.title")}>
          {writable ? t("storage.empty.text") : t("storage.empty.readOnly")}
        </EmptyState>
      </div>
    );
  }
  return (
    <div ref={frame} className={styles.frame} onKeyDownCapture={key}>
      <div className={styles.scroll}>
        <Table
          aria-label={path}
          className={styles.table}
          selectionMode="multiple"
          selectionBehavior="toggle"
          selectedKeys={chosen}
          onSelectionChange={setChosen}
          onRowAction={(name) => {
            const entry = entries.find((each) => each.name === name);
            if (entry !== undefined) open(entry);
          }}
          sortDescriptor={sort}
          onSortChange={({ column, direction }) => {
            onSort({ column: column as SortColumn, direction: direction ?? "ascending" });
          }}
        >
          <TableHeader>
            <Column className={styles.tickColumn}>
              <Tick label={t("storage.selectAll")} />
            </Column>
            <SortHead id="name" title={t("storage.name")} sort={sort} isRowHeader />
            <SortHead id="size" title={t("storage.size")} sort={sort} width="110px" end />
            <SortHead id="modified" title={t("storage.modified")} sort={sort} width="150px" />
            <Column className={classes(styles.column, styles.menuColumn)}>
              <span className={styles.unseen}>{t("action.more")}</span>
            </Column>
          </TableHeader>
          <TableBody>
            {entries.slice(0, rows).map((entry) => (
              <Row key={entry.name} id={entry.name} textValue={entry.name} className={classes(styles.row, entry.name === opened && styles.opened)} data-entry={entry.name} data-testid="entry">
                <Cell className={styles.tickCell}>
                  <Tick label={t("storage.select", { name: entry.name })} />
                </Cell>
                <Cell className={styles.cell}>
                  <span className={styles.named}>
                    <EntryIcon entry={entry} />
                    <span className={styles.name}>{entry.name}</span>
                  </span>
                </Cell>
                <Cell className={classes(styles.cell, styles.end, styles.soft)}>{entry.kind === "file" ? formatBytes(entry.size) : "–"}</Cell>
                <Cell className={classes(styles.cell, styles.soft)}>
                  <time dateTime={entry.modified} title={formatDate(entry.modified)}>
                    {formatAgo(entry.modified, now)}
                  </time>
                </Cell>
                <Cell className={classes(styles.cell, styles.end)}>
                  <Actions entry={entry} project={project} writable={writable} open={open} ask={ask} />
                </Cell>
              </Row>
            ))}
          </TableBody>
        </Table>
        {(entries.length > rows || more !== null) && (
          <div className={styles.more}>
            <Button
              isPending={loadingMore}
              onPress={() => {
                setRows(rows + ROWS * 2);
                if (entries.length <= rows + ROWS) more?.();
              }}
            >
              {t("assets.more")}
            </Button>
          </div>
        )}
      </div>
      <footer className={styles.foot}>
        {selected.length > 0 ? (
          <>
            <span role="status" data-testid="selected">{t("storage.selected", { count: selected.length })}</span>
            <Button small look="danger" icon={<Trash2 size={13} />} isDisabled={!writable} onPress={() => { ask({ kind: "delete", entries: selected }); }}>
              {t("action.delete")}
            </Button>
            <Button small icon={<Copy size={13} />} onPress={() => void copyText(selected.map((entry) => entry.path).join("\n"))}>
              {t("storage.copyPaths")}
            </Button>
            <Button small look="quiet" icon={<X size={13} />} onPress={() => { setChosen(new Set()); }}>
              {t("action.clear")}
            </Button>
          </>
        ) : (
          <>
            <span role="status">{more === null ? t("storage.count", { count: entries.length }) : t("storage.countMore", { count: formatNumber(entries.length) })}</span>
            {entries.some((entry) => entry.kind === "file") && <span>{formatBytes(entries.reduce((sum, entry) => sum + entry.size, 0))}</span>}
            <span className={styles.path}>
              <code>{path}</code>
              <IconButton small label={t("assets.copyPath")} icon={<Copy size={13} />} onPress={() => void copyText(path)} />
            </span>
          </>
        )}
      </footer>
    </div>
  );
}

interface HeadProps {
  readonly id: SortColumn;
  readonly title: string;
  readonly sort: Sort;
  readonly width?: string;
  readonly end?: boolean;
  readonly isRowHeader?: boolean;
}

function SortHead({ id, title, sort, width, end = false, isRowHeader = false }: HeadProps) {
  const Arrow = sort.direction === "ascending" ? ArrowUp : ArrowDown;
  return (
    <Column id={id} allowsSorting isRowHeader={isRowHeader} className={classes(styles.column, end && styles.end)} style={{ width }}>
      <span className={classes(styles.sortable, end && styles.mirrored)}>
        {title}
        <Arrow size={13} className={sort.column === id ? styles.arrow : styles.noArrow} aria-hidden="true" />
      </span>
    </Column>
  );
}

const ICONS: Readonly<Record<Shown, typeof FileIcon>> = { image: FileImage, svg: FileImage, table: FileSpreadsheet, lines: FileJson, json: FileJson, text: FileText };

function EntryIcon({ entry }: { readonly entry: Entry }) {
  if (entry.kind === "directory") return <Folder size={17} className={styles.folder} aria-label={t("storage.kind.directory")} />;
  const Icon = entry.kind === "file" ? ICONS[shownAs(entry.name)] : FileIcon;
  return <Icon size={17} className={styles.file} aria-label={t(`storage.kind.${entry.kind}`)} />;
}

interface ActionsProps {
  readonly entry: Entry;
  readonly project: string | null;
  readonly writable: boolean;
  readonly open: (entry: Entry) => void;
  readonly ask: (question: Question) => void;
}

function Actions({ entry, project, writable, open, ask }: ActionsProps) {
  const label = t("action.more.for", { name: entry.name });
  const isFile = entry.kind === "file";
  const groups: readonly MenuGroup[] = [
    {
      id: "look",
      actions: [
        { id: "open", label: isFile ? t("storage.preview") : t("action.open"), icon: isFile ? <Eye size={15} /> : <FolderOpen size={15} />, keys: "Enter", disabled: entry.kind === "other", run: () => { open(entry); } },
        ...(isFile ? [{ id: "download", label: t("assets.download"), icon: <Download size={15} />, run: () => { download(fileHref(entry.path, project), entry.name); } }] : []),
        { id: "copy", label: t("assets.copyPath"), icon: <Copy size={15} />, run: () => void copyText(entry.path) },
      ],
    },
    {
      id: "change",
      actions: [
        { id: "rename", label: t("action.rename"), icon: <Pencil size={15} />, keys: "F2", disabled: !writable, run: () => { ask({ kind: "rename", entry }); } },
        { id: "delete", label: t("action.delete"), icon: <Trash2 size={15} />, keys: "Delete", danger: true, disabled: !writable, run: () => { ask({ kind: "delete", entries: [entry] }); } },
      ],
    },
  ];
  return <Menu label={label} align="end" trigger={<IconButton small label={label} icon={<Ellipsis size={16} />} />} groups={groups} />;
}
