/** The files of the storages. Which folder and which file are shown is said by the address. */
import { useQueryClient } from "@tanstack/react-query";
import { ChevronRight, FolderPlus, FolderUp, HardDrive, Upload } from "lucide-react";
import { Fragment, useEffect, useState, useSyncExternalStore } from "react";
import { DropZone, FileTrigger } from "react-aria-components";
import { keys } from "@/api/keys";
import { complain, problemOf } from "@/features/assets/wire";
import { RowsLoading } from "@/features/assets/AssetList";
import { useProject } from "@/features/people/current";
import { RoleNote } from "@/features/people/RoleNote";
import { t, useLanguage } from "@/i18n/i18n";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Link, navigate, useSearchParams } from "@/ui/navigation";
import { EmptyState, ErrorState } from "@/ui/States";
import { Splitter } from "@/ui/Splitter";
import { chosenFiles, droppedFiles, type Dropped } from "./collect";
import { DeleteDialog, NewFolderDialog, RenameDialog } from "./dialogs";
import { FIRST_SORT, sorted, type Entry, type Sort } from "./entries";
import { FilePanel } from "./FilePanel";
import { FolderView } from "./FolderView";
import { addressOf, crumbsOf, ROOTS, storageHref } from "./places";
import { useEntries, useMakeFolders, useMe, useStorages } from "./queries";
import styles from "./StoragePage.module.css";
import { sendFile } from "./transport";
import { UploadList } from "./UploadList";
import { Uploads } from "./uploads";

/** Goes on while other pages are shown. */
const uploads = new Uploads(sendFile);

export type Question = { readonly kind: "folder" } | { readonly kind: "rename"; readonly entry: Entry } | { readonly kind: "delete"; readonly entries: readonly Entry[] };

export function StoragePage() {
  useLanguage();
  const address = addressOf(useSearchParams());
  const { current } = useProject();
  const project = address.project ?? (current === undefined || current.personal ? null : current.project);
  const storages = useStorages(project);
  const me = useMe();
  const roots = storages.data?.items ?? [];
  // With one storage only, there is nothing to choose.
  const path = address.path ?? (roots.length === 1 ? (roots[0]?.path ?? null) : ROOTS);
  const inside = path !== null && path !== ROOTS;
  const root = roots.find((each) => path?.startsWith(each.path));
  const role = me.data?.projects.find((each) => (project === null ? each.personal : each.project === project))?.role;
  const writable = inside && root !== undefined && !root.read_only && role !== "viewer" && role !== "operator";
  const [sort, setSort] = useState<Sort>(FIRST_SORT);
  const folder = useEntries(inside ? path : null, project, sort);
  const [question, setQuestion] = useState<Question | null>(null);
  const view = useSyncExternalStore(uploads.subscribe, uploads.current);
  useFreshFolders(view.arrived);
  useLeaveGuard();
  const entries = folder.data?.pages.flatMap((page) => page.items) ?? [];
  const open = address.file === null ? undefined : entries.find((entry) => entry.name === address.file);
  const close = () => {
    setQuestion(null);
  };
  const makeFolders = useMakeFolders(project);
  const take = ({ files, empty }: Dropped) => {
    uploads.add(files);
    if (empty.length > 0) makeFolders.mutate(empty, { onError: complain });
  };
  const main = (
    <DropZone
      aria-label={t("storage.dropHere")}
      isDisabled={!writable}
      className={styles.drop}
      getDropOperation={() => "copy"}
      onDrop={(event) => {
        if (path !== null) void droppedFiles(event.items, path, project).then(take, complain);
      }}
    >
      {({ isDropTarget }) => (
        <>
          {isDropTarget && <div className={styles.dropping}>{t("storage.dropInto", { folder: path ?? "" })}</div>}
          {(storages.isPending || (inside && folder.isPending)) && <RowsLoading rows={[30, 42, 26, 38, 34, 22]} />}
          {storages.isError && storages.data === undefined && <ErrorState problem={problemOf(storages.error)} onRetry={() => { void storages.refetch(); if (inside) void folder.refetch(); }} />}
          {inside && !storages.isError && folder.isError && folder.data === undefined && <ErrorState problem={problemOf(folder.error)} onRetry={() => void folder.refetch()} />}
          {storages.isSuccess && !inside && <RootList roots={roots} project={project} />}
          {folder.data !== undefined && inside && (
            <FolderView
              key={path}
              path={path}
              project={project}
              entries={folder.hasNextPage ? entries : sorted(entries, sort)}
              sort={sort}
              onSort={setSort}
              opened={open?.name ?? null}
              writable={writable}
              more={folder.hasNextPage ? () => void folder.fetchNextPage() : null}
              loadingMore={folder.isFetchingNextPage}
              ask={setQuestion}
            />
          )}
        </>
      )}
    </DropZone>
  );
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <h1 className={styles.title}>{t("storage.title")}</h1>
        <Crumbs path={inside ? path : ROOTS} project={project} />
        {root?.read_only === true && inside && <Badge>{t("storage.readOnly")}</Badge>}
        <div className={styles.actions}>
          <RoleNote project={project} needed="author" />
          <Button
            icon={<FolderPlus size={15} />}
            isDisabled={!writable}
            onPress={() => {
              setQuestion({ kind: "folder" });
            }}
          >
            {t("storage.newFolder")}
          </Button>
          <FileTrigger acceptDirectory onSelect={(files) => { if (files !== null && path !== null) uploads.add(chosenFiles(files, path, project)); }}>
            <Button icon={<FolderUp size={15} />} isDisabled={!writable}>
              {t("storage.uploadFolder")}
            </Button>
          </FileTrigger>
          <FileTrigger allowsMultiple onSelect={(files) => { if (files !== null && path !== null) uploads.add(chosenFiles(files, path, project)); }}>
            <Button look="primary" icon={<Upload size={15} />} isDisabled={!writable}>
              {t("storage.upload")}
            </Button>
          </FileTrigger>
        </div>
      </header>
      <div className={styles.body}>
        {open !== undefined && open.kind === "file" && inside ? (
          <Splitter
            sized="end"
            initial={440}
            min={300}
            max={760}
            remember="storage"
            start={main}
            end={
              <FilePanel
                key={`${open.path} ${open.modified}`}
                entry={open}
                project={project}
                onClose={() => {
                  navigate(storageHref({ path, project }));
                }}
              />
            }
          />
        ) : (
          main
        )}
      </div>
      <UploadList uploads={uploads} items={view.items} />
      {question?.kind === "folder" && inside && <NewFolderDialog folder={path} project={project} onClose={close} />}
      {question?.kind === "rename" && <RenameDialog entry={question.entry} project={project} onClose={close} />}
      {question?.kind === "delete" && <DeleteDialog entries={question.entries} project={project} onClose={close} />}
    </div>
  );
}

function Crumbs({ path, project }: { readonly path: string; readonly project: string | null }) {
  const crumbs = crumbsOf(path);
  return (
    <nav aria-label={t("storage.crumbs")} className={styles.crumbs}>
      <ol>
        <li>
          <Link href={storageHref({ path: ROOTS, project })} aria-label={t("storage.all")} {...(crumbs.length === 0 && { "aria-current": "page" as const })}>
            <HardDrive size={15} />
          </Link>
        </li>
        {crumbs.map((crumb, index) => (
          <Fragment key={crumb.path}>
            <li aria-hidden="true" className={styles.sep}>
              <ChevronRight size={13} />
            </li>
            <li className={styles.crumb}>
              {index === crumbs.length - 1 ? (
                <span aria-current="page" className={styles.here}>
                  {crumb.name}
                </span>
              ) : (
                <Link href={storageHref({ path: crumb.path, project })}>{crumb.name}</Link>
              )}
            </li>
          </Fragment>
        ))}
      </ol>
    </nav>
  );
}

function RootList({ roots, project }: { readonly roots: readonly { readonly name: string; readonly path: string; readonly read_only: boolean }[]; readonly project: string | null }) {
  if (roots.length === 0) {
    return (
      <EmptyState icon={<HardDrive size={22} />} title={t("storage.noRoots.title")}>
        {t("storage.noRoots.text")}
      </EmptyState>
    );
  }
  return (
    <ul className={styles.roots} aria-label={t("storage.all")}>
      {roots.map((root) => (
        <li key={root.name}>
          <Link href={storageHref({ path: root.path, project })} className={styles.root}>
            <HardDrive size={18} aria-hidden="true" />
            <span className={styles.rootName}>{root.name}</span>
            <code>{root.path}</code>
            {root.read_only && <Badge>{t("storage.readOnly")}</Badge>}
          </Link>
        </li>
      ))}
    </ul>
  );
}

const LOOK_AGAIN_MS = 500;

/** What has arrived shows up, but a thousand files are not a thousand questions. */
function useFreshFolders(arrived: number): void {
  const client = useQueryClient();
  useEffect(() => {
    if (arrived === 0) return;
    const timer = setTimeout(() => void client.invalidateQueries({ queryKey: keys.storage }), LOOK_AGAIN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [arrived, client]);
}

/** Closing the tab would stop what is on its way; the browser asks. */
function useLeaveGuard(): void {
  useEffect(() => {
    const guard = (event: BeforeUnloadEvent) => {
      if (uploads.unfinished().length > 0) event.preventDefault();
    };
    // Stays for good: uploads outlive this page.
    window.addEventListener("beforeunload", guard);
    return () => {
      if (uploads.unfinished().length === 0) window.removeEventListener("beforeunload", guard);
    };
  }, []);
}
