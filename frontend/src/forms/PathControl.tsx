/** A path in a storage: typed, or found by looking. */

import { ChevronRight, File, Folder, FolderOpen, HardDrive } from "lucide-react";
import { useState } from "react";
import { Button as AriaButton, GridList, GridListItem, Input } from "react-aria-components";
import { ApiError } from "@/api/client";
import { formatBytes, t } from "@/i18n/i18n";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Dialog } from "@/ui/Dialog";
import { ErrorState, Loading, Skeleton } from "@/ui/States";
import { unsetText, type ControlProps } from "./control";
import styles from "./controls.module.css";
import browser from "./PathControl.module.css";
import { useFolder, useRoots, type Entry } from "./queries";
import { Clear } from "./TextControls";

interface PathProps extends ControlProps {
  /** A file is wanted; else a folder. null: either. */
  readonly file: boolean | null;
  /** Where looking begins when nothing is there yet. */
  readonly from?: string | undefined;
  /** What is chosen is written from this folder on, when it lies inside. */
  readonly relativeTo?: string | null | undefined;
}

export function PathControl({ label, value, onChange, onDone, fallback, clearable = true, invalid = false, disabled = false, describedBy, file, from, relativeTo = null }: PathProps) {
  const [open, setOpen] = useState(false);
  const text = typeof value === "string" ? value : "";
  const choose = (path: string): void => {
    setOpen(false);
    onChange(relativeTo !== null && path.startsWith(relativeTo) ? path.slice(relativeTo.length) : path);
    onDone?.();
  };
  return (
    <>
      <div className={styles.box} data-invalid={invalid || undefined}>
        <Input
          aria-label={label}
          aria-invalid={invalid || undefined}
          aria-describedby={describedBy}
          spellCheck={false}
          disabled={disabled}
          value={text}
          placeholder={value === "" ? t("form.emptyText") : unsetText(fallback)}
          className={classes(styles.input, styles.mono)}
          onChange={(event) => {
            onChange(event.target.value);
          }}
          {...(onDone && { onBlur: onDone })}
        />
        {clearable && value !== undefined && !disabled && (
          <Clear
            label={label}
            onPress={() => {
              onChange(undefined);
            }}
          />
        )}
        <AriaButton
          className={styles.small ?? ""}
          aria-label={t("form.path.browse", { field: label })}
          isDisabled={disabled}
          onPress={() => {
            setOpen(true);
          }}
        >
          <FolderOpen size={15} />
        </AriaButton>
      </div>
      {open && (
        <PathDialog
          file={file}
          start={folderOf(text.startsWith("/") || text === "" ? text || from || relativeTo || (typeof fallback === "string" ? fallback : "") : `${relativeTo ?? ""}${text}`)}
          onChoose={choose}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </>
  );
}

/** The folder that a path names or lies in; "" for the list of storages. */
export function folderOf(path: string): string {
  return path.startsWith("/") && path.length > 1 ? path.slice(0, path.lastIndexOf("/") + 1) : "";
}

interface DialogProps {
  readonly file: boolean | null;
  readonly start: string;
  readonly onChoose: (path: string) => void;
  readonly onClose: () => void;
}

function PathDialog({ file, start, onChoose, onClose }: DialogProps) {
  const [folder, setFolder] = useState(start === "/" ? "" : start);
  const title = file === true ? t("form.path.file") : file === false ? t("form.path.folder") : t("form.path.either");
  return (
    <Dialog
      isOpen
      wide
      onClose={onClose}
      title={title}
      {...(file !== true && {
        submit: {
          label: t("form.path.choose"),
          disabled: folder === "",
          run: () => {
            onChoose(folder);
          },
        },
      })}
    >
      <Crumbs folder={folder} onOpen={setFolder} />
      {folder === "" ? <Roots onOpen={setFolder} /> : <Entries folder={folder} file={file} onOpen={setFolder} onChoose={onChoose} />}
    </Dialog>
  );
}

function Crumbs({ folder, onOpen }: { readonly folder: string; readonly onOpen: (folder: string) => void }) {
  const parts = folder.split("/").filter(Boolean);
  return (
    <nav className={browser.crumbs} aria-label={t("form.path.where")}>
      <Button
        small
        look="quiet"
        icon={<HardDrive size={14} />}
        onPress={() => {
          onOpen("");
        }}
      >
        {t("form.path.storages")}
      </Button>
      {parts.map((part, index) => (
        <span key={parts.slice(0, index + 1).join("/")} className={browser.crumb}>
          <ChevronRight size={13} aria-hidden="true" />
          <Button
            small
            look="quiet"
            onPress={() => {
              onOpen(`/${parts.slice(0, index + 1).join("/")}/`);
            }}
          >
            {part}
          </Button>
        </span>
      ))}
    </nav>
  );
}

function Roots({ onOpen }: { readonly onOpen: (folder: string) => void }) {
  const roots = useRoots();
  if (roots.error instanceof ApiError) return <ErrorState problem={roots.error.problem} onRetry={() => void roots.refetch()} />;
  if (roots.data === undefined) return <Waiting />;
  return (
    <GridList aria-label={t("form.path.storages")} className={browser.list ?? ""} onAction={(key) => { onOpen(String(key)); }}>
      {roots.data.items.map((root) => (
        <GridListItem key={root.path} id={root.path} textValue={root.name} className={browser.item ?? ""}>
          <HardDrive size={15} aria-hidden="true" />
          <span className={browser.name}>{root.name}</span>
          {root.read_only && <span className={browser.note}>{t("form.path.readOnly")}</span>}
        </GridListItem>
      ))}
    </GridList>
  );
}

interface EntriesProps {
  readonly folder: string;
  readonly file: boolean | null;
  readonly onOpen: (folder: string) => void;
  readonly onChoose: (path: string) => void;
}

function Entries({ folder, file, onOpen, onChoose }: EntriesProps) {
  const pages = useFolder(folder);
  if (pages.error instanceof ApiError) return <ErrorState problem={pages.error.problem} onRetry={() => void pages.refetch()} />;
  if (pages.data === undefined) return <Waiting />;
  const entries = pages.data.pages.flatMap((page) => page.items);
  const act = (entry: Entry | undefined): void => {
    if (entry?.kind === "directory") onOpen(entry.path);
    else if (entry?.kind === "file" && file !== false) onChoose(entry.path);
  };
  return (
    <>
      <GridList
        aria-label={folder}
        className={browser.list ?? ""}
        disabledKeys={file === false ? entries.filter((entry) => entry.kind !== "directory").map((entry) => entry.path) : []}
        onAction={(key) => {
          act(entries.find((entry) => entry.path === key));
        }}
        renderEmptyState={() => <p className={browser.empty}>{t("form.path.empty")}</p>}
      >
        {entries.map((entry) => (
          <GridListItem key={entry.path} id={entry.path} textValue={entry.name} className={browser.item ?? ""}>
            {entry.kind === "directory" ? <Folder size={15} aria-hidden="true" /> : <File size={15} aria-hidden="true" />}
            <span className={browser.name}>{entry.name}</span>
            {entry.kind === "file" && <span className={browser.note}>{formatBytes(entry.size)}</span>}
          </GridListItem>
        ))}
      </GridList>
      {pages.hasNextPage && (
        <Button small isPending={pages.isFetchingNextPage} onPress={() => void pages.fetchNextPage()}>
          {t("form.path.more")}
        </Button>
      )}
    </>
  );
}

function Waiting() {
  return (
    <Loading>
      <div className={browser.waiting}>
        {["62%", "48%", "70%", "55%"].map((width) => (
          <Skeleton key={width} width={width} height={14} />
        ))}
      </div>
    </Loading>
  );
}
