/** The questions of the storage: a new folder, another name, really delete. */
import { useState } from "react";
import { problemOf } from "@/features/assets/wire";
import { t } from "@/i18n/i18n";
import { Dialog } from "@/ui/Dialog";
import { TextField } from "@/ui/Field";
import { navigate } from "@/ui/navigation";
import { ProblemNote } from "@/ui/States";
import { toast } from "@/ui/Toast";
import type { Entry } from "./entries";
import { below, nameFault, renamed, storageHref } from "./places";
import { useMakeFolders, useMove, useRemove } from "./queries";
import styles from "./StoragePage.module.css";

interface Props {
  readonly project: string | null;
  readonly onClose: () => void;
}

/** Said while typing, but an empty field is no mistake yet. */
function faultOf(name: string): string | null {
  const fault = nameFault(name);
  return fault === null || fault === "empty" ? null : t(`storage.fault.${fault}`);
}

export function NewFolderDialog({ folder, project, onClose }: Props & { readonly folder: string }) {
  const [name, setName] = useState("");
  const make = useMakeFolders(project);
  const wanted = name.trim();
  const submit = () => {
    make.mutate([below(folder, `${wanted}/`)], {
      onSuccess: () => {
        toast(t("storage.folderMade", { name: wanted }), {
          label: t("action.open"),
          run: () => {
            navigate(storageHref({ path: below(folder, `${wanted}/`), project }));
          },
        });
        onClose();
      },
    });
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("storage.newFolder")} submit={{ label: t("action.create"), run: submit, busy: make.isPending, disabled: nameFault(wanted) !== null }}>
      {make.isError && <ProblemNote problem={problemOf(make.error)} />}
      <TextField autoFocus isRequired label={t("storage.name")} help={t("storage.newFolder.in", { folder })} value={name} onChange={setName} error={faultOf(wanted)} data-testid="name" />
    </Dialog>
  );
}

export function RenameDialog({ entry, project, onClose }: Props & { readonly entry: Entry }) {
  const [name, setName] = useState(entry.name);
  const move = useMove(project);
  const submit = () => {
    move.mutate(
      { from: entry.path, to: renamed(entry.path, name) },
      {
        onSuccess: () => {
          toast(t("storage.renamed", { name }));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("storage.rename", { name: entry.name })} submit={{ label: t("action.rename"), run: submit, busy: move.isPending, disabled: nameFault(name) !== null || name === entry.name }}>
      {move.isError && <ProblemNote problem={problemOf(move.error)} />}
      <TextField autoFocus isRequired label={t("storage.name")} help={t("storage.rename.help")} value={name} onChange={setName} error={faultOf(name)} data-testid="name" />
    </Dialog>
  );
}

const NAMED = 8;

export function DeleteDialog({ entries, project, onClose }: Props & { readonly entries: readonly Entry[] }) {
  const remove = useRemove(project);
  const folders = entries.filter((entry) => entry.kind === "directory").length;
  const [only] = entries;
  const submit = () => {
    remove.mutate(
      entries.map((entry) => entry.path),
      {
        onSuccess: () => {
          toast(t("storage.deleted", { count: entries.length, name: only?.name ?? "" }));
          onClose();
        },
      },
    );
  };
  const title = entries.length === 1 ? t("storage.delete.one", { name: only?.name ?? "" }) : t("storage.delete.many", { count: entries.length });
  return (
    <Dialog alert isOpen onClose={onClose} title={title} submit={{ label: t("action.delete"), look: "danger", run: submit, busy: remove.isPending }}>
      {remove.isError && <ProblemNote problem={problemOf(remove.error)} />}
      {entries.length > 1 && (
        <ul className={styles.doomed}>
          {entries.slice(0, NAMED).map((entry) => (
            <li key={entry.path}>{entry.kind === "directory" ? `${entry.name}/` : entry.name}</li>
          ))}
          {entries.length > NAMED && <li>{t("assets.json.more", { count: entries.length - NAMED })}</li>}
        </ul>
      )}
      <p>{folders > 0 ? t("storage.delete.folder") : t("storage.delete.file")}</p>
    </Dialog>
  );
}
